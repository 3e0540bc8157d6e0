import type { SessionLocation } from '../../client/src/index.ts';
import { formatCountry, formatDuration, formatKilometers } from './format.ts';
import { language, texts } from './texts/texts.ts';
import type { LocationChange, NamedCount } from './wire.ts';

/** What has a location where it is known. */
export type Located = Readonly<{ location?: SessionLocation }>;

/** The name of the country. */
export const countryOf = ({ location }: Located): string => location ? formatCountry(location.country) : texts.unknown;

/** City, region and country, and the network, as far as they are known. */
export function formatLocation(of: Located): string {
  const { city, region, networkName } = of.location ?? {};
  const place = [city, region, countryOf(of)].filter(Boolean).join(', ');
  return networkName === undefined ? place : `${place} (${networkName})`;
}

/** `Germany to France, 880 km, within 1 hr`, as far as it is known. */
export const formatChange = ({ from, to, kilometers, elapsedSeconds }: LocationChange): string => [
  texts.move(from === undefined ? texts.unknown : formatCountry(from), formatCountry(to)),
  ...kilometers === undefined ? [] : [formatKilometers(kilometers)],
  ...elapsedSeconds === undefined ? [] : [texts.within(formatDuration(elapsedSeconds))],
].join(', ');

/**
 * How many are in each country, most first.
 * @param count How many a row stands for.
 */
export function countByCountry<Row extends Located>(rows: readonly Row[], count: (row: Row) => number = () => 1): NamedCount[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    counts.set(countryOf(row), (counts.get(countryOf(row)) ?? 0) + count(row));
  return [...counts].map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name, language));
}

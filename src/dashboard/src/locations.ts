import type { SessionLocation } from '../../client/src/index.ts';
import { formatCount, formatDuration } from './format.ts';
import type { LocationChange, NamedCount } from './wire.ts';

/** What has a location where it is known. */
export type Located = Readonly<{ location?: SessionLocation }>;

const names = new Intl.DisplayNames('en', { type: 'region' });

const unknown = 'Unknown';

const nameOf = (country: string): string => names.of(country) ?? country;

/** The name of the country. */
export const countryOf = ({ location }: Located): string => location ? nameOf(location.country) : unknown;

/** City, region and country, and the network, as far as they are known. */
export function formatLocation(of: Located): string {
  const { city, region, networkName } = of.location ?? {};
  const place = [city, region, countryOf(of)].filter(Boolean).join(', ');
  return networkName === undefined ? place : `${place} (${networkName})`;
}

/** `Germany to France, 880 km, within 1 h`, as far as it is known. */
export const formatChange = ({ from, to, kilometers, elapsedSeconds }: LocationChange): string => [
  `${from === undefined ? unknown : nameOf(from)} to ${nameOf(to)}`,
  ...kilometers === undefined ? [] : [`${formatCount(kilometers)} km`],
  ...elapsedSeconds === undefined ? [] : [`within ${formatDuration(elapsedSeconds)}`],
].join(', ');

/**
 * How many are in each country, most first.
 * @param count How many a row stands for.
 */
export function countByCountry<Row extends Located>(rows: readonly Row[], count: (row: Row) => number = () => 1): NamedCount[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    counts.set(countryOf(row), (counts.get(countryOf(row)) ?? 0) + count(row));
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en'));
}

import type { SessionLocation } from '../../client/src/index.ts';
import type { NamedCount } from './wire.ts';

/** What has a location where it is known. */
export type Located = Readonly<{ location?: SessionLocation }>;

const names = new Intl.DisplayNames('en', { type: 'region' });

export const unknown = 'Unknown';

/** The name of the country. */
export const countryOf = ({ location }: Located): string => location ? names.of(location.country) ?? location.country : unknown;

/** City, region and country, and the network, as far as they are known. */
export function formatLocation(of: Located): string {
  const { city, region, networkName } = of.location ?? {};
  const place = [city, region, countryOf(of)].filter(Boolean).join(', ');
  return networkName === undefined ? place : `${place} (${networkName})`;
}

/** How many are in each country, most first. */
export function countByCountry(rows: readonly Located[]): NamedCount[] {
  const counts = new Map<string, number>();
  for (const row of rows)
    counts.set(countryOf(row), (counts.get(countryOf(row)) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en'));
}

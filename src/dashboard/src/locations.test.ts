import { expect, test } from 'vitest';
import { countByCountry, formatChange, formatLocation } from './locations.ts';

test('a location is named as far as it is known', () => {
  expect(formatLocation({ location: { country: 'DE', region: 'Bavaria', city: 'Munich', networkName: 'Example AG' } })).toBe('Munich, Bavaria, Germany (Example AG)');
  expect(formatLocation({ location: { country: 'CH' } })).toBe('Switzerland');
  expect(formatLocation({ location: { country: 'ZZ' } })).toBe('Unknown Region');
  expect(formatLocation({})).toBe('Unknown');
});

test('rows are counted by country, most first, and those without a location, too', () => {
  const rows = ['FR', 'DE', 'FR', 'AT'].map(country => ({ location: { country } }));
  expect(countByCountry([...rows, {}])).toEqual([
    { name: 'France', count: 2 }, { name: 'Austria', count: 1 }, { name: 'Germany', count: 1 }, { name: 'Unknown', count: 1 },
  ]);
  expect(countByCountry([{ location: { country: 'DE' }, failedLogins: 5 }, { location: { country: 'DE' }, failedLogins: 2 }], row => row.failedLogins))
    .toEqual([{ name: 'Germany', count: 7 }]);
});

test.each([
  [{ from: 'DE', to: 'FR', kilometers: 1880, elapsedSeconds: 3600 }, 'Germany to France, 1,880 km, within 1 hr'],
  [{ from: 'DE', to: 'FR', elapsedSeconds: 90 }, 'Germany to France, within 1.5 min'],
  [{ to: 'FR' }, 'Unknown to France'],
])('a change of location is described as far as it is known: %o', (change, text) => {
  expect(formatChange(change)).toBe(text);
});

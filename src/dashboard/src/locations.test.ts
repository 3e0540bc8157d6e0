import { expect, test } from 'vitest';
import { countByCountry, formatLocation } from './locations.ts';

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
});

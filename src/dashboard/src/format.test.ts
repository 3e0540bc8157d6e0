import { expect, test } from 'vitest';
import { formatCount, formatDuration, formatTime, humanize, orNone } from './format.ts';

test('counts have thousands separators', () => {
  expect([0, 999, 1234567].map(formatCount)).toEqual(['0', '999', '1,234,567']);
});

test('times are in UTC, to the second', () => {
  expect(formatTime('2026-03-14T09:26:53.589Z')).toBe('2026-03-14 09:26:53');
  expect(formatTime('2026-03-14T23:30:00-02:00')).toBe('2026-03-15 01:30:00');
  expect(formatTime('whenever')).toBe('whenever');
});

test.each([[null, 'none'], [0, '0 s'], [59, '59 s'], [60, '1 min'], [5400, '1.5 h'], [86_399, '24 h'], [86_400, '1 d'], [7_776_000, '90 d']])(
  '%s seconds are %s', (seconds, shown) => {
    expect(formatDuration(seconds)).toBe(shown);
  });

test('names become words', () => {
  expect(humanize('expired_idle')).toBe('Expired idle');
});

test('an absent value is shown as none', () => {
  expect([null, undefined, '', 'x'].map(orNone)).toEqual(['none', 'none', 'none', 'x']);
});

import { expect, test } from 'vitest';
import { daysAfter, endOf, isUnfinished, periodError, lastDays, maxDays } from './period.ts';

const now = Date.parse('2026-03-01T00:30:00Z');

test('the last days end with today, by UTC', () => {
  expect(lastDays(1, now)).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(lastDays(30, now)).toEqual({ from: '2026-01-31', to: '2026-03-01' });
});

test('a period has at most the days that the service accepts', () => {
  expect(periodError(lastDays(maxDays, now))).toBeNull();
  expect(periodError(lastDays(maxDays + 1, now))).toBe('A period has at most 400 days.');
});

test.each([['', '2026-03-01', 'Enter both days.'], ['2026-03-01', '', 'Enter both days.'], ['2026-03-02', '2026-03-01', 'The first day is after the last.']])(
  'a period from "%s" to "%s" is invalid', (from, to, error) => {
    expect(periodError({ from, to })).toBe(error);
  });

test('a day is unfinished until its last hour is counted', () => {
  expect([null, '2026-03-01T23:00:00Z', '2026-03-02T00:00:00Z'].map(upTo => isUnfinished('2026-03-01', upTo))).toEqual([true, true, false]);
});

test('a period ends with its last day, or now', () => {
  expect([endOf({ from: '2026-02-01', to: '2026-02-28' }, now), endOf(lastDays(30, now), now)]).toEqual([Date.parse('2026-03-01T00:00:00Z'), now]);
});

test('the days after one are those that have begun', () => {
  expect(daysAfter('2026-02-27', now)).toEqual(['2026-02-28', '2026-03-01']);
  expect(daysAfter('2026-02-27', Date.parse('2026-03-01T00:00:00Z'))).toEqual(['2026-02-28']);
  expect(daysAfter('2026-03-01', now)).toEqual([]);
});

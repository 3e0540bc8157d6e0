import { expect, test } from 'vitest';
import { flawOf, lastDays, mostDays } from './days.ts';

const now = Date.parse('2026-03-01T00:30:00Z');

test('the last days end with today, by UTC', () => {
  expect(lastDays(1, now)).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(lastDays(30, now)).toEqual({ from: '2026-01-31', to: '2026-03-01' });
});

test('a period may be as long as the service takes, and no longer', () => {
  expect(flawOf(lastDays(mostDays, now))).toBeNull();
  expect(flawOf(lastDays(mostDays + 1, now))).toBe('A period has at most 400 days.');
});

test.each([['', '2026-03-01', 'Give both days.'], ['2026-03-01', '', 'Give both days.'], ['2026-03-02', '2026-03-01', 'The first day is after the last one.']])(
  'a period from "%s" to "%s" can\'t be', (from, to, flaw) => {
    expect(flawOf({ from, to })).toBe(flaw);
  });

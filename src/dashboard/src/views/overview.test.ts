import { beforeAll, expect, test } from 'vitest';
import { setFormats } from '../format.ts';
import { endOf, lastDays } from '../period.ts';
import { countedUntil, withUncounted } from './overview.ts';

beforeAll(() => setFormats(true));

const days = ['2026-03-13', '2026-03-14'].map(day => ({ day, logins: 5, failedLogins: 4, sessionsEnded: 3, sessionsActive: 2 }));

test.each([
  ['by day', '2026-03-15T06:00:00Z', '2026-03-15T06:20:00Z', 'Mar 15, 2026, 06:00:00 UTC; not yet counted: 06:00 UTC to now.'],
  ['after midnight', '2026-03-14T23:00:00Z', '2026-03-15T00:10:00Z', 'Mar 14, 2026, 23:00:00 UTC; not yet counted: 23:00 UTC to now.'],
  ['before the first hour', '2026-03-15T00:00:00Z', '2026-03-15T00:40:00Z', 'Mar 15, 2026, 00:00:00 UTC; not yet counted: 00:00 UTC to now.'],
])('what isn\'t counted yet is said %s', (_, upTo, at, text) => {
  const now = Date.parse(at);
  expect(countedUntil(upTo, lastDays(30, now), now)).toBe(`Counted until ${text}`);
});

test('a period that is over is counted until its end', () => {
  const [period, now] = [{ from: '2026-03-01', to: '2026-03-14' }, Date.parse('2026-03-15T00:10:00Z')];
  expect(countedUntil('2026-03-15T00:00:00Z', period, now)).toBe('Counted until Mar 15, 2026, 00:00:00 UTC.');
  expect(countedUntil('2026-03-14T23:00:00Z', period, now))
    .toBe('Counted until Mar 14, 2026, 23:00:00 UTC; not yet counted: 23:00 UTC to Mar 15, 2026, 00:00:00 UTC.');
});

test('a day of which nothing is counted yet is shown, too: today after midnight, and more if counting has stalled', () => {
  const today = Date.parse('2026-03-15T00:10:00Z');
  expect(withUncounted(days, today)).toEqual([...days, { day: '2026-03-15' }]);
  expect(withUncounted(days, Date.parse('2026-03-17T12:00:00Z')).map(({ day }) => day).slice(2)).toEqual(['2026-03-15', '2026-03-16', '2026-03-17']);
  expect(withUncounted(days, endOf({ from: '2026-03-13', to: '2026-03-14' }, today))).toEqual(days);
  expect(withUncounted([], today)).toEqual([]);
});

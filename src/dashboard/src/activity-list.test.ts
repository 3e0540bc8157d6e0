import { expect, test } from 'vitest';
import { countNew, emptyList, mostRows, withNewer, withOlder } from './activity-list.ts';
import type { Activities, Activity } from './wire.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 14, 9, minute)).toISOString();
const row = (minute: number): Activity => ({ id: `id-${minute}`, kind: 'login', at: at(minute), address: '203.0.113.7' });

/** A page with the rows of these minutes, which has looked back to another. */
const page = (minutes: readonly number[], readTo: number, next?: string): Activities =>
  ({ activities: minutes.map(row), readTo: at(readTo), ...next === undefined ? {} : { next } });

const minutesOf = ({ rows }: { rows: readonly Activity[] }): number[] => rows.map(each => new Date(each.at).getUTCMinutes());

test('older pages are added at the end, and say where the next begins', () => {
  const first = withOlder(emptyList, page([30, 20], 15, 'a'));
  expect(first).toMatchObject({ next: 'a', readTo: at(15) });
  const both = withOlder(first, page([10], 0));
  expect([minutesOf(both), both.next, both.readTo]).toEqual([[30, 20, 10], null, at(0)]);
});

test('of an end that two pages list, the earlier one counts', () => {
  const later = withOlder(emptyList, { ...page([30], 20, 'a'), activities: [{ ...row(30), id: 'end' }] });
  const both = withOlder(later, { ...page([10], 0), activities: [{ ...row(10), id: 'end' }] });
  expect(minutesOf(both)).toEqual([10]);
  expect(minutesOf(withNewer(both, { ...page([30], 0), activities: [{ ...row(30), id: 'end' }] }))).toEqual([10]);
});

test('what is new comes first, once, and the older pages stay', () => {
  const list = withOlder(emptyList, page([30, 20], 15, 'a'));
  const newer = withNewer(list, page([40, 30], 25, 'b'));
  expect([minutesOf(newer), newer.next, countNew(list, newer)]).toEqual([[40, 30, 20], 'a', 1]);
  expect(withNewer(newer, page([40, 30], 25, 'b')).rows).toEqual(newer.rows);
});

test('an entry that was written late is put where it belongs', () => {
  const list = withOlder(emptyList, page([30, 20], 15));
  expect(minutesOf(withNewer(list, page([30, 25, 20], 15)))).toEqual([30, 25, 20]);
});

test('a newest page that doesn\'t reach the list replaces it, so that nothing is left out in between', () => {
  const list = withOlder(emptyList, page([10, 5], 0, 'a'));
  const newer = withNewer(list, page([50, 40], 35, 'b'));
  expect([minutesOf(newer), newer.next, countNew(list, newer)]).toEqual([[50, 40], 'b', 2]);
});

test('a page without rows that looked back to the list reaches it', () => {
  const list = withOlder(emptyList, page([10], 0, 'a'));
  expect(withNewer(list, page([], 10, 'b'))).toEqual(list);
});

test('a list that is full has the newest, and offers no older page', () => {
  const many = { activities: Array.from({ length: mostRows }, (_, i) => ({ ...row(1), id: `${i}` })), readTo: at(0), next: 'a' };
  const full = withOlder(emptyList, many);
  expect([full.rows.length, full.next]).toEqual([mostRows, null]);
  const newer = withNewer(full, page([2], 0));
  expect([newer.rows.length, newer.rows[0]!.id]).toEqual([mostRows, 'id-2']);
});

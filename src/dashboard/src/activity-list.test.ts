import { describe, expect, test } from 'vitest';
import { countNew, createFeed, emptyList, mostRows, withNewer, withOlder } from './activity-list.ts';
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

test('a page without rows has no others before the list, however far it looked back', () => {
  const list = withOlder(emptyList, page([10, 5], 0, 'a'));
  expect(withNewer(list, page([], 20, 'b'))).toEqual(list);
});

test('the first page of a list may come from a look for news: after an outage', () => {
  const first = withNewer(emptyList, page([30, 20], 15, 'a'));
  expect([minutesOf(first), first.next, first.readTo]).toEqual([[30, 20], 'a', at(15)]);
});

test('a list that is full has the newest, and offers no older page', () => {
  const many = { activities: Array.from({ length: mostRows }, (_, i) => ({ ...row(1), id: `${i}` })), readTo: at(0), next: 'a' };
  const full = withOlder(emptyList, many);
  expect([full.rows.length, full.next]).toEqual([mostRows, null]);
  const newer = withNewer(full, page([2], 0));
  expect([newer.rows.length, newer.rows[0]!.id]).toEqual([mostRows, 'id-2']);
});

describe('a feed', () => {
  /** A feed whose reads are answered one by one, even if they were aborted. */
  function create() {
    const reads: { after: string | null; tag: string | null; answer: (page: Activities | null, tag?: string) => void }[] = [];
    const feed = createFeed((after, tag) => new Promise(resolve =>
      reads.push({ after, tag, answer: (body, next = '"1"') => resolve(body === null ? null : { body, tag: next }) })));
    const never = new AbortController();
    return { reads, feed, never };
  }

  test('reads older pages, and then what is new, with the tag of the newest page', async () => {
    const { reads, feed, never: { signal } } = create();
    const first = feed.older(signal);
    reads[0]!.answer(page([30, 20], 15, 'a'), '"1"');
    await first;
    const older = feed.older(signal);
    reads[1]!.answer(page([10], 0), '"of an older page"');
    expect(minutesOf(await older)).toEqual([30, 20, 10]);
    const same = feed.newer(signal);
    reads[2]!.answer(null);
    expect(await same).toBeNull();
    expect(feed.askedAt()).toBeGreaterThan(0);
    const newer = feed.newer(signal);
    reads[3]!.answer(page([40, 30], 25, 'b'), '"2"');
    expect(minutesOf((await newer)!)).toEqual([40, 30, 20, 10]);
    void feed.newer(signal);
    expect(reads.map(({ after, tag }) => [after, tag])).toEqual([[null, null], ['a', null], [null, '"1"'], [null, '"1"'], [null, '"2"']]);
  });

  test('takes no answer whose request was aborted: it may be older than the list', async () => {
    const { reads, feed, never } = create();
    const first = feed.older(never.signal);
    reads[0]!.answer(page([30, 20], 15, 'a'));
    await first;
    const [poll, more] = [new AbortController(), new AbortController()];
    const [newer, older] = [feed.newer(poll.signal), feed.older(more.signal)];
    poll.abort();
    more.abort();
    reads[1]!.answer(page([50, 40], 35, 'b'), '"2"');
    reads[2]!.answer(page([10], 0));
    await expect(newer).rejects.toThrow('aborted');
    await expect(older).rejects.toThrow('aborted');
    expect([minutesOf(feed.list()), feed.list().next]).toEqual([[30, 20], 'a']);
    void feed.newer(never.signal);
    expect(reads.at(-1)!.tag).toBe('"1"');
  });

  test('that couldn\'t read its first page shows it once a look for news succeeds, with what is older', async () => {
    const { reads, feed, never: { signal } } = create();
    const newer = feed.newer(signal);
    reads[0]!.answer(page([], 15, 'a'));
    expect(await newer).toMatchObject({ rows: [], next: 'a', readTo: at(15) });
  });
});

import type { Activities, Activity } from './wire.ts';

/** What the activity page shows, newest first. */
export interface ActivityList {
  readonly rows: readonly Activity[];
  /** The `after` of what is older; null where there is no more, or the list is full. */
  readonly next: string | null;
  /** How far back it goes. */
  readonly readTo: string | null;
}

export const emptyList: ActivityList = { rows: [], next: null, readTo: null };

/** The most rows that are shown: a page that stays open for days stays usable. */
export const mostRows = 1_000;

/** Adds an older page. Of an end that is listed twice the earlier one counts. */
export function withOlder({ rows }: ActivityList, { activities, next, readTo }: Activities): ActivityList {
  const added = new Set(activities.map(({ id }) => id));
  return bounded([...rows.filter(({ id }) => !added.has(id)), ...activities], next ?? null, readTo);
}

/** Adds what is new on the newest page. A page that doesn't reach the list replaces it: between them may be others. */
export function withNewer(list: ActivityList, page: Activities): ActivityList {
  const [newest] = list.rows;
  const known = new Set(list.rows.map(({ id }) => id));
  const reaches = page.next === undefined || newest === undefined || page.readTo <= newest.at || page.activities.some(({ id }) => known.has(id));
  if (!reaches)
    return withOlder(emptyList, page);
  const added = page.activities.filter(({ id }) => !known.has(id));
  // One that was written late stands before others that are known.
  const rows = [...added, ...list.rows].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return bounded(rows, list.next, list.readTo ?? page.readTo);
}

/** How many rows of a list aren't in the one before. */
export function countNew(before: ActivityList, { rows }: ActivityList): number {
  const known = new Set(before.rows.map(({ id }) => id));
  return rows.filter(({ id }) => !known.has(id)).length;
}

function bounded(rows: readonly Activity[], next: string | null, readTo: string | null): ActivityList {
  return rows.length < mostRows ? { rows, next, readTo } : { rows: rows.slice(0, mostRows), next: null, readTo: rows[mostRows - 1]!.at };
}

import type { Activities, Activity } from './wire.ts';

/** What the activity page shows, newest first. */
export interface ActivityList {
  readonly rows: readonly Activity[];
  /** The `after` of what is older; null where there is no more, or the list is full. */
  readonly next: string | null;
  /** How far back it goes; null before the first page. */
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

/** Adds what is new on the newest page. One that doesn't reach the list replaces it, as between them may be others; so does the first. */
export function withNewer(list: ActivityList, page: Activities): ActivityList {
  const [newest] = list.rows;
  const known = new Set(list.rows.map(({ id }) => id));
  const reaches = page.next === undefined || newest === undefined || page.readTo <= newest.at
    || page.activities.length === 0 || page.activities.some(({ id }) => known.has(id));
  if (list.readTo === null || !reaches)
    return withOlder(emptyList, page);
  const added = page.activities.filter(({ id }) => !known.has(id));
  // One that was written late stands before others that are known.
  const rows = [...added, ...list.rows].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return bounded(rows, list.next, list.readTo);
}

/** How many rows of a list aren't in the one before. */
export function countNew(before: ActivityList, { rows }: ActivityList): number {
  const known = new Set(before.rows.map(({ id }) => id));
  return rows.filter(({ id }) => !known.has(id)).length;
}

function bounded(rows: readonly Activity[], next: string | null, readTo: string | null): ActivityList {
  return rows.length < mostRows ? { rows, next, readTo } : { rows: rows.slice(0, mostRows), next: null, readTo: rows[mostRows - 1]!.at };
}

type Answer = Readonly<{ body: Activities; tag: string | null }>;

/** Reads a page; null if it still has the tag. */
export type ReadActivities = (after: string | null, tag: string | null, signal: AbortSignal) => Promise<Answer | null>;

/** Reads a list: what is older on demand, and what is new. Other filters are another feed, so that no answer gets into their list. */
export function createFeed(read: ReadActivities) {
  let list = emptyList;
  let tag: string | null = null;
  let askedAt = 0;
  return {
    list: () => list,
    /** When the newest page that came was asked for. */
    askedAt: () => askedAt,
    /** Reads the first page, or an older one. */
    async older(signal: AbortSignal): Promise<ActivityList> {
      const { next } = list;
      const now = Date.now();
      const answer = await read(next, null, signal);
      signal.throwIfAborted();
      if (next === null)
        [tag, askedAt] = [answer!.tag, now];
      return list = withOlder(list, answer!.body);
    },
    /** Reads the newest page; null if nothing is new. */
    async newer(signal: AbortSignal): Promise<ActivityList | null> {
      const now = Date.now();
      const answer = await read(null, tag, signal);
      signal.throwIfAborted();
      askedAt = now;
      if (answer === null)
        return null;
      const before = list;
      list = withNewer(before, answer.body);
      ({ tag } = answer);
      return before.readTo !== null && countNew(before, list) === 0 ? null : list;
    },
  };
}

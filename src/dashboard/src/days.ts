/** Days in UTC, written as `2026-03-14`. */

const dayInMilliseconds = 86_400_000;

/** The statistics routes take no more. */
export const mostDays = 400;

export interface Period {
  readonly from: string;
  readonly to: string;
}

export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** The last days, today included. */
export function lastDays(days: number, now: number): Period {
  return { from: dayOf(now - (days - 1) * dayInMilliseconds), to: dayOf(now) };
}

/** When a day begins, in Unix seconds. */
export function secondsOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

/** What is wrong with a period, or null. */
export function flawOf({ from, to }: Period): string | null {
  const [first, last] = [secondsOf(from), secondsOf(to)];
  if (Number.isNaN(first) || Number.isNaN(last))
    return 'Give both days.';
  if (first > last)
    return 'The first day is after the last one.';
  if ((last - first) * 1000 >= mostDays * dayInMilliseconds)
    return `A period has at most ${mostDays} days.`;
  return null;
}

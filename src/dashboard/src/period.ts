/** Days in UTC, such as `2026-03-14`. */

import { texts } from './texts/texts.ts';

const dayInMilliseconds = 86_400_000;

/** The limit of the statistics routes. */
export const maxDays = 400;

export type Period = Readonly<{ from: string; to: string }>;

export const toDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** The last days, including today. */
export function lastDays(days: number, now: number): Period {
  return { from: toDay(now - (days - 1) * dayInMilliseconds), to: toDay(now) };
}

const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** When a period ends, or now if it doesn't before: until then something may have been counted. */
export const endOf = ({ to }: Period, now: number): number => Math.min(now, startOf(to) + dayInMilliseconds);

/** The days after one, up to a time. */
export function daysAfter(day: string, end: number): string[] {
  const first = startOf(day) + dayInMilliseconds;
  return Array.from({ length: Math.max(0, Math.ceil((end - first) / dayInMilliseconds)) }, (_, i) => toDay(first + i * dayInMilliseconds));
}

/** Whether the day has hours that aren't counted yet; `upTo` is the end of the last counted one. */
export const isUnfinished = (day: string, upTo: string | null): boolean =>
  upTo === null || Date.parse(upTo) < startOf(day) + dayInMilliseconds;

/** Why a period is invalid, or null. */
export function periodError({ from, to }: Period): string | null {
  const [first, last] = [startOf(from), startOf(to)];
  if (Number.isNaN(first) || Number.isNaN(last))
    return texts.period.missing;
  if (first > last)
    return texts.period.reversed;
  return last - first >= maxDays * dayInMilliseconds ? texts.period.tooLong(maxDays) : null;
}

/** Days in UTC, such as `2026-03-14`. */

const dayInMilliseconds = 86_400_000;

/** The limit of the statistics routes. */
export const maxDays = 400;

export type Period = Readonly<{ from: string; to: string }>;

export const toDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** The last days, including today. */
export function lastDays(days: number, now: number): Period {
  return { from: toDay(now - (days - 1) * dayInMilliseconds), to: toDay(now) };
}

/** The start of a day, in Unix seconds. */
export function toUnixSeconds(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

/** Why a period is invalid, or null. */
export function periodError({ from, to }: Period): string | null {
  const [first, last] = [toUnixSeconds(from), toUnixSeconds(to)];
  if (Number.isNaN(first) || Number.isNaN(last))
    return 'Enter both days.';
  if (first > last)
    return 'The first day is after the last.';
  if ((last - first) * 1000 >= maxDays * dayInMilliseconds)
    return `A period has at most ${maxDays} days.`;
  return null;
}

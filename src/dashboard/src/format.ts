/** Formats numbers and times; times are in UTC. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const formatCount = (value: number): string => whole.format(value);

/** `2026-03-14T09:26:53.589Z` as `2026-03-14 09:26:53`. */
export function formatTime(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString().slice(0, 19).replace('T', ' ');
}

const units: readonly (readonly [seconds: number, name: string])[] = [[86_400, 'd'], [3_600, 'h'], [60, 'min']];

/** Seconds in the largest fitting unit: `59 s`, `1.5 h`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null)
    return 'none';
  const unit = units.find(([size]) => seconds >= size);
  return unit === undefined ? `${formatCount(seconds)} s` : `${tenth.format(seconds / unit[0])} ${unit[1]}`;
}

/** `expired_idle` as `Expired idle`. */
export const humanize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** `none` for an absent value. */
export const orNone = (text: string | null | undefined): string => text === null || text === undefined || text === '' ? 'none' : text;

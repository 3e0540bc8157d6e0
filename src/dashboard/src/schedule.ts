const [day, week] = [1_440, 10_080];
const twoMonths = 62 * day;
const year = 366 * day;

/**
 * The longest time between two runs of a timer, in seconds.
 * @param schedule NCRONTAB: second, which may be left out, minute, hour, day, month, weekday.
 */
export function longestPause(schedule: string): number {
  const [minute = '*', hour = '*', dayOfMonth, month, weekday] = schedule.trim().split(/\s+/).slice(-5);
  const times = expand(hour, 24).flatMap(hours => expand(minute, 60).map(minutes => hours * 60 + minutes));
  const pauses = times.map((time, i) => (times[i + 1] ?? times[0]! + day) - time);
  // Of days that are left out an upper limit is enough.
  return 60 * (month !== '*' ? year : dayOfMonth !== '*' ? twoMonths : weekday !== '*' ? week : Math.max(...pauses));
}

/** The values of a field below `size`: `*`, `5`, `1,2`, `1-5`, or one of these with a step, such as `0/15`. */
function expand(field: string, size: number): number[] {
  const values = field.split(',').flatMap(part => {
    const [range = '', step] = part.split('/');
    const [first = 0, last = step === undefined ? first : size - 1] = range === '*' ? [0, size - 1] : range.split('-').map(Number);
    return Array.from({ length: size }, (_, i) => i).filter(i => i >= first && i <= last && (i - first) % Number(step ?? 1) === 0);
  });
  return [...new Set(values)].toSorted((a, b) => a - b);
}

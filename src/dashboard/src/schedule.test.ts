import { expect, test } from 'vitest';
import { longestPause } from './schedule.ts';

const [minute, hour, day] = [60, 3_600, 86_400];

test.each<readonly [string, number]>([
  ['15 * * * * *', minute], ['* * * * *', minute], ['0 */15 * * * *', 15 * minute], ['0 5,20,35,50 * * * *', 15 * minute], ['0 40 * * * *', hour],
  ['0 50/5 * * * *', 55 * minute], ['0 0 */6 * * *', 6 * hour], ['0 0 8-18 * * *', 14 * hour], ['0 30 3 * * *', day], ['30 3,5 * * *', 22 * hour],
  ['0 0 3 * * MON', 7 * day], ['0 0 3 1 * *', 62 * day], ['0 0 3 1 JAN *', 366 * day],
])('%s has runs at most %d s apart', (schedule, seconds) => {
  expect(longestPause(schedule)).toBe(seconds);
});

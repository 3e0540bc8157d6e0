import { expect, test } from 'vitest';
// @ts-expect-error Vite imports it as text.
import operations from '../../../../docs/operations.md?raw';
// @ts-expect-error As well.
import alerts from '../../../../infra/modules/logalerts.bicep?raw';
import type { Health, TimerHealth } from '../wire.ts';
import { figuresOf, lateSeconds } from './health.ts';

const now = Date.parse('2026-03-14T09:26:53Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
const [minute, hour, day] = [60, 3_600, 86_400];

const outboxTimer: TimerHealth = { name: 'SendOutbox', lagSeconds: 0, schedule: '15 * * * * *', disabled: false, lastRunAt: ago(30) };
const rotation: TimerHealth = { name: 'RotateSigningKeys', lagSeconds: 0, schedule: '0 30 3 * * *', disabled: false, lastRunAt: ago(25 * hour) };
const healthy: Health = {
  at: ago(0),
  storage: { latencyMilliseconds: 4 },
  timers: [outboxTimer, { ...rotation, lagSeconds: null }],
  keys: { state: 'current', createdAt: ago(90 * day), kinds: [{ kind: 'signing', active: 'k1', nextRotationAt: ago(-day) }] },
  outbox: { waiting: 3, oldestSeconds: 60, complete: true, deadLetters: 0, deadLettersComplete: true },
  clientAddresses: 'known',
  unreadableRows: 0,
  passwordHashes: 'argon2id',
};

const bad = (health: Health): string[] => figuresOf(health).filter(({ isBad }) => isBad).map(({ name, value }) => `${name}: ${value}`);
const timer = (timers: Partial<TimerHealth>, changes: Partial<Health> = {}): string[] =>
  bad({ ...healthy, ...changes, timers: [{ ...outboxTimer, ...timers }] });

test('a healthy service needs nobody, and what is off isn\'t bad', () => {
  expect(bad(healthy)).toEqual([]);
  expect(figuresOf(healthy).find(({ name }) => name === 'Redis')?.value).toBe('off');
  // Two timers always leave the newest minutes.
  const flagging = { ...outboxTimer, name: 'FlagSuspiciousIps', lagSeconds: 150 };
  expect(figuresOf({ ...healthy, timers: [flagging] }).find(({ name }) => name === 'Timer FlagSuspiciousIps')?.value).toMatch(/^on time, /);
});

test.each<[Partial<Health>, string]>([
  [{ storage: { latencyMilliseconds: 900 } }, 'Storage: 900 ms'],
  [{ keys: { ...healthy.keys, state: 'stale', kinds: [] } }, 'Key ring: Stale'],
  [{ outbox: { ...healthy.outbox, oldestSeconds: 7_200 } }, 'Outbox: 3, the oldest for 2 hr'],
  [{ outbox: { ...healthy.outbox, deadLetters: 7, deadLettersComplete: false, newestDeadLetterAt: ago(13 * day) } }, 'Dead letters: at least 7, the newest of Mar 1, 2026'],
  [{ clientAddresses: 'unknown' }, 'Client addresses: some unknown'],
  [{ redis: 'unavailable' }, 'Redis: Unavailable'],
  [{ locations: { isOld: true, databaseDate: '2025-01-01' } }, 'Location database: 2025-01-01'],
  [{ locations: { isOld: false, databaseDate: '2026-01-01', problem: 'missing' } }, 'Location database: 2026-01-01, file missing'],
  [{ unreadableRows: 2 }, 'Unreadable rows: 2'],
  [{ passwordHashes: 'pbkdf2' }, 'Password hashes: PBKDF2'],
])('what needs somebody is told: %o', (change, figure) => {
  const found = bad({ ...healthy, ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(figure);
});

test('a timer is bad if it hasn\'t run for longer than its limit, even while no work is due', () => {
  expect(timer({ lastRunAt: ago(19 * minute) })).toEqual([]);
  expect(timer({ lastRunAt: ago(21 * minute) })).toEqual([expect.stringMatching(/^Timer SendOutbox: no good run since Mar 14, 2026, /)]);
  expect(timer({ ...rotation, lastRunAt: ago(27 * hour) })).toEqual([expect.stringContaining('Timer RotateSigningKeys: no good run since ')]);
});

test('a timer that runs is bad if its work has waited for too long', () => {
  expect(timer({ lagSeconds: 19 * minute })).toEqual([]);
  expect(timer({ lagSeconds: 30 * minute })).toEqual([expect.stringMatching(/^Timer SendOutbox: 30 min late, last good run Mar 14, 2026, /)]);
});

test('a timer that never ran is bad once the service is older than its limit', () => {
  const { lastRunAt: _, ...never } = { ...outboxTimer, lagSeconds: null };
  const of = (age: number): string[] => bad({ ...healthy, timers: [never], keys: { ...healthy.keys, createdAt: ago(age) } });
  expect(of(19 * minute)).toEqual([]);
  expect(of(21 * minute)).toEqual(['Timer SendOutbox: no good run on record']);
});

test('a timer may be as late as its own schedule makes it, and not be disabled', () => {
  expect(timer({ schedule: '0 0 */2 * * *', lastRunAt: ago(2 * hour) })).toEqual([]);
  expect(timer({ schedule: '0 0 */2 * * *', lastRunAt: ago(3 * hour) })).toHaveLength(1);
  expect(timer({ disabled: true, lastRunAt: ago(5) })).toEqual(['Timer SendOutbox: disabled']);
});

test('dead letters are no alarm for as long as they are kept', () => {
  expect(bad({ ...healthy, outbox: { ...healthy.outbox, deadLetters: 7, newestDeadLetterAt: ago(15 * day) } })).toEqual([]);
});

test('the limits of the timers are those of the alert late-timer', () => {
  const units: Readonly<Record<string, number>> = { m: minute, h: hour };
  const limits = (alerts as string).matchAll(/"(\w+)", (\d+)([mh])\b/g);
  expect(Object.fromEntries([...limits].map(([, name, value, unit]) => [name, Number(value) * units[unit!]!]))).toEqual(lateSeconds);
});

test('the runbook has what the figures refer to', () => {
  const entries = figuresOf(healthy).flatMap(({ runbook }) => runbook);
  expect(entries.filter(entry => !(operations as string).includes(`| ${entry} |`) && !(operations as string).includes(`| \`${entry}\` |`))).toEqual([]);
});

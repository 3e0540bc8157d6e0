import { expect, test } from 'vitest';
import type { Health } from '../wire.ts';
import { figuresOf } from './health.ts';

const healthy: Health = {
  storage: { latencyMilliseconds: 4 },
  timers: [{ name: 'SendOutbox', lagSeconds: 0, schedule: '0 * * * * *' }, { name: 'PurgeOldLogs', lagSeconds: null, schedule: '0 0 * * * *' }],
  keys: { state: 'current', kinds: [{ kind: 'access', active: 'k1', nextRotationAt: new Date(Date.now() + 86_400_000).toISOString() }] },
  outbox: { waiting: 3, oldestSeconds: 60, complete: true, deadLetters: 0, deadLettersComplete: true },
  unreadableRows: 0,
  passwordHashes: 'argon2id',
};

const bad = (health: Health): string[] => figuresOf(health).filter(({ isBad }) => isBad).map(({ name, value }) => `${name}: ${value}`);

test('a healthy service needs nobody, and what is off isn\'t bad', () => {
  expect(bad(healthy)).toEqual([]);
  expect(figuresOf(healthy).find(({ name }) => name === 'Redis')?.value).toBe('off');
});

test.each<[Partial<Health>, string]>([
  [{ storage: { latencyMilliseconds: 900 } }, 'Storage: 900 ms'],
  [{ timers: [{ name: 'SendOutbox', lagSeconds: 1_800, schedule: '0 * * * * *', lastRunAt: '2026-03-14T09:26:53Z' }] }, 'Timer SendOutbox: 30 min late, last good run Mar 14, 2026, '],
  [{ keys: { state: 'stale', kinds: [] } }, 'Key ring: Stale'],
  [{ keys: { state: 'current', kinds: [{ kind: 'access', active: 'k1', nextRotationAt: 'Thu, 01 Jan 2026 00:00:00 GMT' }] } }, 'Access key: k1, next rotation'],
  [{ outbox: { ...healthy.outbox, oldestSeconds: 7_200 } }, 'Outbox: 3, the oldest for 2 hr'],
  [{ outbox: { ...healthy.outbox, deadLetters: 7, deadLettersComplete: false } }, 'Dead letters: at least 7'],
  [{ redis: 'unavailable' }, 'Redis: Unavailable'],
  [{ locations: { isOld: true, databaseDate: '2025-01-01' } }, 'Location database: 2025-01-01'],
  [{ unreadableRows: 2 }, 'Unreadable rows: 2'],
  [{ passwordHashes: 'pbkdf2' }, 'Password hashes: pbkdf2'],
])('what needs somebody is told: %o', (change, figure) => {
  const found = bad({ ...healthy, ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(figure);
});

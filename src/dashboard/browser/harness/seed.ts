import { randomUUID } from 'node:crypto';
import type { Storage } from '../../../client/browser/harness/storage.ts';

const dayInMilliseconds = 86_400_000;
const hourInMilliseconds = dayInMilliseconds / 24;

const devices: readonly (readonly [system: string, browser: string])[] = [
  ['Windows', 'Edge'], ['Windows', 'Chrome'], ['iPhone', 'Safari'], ['Android', 'Chrome'], ['Mac', 'Firefox'],
];
const reasons = ['logout', 'expired_idle', 'logout', 'revoked', 'expired_absolute', 'token_reuse'];

/** The number of days with activity before today. */
const seededDays = 30;

/** Multiplies the activity: DASHBOARD_EVENTS=100000 makes a busy month, which takes minutes to write and count. */
export const busy = Math.max(1, Math.round(Number(process.env['DASHBOARD_EVENTS'] ?? 0) / 670));

/** What was written, counted independently of the app. */
export interface Seeded {
  readonly days: readonly SeededDay[];
  readonly refreshes: number;
  readonly loginsByUser: Counts;
  readonly endedByReason: Counts;
  /** Sessions that have not ended. */
  readonly activeByDevice: Counts;
  readonly activeByBrowser: Counts;
}

interface SeededDay {
  readonly day: string;
  logins: number;
  failedLogins: number;
  ended: number;
  /** At the end of the day. */
  active: number;
}

type Counts = Readonly<Record<string, number>>;

/** Writes activity of some weeks; except for the dates, the same in each run. What was written of yesterday is left out. */
export async function seedActivity(storage: Storage, users: readonly string[]): Promise<Seeded> {
  // Soon after midnight its last hour isn't counted yet, and has the attempts of `seedAttempts`.
  await seedDays(storage, users, 1, 1);
  return await seedDays(storage, users, seededDays, 2);
}

/** @param from How many days before today is the first of them. */
async function seedDays(storage: Storage, users: readonly string[], from: number, to: number): Promise<Seeded> {
  const today = Math.floor(Date.now() / dayInMilliseconds) * dayInMilliseconds;
  const rows: Record<string, string | number | Date>[] = [];
  const days: SeededDay[] = [];
  const [loginsByUser, endedByReason, activeByDevice, activeByBrowser] = [{}, {}, {}, {}];
  let [active, refreshes] = [0, 0];
  for (let before = from; before >= to; before -= 1) {
    const day = today - before * dayInMilliseconds;
    const sums: SeededDay = { day: new Date(day).toISOString().slice(0, 10), logins: 0, failedLogins: 0, ended: 0, active };
    days.push(sums);
    for (let i = 0; i < busy * (6 + before * 7 % 11); i += 1) {
      const [System, Browser] = devices[(i + before) % devices.length]!;
      const UserId = users[i % users.length]!;
      const session = { SessionId: newId(), System, Browser };
      const at = day + (i % 12) * hourInMilliseconds + i * 60_000 % hourInMilliseconds;
      rows.push(activity('Login', at, { UserId, ...session }));
      sums.logins += 1;
      add(loginsByUser, UserId);
      if (i % 4 !== 0) {
        const EndReason = reasons[(i + before) % reasons.length]!;
        rows.push(activity('SessionEnded', at + 11 * hourInMilliseconds, {
          ...session, EndReason, DurationSeconds: 300 * (i % 100 + 1) * (before % 5 + 1), Generation: i % 100,
        }));
        sums.ended += 1;
        refreshes += i % 100;
        add(endedByReason, EndReason);
      } else {
        active = sums.active += 1;
        add(activeByDevice, System);
        add(activeByBrowser, Browser);
      }
    }
    for (let i = 0; i < busy * (before * 5 % 8); i += 1) {
      rows.push(activity('FailedLogin', day + (i % 12 + 6) * hourInMilliseconds, i % 2 === 0
        ? { AccountKey: `${i % 10}`.repeat(32) } : { UserId: users[0]!, AccountKey: 'a'.repeat(32) }));
      sums.failedLogins += 1;
    }
  }
  while (rows.length > 0)
    await Promise.all(rows.splice(0, 32).map(row => storage.insert('Timeline', row)));
  return { days, refreshes, loginsByUser, endedByReason, activeByDevice, activeByBrowser };
}

/** Writes what makes the timer flag an address: twelve recent failed logins with four emails. */
export async function seedAttempts(storage: Storage, address: string): Promise<void> {
  for (let i = 0; i < 12; i += 1)
    await storage.insert('Timeline', {
      ...activity('FailedLogin', Date.now() - (15 - i) * 60_000, { AccountKey: `${i % 4}`.repeat(32) }), AddressGroup: address,
    });
}

function activity(kind: string, at: number, columns: Record<string, string | number>): Record<string, string | number | Date> {
  const ticks = BigInt(at) * 10_000n + 621_355_968_000_000_000n;
  return {
    PartitionKey: `a:00:${new Date(at).toISOString().slice(0, 13).replace(/\D/g, '')}`,
    RowKey: `${ticks.toString().padStart(19, '0')}:${newId()}`,
    Kind: kind, At: new Date(at), AddressGroup: `203.0.113.${at / hourInMilliseconds % 5 | 0}`, ...columns,
  };
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function newId(): string {
  return randomUUID().replaceAll('-', '');
}

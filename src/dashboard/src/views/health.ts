import { SessionError } from '../../../client/src/index.ts';
import type { AdminClient } from '../admin-client.ts';
import { formatCount, formatDuration, formatMilliseconds, formatTime } from '../format.ts';
import { el, link, section } from '../page/dom.ts';
import { toHash } from '../page/hash.ts';
import type { View } from '../page/layout.ts';
import { live } from '../page/live.ts';
import { loadSection, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import { longestPause } from '../schedule.ts';
import { nameOf, orNone, texts } from '../texts/texts.ts';
import type { Health, TimerHealth } from '../wire.ts';

/** Whether the service is healthy: each figure, what it means, and what to do. */
export const health: View = { title: () => texts.health.title, show };

const pollEvery = 30_000;

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly isBad: boolean;
  readonly meaning: string;
  /** What to do if it is bad. */
  readonly help: string;
  /** The events and alerts about it in docs/operations.md. */
  readonly runbook: readonly string[];
  readonly link?: readonly [text: string, hash: string];
}

function show(context: ViewContext, client: AdminClient): readonly Node[] {
  const loaded = loadSection(context, texts.health.what, signal => read(client, signal), answer => render(figuresOf(answer)));
  return [section(texts.health.now, live(context.signal, pollEvery, () => loaded.poll()).element, loaded.element)];
}

/** Reads the figures. If the service isn't ready, the error is what `health/ready` says, which needs no login. */
async function read(client: AdminClient, signal: AbortSignal): Promise<Health> {
  try {
    return await client.get<Health>('admin/health', 'storage', signal);
  } catch (error) {
    if (error instanceof SessionError && error.code === 'unavailable')
      await client.anonymous.request<{ status: string }>('health/ready', 'status', { signal }, undefined, false).catch((found: unknown) => {
        throw found instanceof SessionError && found.code === 'unavailable'
          ? new SessionError('invalid_option', texts.health.notReady(found.message)) : error;
      });
    throw error;
  }
}

function render(figures: readonly Figure[]): readonly Node[] {
  const bad = figures.filter(({ isBad }) => isBad);
  return [
    bad.length === 0
      ? el('p', { class: 'good' }, texts.health.good)
      : el('p', { class: 'problem' }, texts.health.bad(bad.map(({ name }) => name).join(', '))),
    table({
      caption: texts.health.caption,
      key: figure => figure.name,
      columns: [
        { title: texts.health.figure, cell: figure => figure.name },
        { title: texts.health.value, cell: ({ value, isBad }) => isBad ? el('strong', { class: 'bad' }, value) : value },
        { title: texts.health.meaning, cell: figure => figure.meaning },
        { title: texts.health.help, cell: ({ isBad, help, runbook, link: target }) => el(
          'span', {}, isBad ? el('strong', {}, help) : help, ...target ? [' ', link(...target)] : [],
          el('span', { class: 'note' }, `docs/operations.md: ${runbook.join(', ')}`),
        ) },
      ],
      // What needs somebody first.
      rows: figures.toSorted((a, b) => Number(b.isBad) - Number(a.isBad)),
      empty: '',
    }),
    el('p', { class: 'hint' }, texts.health.alerts),
  ];
}

// Beyond these somebody should look; the timers' are those of the alert late-timer (infra/modules/logalerts.bicep).
const slowStorage = 250;
const [minute, hour, day] = [60, 3_600, 86_400];
export const lateSeconds: Readonly<Record<string, number>> = {
  PurgeExpiredSessions: hour, FlagSuspiciousIps: 30 * minute, RaiseSecurityAlerts: 20 * minute, SendOutbox: 20 * minute,
  RollUpStatistics: hour, PurgeOldLogs: 4 * hour, RotateSigningKeys: 26 * hour,
};
// By functionTimeout in host.json.
const longestRun = 10 * minute;
// By the time of the event, which is tried for days until it is given up.
const recentDeadLetters = 14 * day;

export function figuresOf(answer: Health): Figure[] {
  const { at, storage, timers, keys, outbox, clientAddresses, redis, locations, unreadableRows, passwordHashes } = answer;
  const { figures } = texts.health;
  const secondsSince = (time: string): number => (Date.parse(at) - Date.parse(time)) / 1000;
  const atLeast = (count: number, complete: boolean): string => complete ? formatCount(count) : texts.health.atLeast(count);
  return [
    {
      ...figures.storage, runbook: ['1001', 'storage-throttling', 'cosmos-throttling'],
      value: formatMilliseconds(storage.latencyMilliseconds), isBad: storage.latencyMilliseconds > slowStorage,
    },
    ...timers.map(timer => timerFigure(timer, secondsSince(timer.lastRunAt ?? keys.createdAt))),
    { ...figures.keys, runbook: ['1004', '1005'], value: nameOf(keys.state), isBad: keys.state !== 'current' },
    // If they aren't rotated, their timer is late.
    ...keys.kinds.map(({ kind, active, nextRotationAt }) => ({
      ...figures.key, name: texts.health.key(nameOf(kind)), runbook: ['3003', 'late-timer'],
      value: nextRotationAt === undefined ? active : `${active}, ${texts.health.next(formatTime(nextRotationAt))}`, isBad: false,
    })),
    {
      ...figures.outbox, runbook: ['1011', '1018'],
      value: atLeast(outbox.waiting, outbox.complete)
        + (outbox.oldestSeconds === undefined ? '' : `, ${texts.health.oldest(formatDuration(outbox.oldestSeconds))}`),
      isBad: (outbox.oldestSeconds ?? 0) > hour,
    },
    {
      ...figures.deadLetters, runbook: ['1012'], link: [figures.deadLetters.list, toHash('events', { kind: 'dead_letter' })],
      value: atLeast(outbox.deadLetters, outbox.deadLettersComplete)
        + (outbox.newestDeadLetterAt === undefined ? '' : `, ${texts.health.newest(formatTime(outbox.newestDeadLetterAt))}`),
      isBad: outbox.newestDeadLetterAt !== undefined && secondsSince(outbox.newestDeadLetterAt) < recentDeadLetters,
    },
    {
      ...figures.clientAddresses, runbook: ['1010'],
      value: clientAddresses === 'known' ? figures.clientAddresses.known : figures.clientAddresses.unknown,
      isBad: clientAddresses !== 'known',
    },
    {
      ...figures.redis, runbook: ['1040', 'redis-memory', 'redis-load'],
      value: redis === undefined ? texts.off : nameOf(redis), isBad: redis !== undefined && redis !== 'connected',
    },
    {
      ...figures.locations, runbook: ['1032', '1033'],
      value: locations === undefined ? texts.off
        : orNone([locations.databaseDate, locations.problem && nameOf(`file_${locations.problem}`)].filter(Boolean).join(', ')),
      isBad: locations !== undefined && (locations.problem !== undefined || locations.isOld),
    },
    { ...figures.unreadableRows, runbook: ['1013'], value: formatCount(unreadableRows), isBad: unreadableRows > 0 },
    { ...figures.passwordHashes, runbook: ['1020'], value: nameOf(passwordHashes), isBad: passwordHashes !== 'argon2id' },
  ];
}

/**
 * A timer is bad if no run was good for too long, or if its work has waited as long.
 * @param idleSeconds Since its last good run; without one since the service first started.
 */
function timerFigure({ name, lagSeconds, schedule, disabled, lastRunAt }: TimerHealth, idleSeconds: number): Figure {
  const { figures: { timer }, ...words } = texts.health;
  const pause = longestPause(schedule);
  const limit = Math.max(lateSeconds[name] ?? hour, pause + longestRun);
  const isIdle = !disabled && idleSeconds > limit;
  const isBehind = !disabled && !isIdle && (lagSeconds ?? 0) > limit;
  const lastRun = lastRunAt === undefined ? null : formatTime(lastRunAt);
  const state = disabled ? words.disabled
    : isIdle ? lastRun === null ? words.neverRan : words.noRunSince(lastRun)
    : lastRun === null ? words.notYet : `${isBehind ? words.late(formatDuration(lagSeconds!)) : words.onTime}, ${words.lastRun(lastRun)}`;
  return {
    name: words.timer(name), value: state, isBad: disabled || isIdle || isBehind,
    help: disabled ? timer.disabled(name) : isBehind ? timer.behind : timer.idle, runbook: ['late-timer'],
    meaning: words.timerMeaning((texts.timers as Readonly<Record<string, string>>)[name] ?? '', schedule, formatDuration(pause)),
  };
}

import type { AdminClient } from '../admin-client.ts';
import { formatCount, formatDuration, formatMilliseconds, formatTime } from '../format.ts';
import { el, section } from '../page/dom.ts';
import type { View } from '../page/layout.ts';
import { live } from '../page/live.ts';
import { loadSection, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import { nameOf, texts } from '../texts/texts.ts';
import type { Health } from '../wire.ts';

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
}

function show(context: ViewContext, client: AdminClient): readonly Node[] {
  const get = (signal: AbortSignal): Promise<Health> => client.get<Health>('admin/health', 'storage', signal);
  const loaded = loadSection(context, texts.health.what, get, answer => render(figuresOf(answer)));
  return [section(texts.health.now, live(context.signal, pollEvery, () => loaded.poll()).element, loaded.element)];
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
        { title: texts.health.help, cell: ({ isBad, help }) => isBad ? el('strong', {}, help) : help },
      ],
      // What needs somebody first.
      rows: figures.toSorted((a, b) => Number(b.isBad) - Number(a.isBad)),
      empty: '',
    }),
  ];
}

// Beyond these somebody should look; the timers' are those of the alert late-timer (infra/modules/logalerts.bicep).
const slowStorage = 250;
const [minute, hour] = [60, 3_600];
const lateSeconds: Readonly<Record<string, number>> = {
  PurgeExpiredSessions: hour, FlagSuspiciousIps: 30 * minute, RaiseSecurityAlerts: 20 * minute, SendOutbox: 20 * minute,
  RollUpStatistics: hour, PurgeOldLogs: 4 * hour, RotateSigningKeys: 26 * hour,
};

export function figuresOf({ storage, timers, keys, outbox, redis, locations, unreadableRows, passwordHashes }: Health): Figure[] {
  const { figures } = texts.health;
  const purposes: Readonly<Record<string, string>> = texts.timers;
  const figure = (of: { name: string; meaning: string; help: string }, value: string, isBad: boolean): Figure => ({ ...of, value, isBad });
  const atLeast = (count: number, complete: boolean): string => complete ? formatCount(count) : texts.health.atLeast(count);
  return [
    figure(figures.storage, formatMilliseconds(storage.latencyMilliseconds), storage.latencyMilliseconds > slowStorage),
    ...timers.map(({ name, lagSeconds, schedule, lastRunAt }) => figure(
      { ...figures.timer, name: texts.health.timer(name), meaning: texts.health.timerMeaning(purposes[name] ?? '', schedule) },
      (lagSeconds === null ? texts.health.neverRan : lagSeconds === 0 ? texts.health.onTime : texts.health.late(formatDuration(lagSeconds)))
        + (lastRunAt === undefined ? '' : `, ${texts.health.lastRun(formatTime(lastRunAt))}`),
      lagSeconds !== null && lagSeconds > (lateSeconds[name] ?? hour))),
    figure(figures.keys, nameOf(keys.state), keys.state !== 'current'),
    ...keys.kinds.map(({ kind, active, nextRotationAt }) => figure(
      { ...figures.key, name: texts.health.key(nameOf(kind)) },
      nextRotationAt === undefined ? active : `${active}, ${texts.health.next(formatTime(nextRotationAt))}`,
      nextRotationAt !== undefined && Date.parse(nextRotationAt) < Date.now() - 48 * hour * 1000)),
    figure(
      figures.outbox,
      atLeast(outbox.waiting, outbox.complete)
        + (outbox.oldestSeconds === undefined ? '' : `, ${texts.health.oldest(formatDuration(outbox.oldestSeconds))}`),
      (outbox.oldestSeconds ?? 0) > hour),
    figure(figures.deadLetters, atLeast(outbox.deadLetters, outbox.deadLettersComplete), outbox.deadLetters > 0),
    figure(figures.redis, redis === undefined ? texts.off : nameOf(redis), redis !== undefined && redis !== 'connected'),
    figure(
      figures.locations, locations === undefined ? texts.off : locations.problem ?? locations.databaseDate ?? texts.none,
      locations !== undefined && (locations.problem !== undefined || locations.isOld)),
    figure(figures.unreadableRows, formatCount(unreadableRows), unreadableRows > 0),
    figure(figures.passwordHashes, passwordHashes, passwordHashes !== 'argon2id'),
  ];
}

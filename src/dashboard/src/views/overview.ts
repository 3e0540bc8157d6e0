import type { AdminClient } from '../admin-client.ts';
import { formatClock, formatCount, formatDuration, formatTime } from '../format.ts';
import { countByCountry, formatLocation } from '../locations.ts';
import { chart } from '../page/chart.ts';
import { definitions, el, section } from '../page/dom.ts';
import { type Place, replaceQuery } from '../page/hash.ts';
import type { View } from '../page/layout.ts';
import { announceLoaded, loadSection, type ViewContext } from '../page/section.ts';
import { bars, table, toBar } from '../page/table.ts';
import { daysAfter, endOf, isUnfinished, lastDays, type Period, periodError } from '../period.ts';
import { nameOf, texts } from '../texts/texts.ts';
import type { FailedLogins, SessionDuration, Statistics } from '../wire.ts';
import { addressLink, unknownAccount, userLink } from './links.ts';
import { liveFigures } from './live-figures.ts';
import { periodForm } from './period-form.ts';

/** What is going on now, and the statistics of a period. */
export const overview: View = { title: () => texts.overview.title, show };

function show(context: ViewContext, client: AdminClient, { query }: Place): readonly Node[] {
  const { from = '', to = '' } = query;
  let period = periodError({ from, to }) === null ? { from, to } : lastDays(30, Date.now());
  const route = (name: string) => `admin/${name}?from=${period.from}&to=${period.to}&limit=20`;
  const statistics = loadSection(
    context, texts.overview.what, signal => client.get<Statistics>(route('statistics'), 'days', signal),
    answer => renderStatistics(context, answer, period, Date.now()));
  const failures = loadSection(
    context, texts.overview.whatFailed, signal => client.get<FailedLogins>(route('failed-logins'), 'accounts', signal),
    answer => renderFailures(context, answer));

  const chooser = periodForm(period, chosen => {
    period = chosen;
    replaceQuery('overview', chosen);
    const loaded = Promise.all([statistics.restart(), failures.restart()]).then(all => all.every(Boolean));
    void announceLoaded(context, loaded, texts.period.showing(chosen.from, chosen.to));
  });
  return [
    liveFigures(context, client),
    section(texts.overview.statistics, chooser, statistics.element),
    section(texts.overview.failed, failures.element),
  ];
}

function renderStatistics(context: ViewContext, statistics: Statistics, period: Period, now: number): readonly Node[] {
  const { upTo, activeByDevice, activeByBrowser, endedByReason, topUsers } = statistics;
  const reasons = endedByReason.map(each => ({ ...toBar(each), name: nameOf(each.name) }));
  const days = withUncounted(statistics.days, endOf(period, now));
  const names = days.map(({ day }) => day);
  const complete = names.filter(day => !isUnfinished(day, upTo)).length;
  const { logins, failedLogins, active, ended } = texts.overview;
  return [
    el('p', { class: 'hint' }, upTo === null ? texts.overview.nothing : countedUntil(upTo, period, now)),
    definitions('figures', [
      [logins, formatCount(statistics.logins)],
      [failedLogins, formatCount(statistics.failedLogins)],
      [active, formatCount(statistics.sessionsActive)],
      [ended, formatCount(statistics.sessionsEnded)],
      [texts.overview.refreshes, formatCount(statistics.refreshes)],
      [texts.overview.reused, formatCount(statistics.tokenReuses)],
    ]),
    chart(
      texts.overview.loginsByDay, names, complete,
      { label: logins, style: 'first', values: days.map(day => day.logins) },
      { label: failedLogins, style: 'second', values: days.map(day => day.failedLogins) },
    ),
    chart(
      texts.overview.sessionsByDay, names, complete,
      { label: texts.overview.atEnd, style: 'first', values: days.map(day => day.sessionsActive) },
      { label: texts.overview.endedThatDay, style: 'second', values: days.map(day => day.sessionsEnded) },
    ),
    el(
      'div', { class: 'columns' },
      bars(texts.overview.byDevice, [texts.device, texts.session.many], activeByDevice.map(toBar), texts.overview.noActive),
      bars(texts.overview.byBrowser, [texts.browser, texts.session.many], activeByBrowser.map(toBar), texts.overview.noActive),
      renderDurations(statistics.sessionDuration),
      bars(texts.overview.byReason, [texts.why, texts.session.many], reasons, texts.overview.noEnded),
    ),
    table({
      caption: statistics.topUsersComplete ? texts.overview.byUser : texts.overview.mostByUser,
      columns: [
        { title: texts.user.one, cell: user => userLink(context, user.userId) },
        { title: logins, count: user => user.logins },
        { title: texts.last, time: user => user.lastAt },
      ],
      rows: topUsers, isSortable: true,
      empty: texts.overview.noLogins,
    }),
  ];
}

type Counted = Statistics['days'][number];

/** The counted days, and those since of which nothing is counted yet. */
export function withUncounted(counted: readonly Counted[], end: number): readonly (Partial<Counted> & Pick<Counted, 'day'>)[] {
  const last = counted.at(-1);
  return last === undefined ? [] : [...counted, ...daysAfter(last.day, end).map(day => ({ day }))];
}

/** Up to when is counted, and what isn't yet. */
export function countedUntil(upTo: string, period: Period, now: number): string {
  const end = endOf(period, now);
  return Date.parse(upTo) >= end ? texts.overview.upTo(formatTime(upTo))
    : texts.overview.uncounted(formatTime(upTo), formatClock(upTo), end === now ? null : formatTime(new Date(end).toISOString()));
}

function renderDurations({ p50Seconds, averageSeconds, p90Seconds, p99Seconds }: SessionDuration): HTMLElement {
  const { median, average, percentile } = texts.overview;
  const entries = [
    [median, p50Seconds], [average, averageSeconds], [percentile('90'), p90Seconds], [percentile('99'), p99Seconds],
  ] as const;
  return bars(
    texts.overview.duration, [texts.overview.figure, texts.overview.time],
    entries.flatMap(([name, value]) => value === null ? [] : [{ name, value, shown: formatDuration(value) }]), texts.overview.noEnded);
}

function renderFailures(context: ViewContext, { accounts, accountsComplete, addresses, addressesComplete }: FailedLogins): readonly Node[] {
  const { failedLogins, noFailed: empty } = texts.overview;
  return [
    table({
      caption: accountsComplete ? texts.overview.failedByAccount : texts.overview.mostFailedByAccount,
      columns: [
        { title: texts.user.one, cell: ({ userId, accountKey }) =>
          userId === null ? unknownAccount(accountKey) : userLink(context, userId) },
        { title: failedLogins, count: each => each.failedLogins },
        { title: texts.last, time: each => each.lastAt },
      ],
      rows: accounts, isSortable: true,
      empty,
    }),
    table({
      caption: addressesComplete ? texts.overview.failedByAddress : texts.overview.mostFailedByAddress,
      columns: [
        { title: texts.address, cell: each => addressLink(each.address) },
        { title: texts.location, cell: formatLocation },
        { title: failedLogins, count: each => each.failedLogins },
        { title: texts.last, time: each => each.lastAt },
      ],
      rows: addresses, isSortable: true,
      empty,
    }),
    bars(
      addressesComplete ? texts.overview.failedByCountry : texts.overview.failedByCountryOfThese, [texts.country, failedLogins],
      countByCountry(addresses, each => each.failedLogins).map(toBar), empty),
  ];
}

import type { AdminClient } from '../admin-client.ts';
import { formatCount, formatDuration, formatTime, humanize } from '../format.ts';
import { countByCountry, formatLocation } from '../locations.ts';
import { chart } from '../page/chart.ts';
import { button, definitions, el, field, form, section } from '../page/dom.ts';
import type { View } from '../page/layout.ts';
import { loadSection, type ViewContext } from '../page/section.ts';
import { bars, table, toBar } from '../page/table.ts';
import { lastDays, type Period, periodError } from '../period.ts';
import type { FailedLogins, SessionDuration, Statistics } from '../wire.ts';
import { userLink } from './links.ts';

/** Statistics of a period. */
export const overview: View = { title: 'Overview', show };

function show(context: ViewContext, client: AdminClient): readonly Node[] {
  let period = lastDays(30, Date.now());
  const route = (name: string) => `admin/${name}?from=${period.from}&to=${period.to}&limit=20`;
  const statistics = loadSection(context, 'the statistics', signal => client.get<Statistics>(route('statistics'), 'days', signal),
    answer => renderStatistics(answer, context));
  const failures = loadSection(context, 'the failed logins', signal => client.get<FailedLogins>(route('failed-logins'), 'accounts', signal), renderFailures);

  const chooser = periodForm(period, async chosen => {
    period = chosen;
    context.announce('');
    const loaded = await Promise.all([statistics.reload(), failures.reload()]);
    if (loaded.every(Boolean))
      context.announce(`Showing ${chosen.from} to ${chosen.to}.`);
  });
  return [chooser, section('Statistics', statistics.element), section('Failed logins', failures.element)];
}

function periodForm(initial: Period, onChange: (period: Period) => Promise<void>): HTMLElement {
  const from = el('input', { type: 'date', name: 'from', required: true, value: initial.from });
  const to = el('input', { type: 'date', name: 'to', required: true, value: initial.to });
  const error = el('p', { class: 'problem', role: 'alert', hidden: true });

  function apply(): void {
    const period = { from: from.value, to: to.value };
    const message = periodError(period);
    error.hidden = message === null;
    error.textContent = message;
    if (message === null)
      void onChange(period);
  }

  const presets = [7, 30, 90].map(days => button(`${days} days`, () => {
    ({ from: from.value, to: to.value } = lastDays(days, Date.now()));
    apply();
  }));
  return form(
    { class: 'period', 'aria-label': 'Period', novalidate: true }, apply,
    field('From', from),
    field('To', to),
    el('div', { class: 'actions' }, el('button', { class: 'primary' }, 'Show'), ...presets),
    error,
  );
}

function renderStatistics(statistics: Statistics, { signal }: ViewContext): readonly Node[] {
  const { upTo, activeByDevice, activeByBrowser, endedByReason, topUsers } = statistics;
  const days = statistics.days.map(({ day }) => day);
  return [
    el('p', { class: 'hint' }, upTo === null
      ? 'Nothing is counted yet for these days. An hour is counted 15 minutes after its end.'
      : `Counted up to ${formatTime(upTo)}. All times are in UTC.`),
    definitions('figures', [
      ['Logins', formatCount(statistics.logins)],
      ['Failed logins', formatCount(statistics.failedLogins)],
      ['Active sessions', formatCount(statistics.sessionsActive)],
      ['Ended sessions', formatCount(statistics.sessionsEnded)],
      ['Refreshes', formatCount(statistics.refreshes)],
      ['Reused tokens', formatCount(statistics.tokenReuses)],
    ]),
    chart(
      'Logins by day', days, signal,
      { label: 'Logins', color: '--first', values: statistics.days.map(day => day.logins) },
      { label: 'Failed logins', color: '--second', dashed: true, values: statistics.days.map(day => day.failedLogins) },
    ),
    chart(
      'Sessions by day', days, signal,
      { label: 'Active at the end', color: '--first', values: statistics.days.map(day => day.sessionsActive) },
      { label: 'Ended', color: '--second', dashed: true, values: statistics.days.map(day => day.sessionsEnded) },
    ),
    el(
      'div', { class: 'columns' },
      bars('Active sessions by device', ['Device', 'Sessions'], activeByDevice.map(toBar), 'No active sessions.'),
      bars('Active sessions by browser', ['Browser', 'Sessions'], activeByBrowser.map(toBar), 'No active sessions.'),
      renderDurations(statistics.sessionDuration),
      bars('End reasons', ['Reason', 'Sessions'], endedByReason.map(each => ({ ...toBar(each), name: humanize(each.name) })), 'No ended sessions.'),
    ),
    table({
      caption: statistics.topUsersComplete ? 'Logins by user' : 'Most logins by user',
      columns: [
        { title: 'User', cell: user => userLink(user.userId) },
        { title: 'Logins', count: user => user.logins },
        { title: 'Last', time: user => user.lastAt },
      ],
      rows: topUsers,
      empty: 'No logins.',
    }),
  ];
}

function renderDurations({ p50Seconds, averageSeconds, p90Seconds, p99Seconds }: SessionDuration): HTMLElement {
  const entries = [['Median', p50Seconds], ['Average', averageSeconds], ['90th percentile', p90Seconds], ['99th percentile', p99Seconds]] as const;
  return bars(
    'Session duration', ['', 'Time'],
    entries.flatMap(([name, value]) => value === null ? [] : [{ name, value, shown: formatDuration(value) }]), 'No ended sessions.');
}

function renderFailures({ accounts, accountsComplete, addresses, addressesComplete }: FailedLogins): readonly Node[] {
  const empty = 'No failed logins.';
  return [
    table({
      caption: accountsComplete ? 'Failed logins by account' : 'Most failed logins by account',
      columns: [
        { title: 'User, or key of an unknown email', cell: ({ userId, accountKey }) => userId === null ? accountKey : userLink(userId) },
        { title: 'Failed logins', count: each => each.failedLogins },
        { title: 'Last', time: each => each.lastAt },
      ],
      rows: accounts,
      empty,
    }),
    table({
      caption: addressesComplete ? 'Failed logins by address' : 'Most failed logins by address',
      columns: [
        { title: 'Address', cell: each => each.address },
        { title: 'Location', cell: formatLocation },
        { title: 'Failed logins', count: each => each.failedLogins },
        { title: 'Last', time: each => each.lastAt },
      ],
      rows: addresses,
      empty,
    }),
    bars(
      addressesComplete ? 'Failed logins by country' : 'Failed logins by country, of these addresses', ['Country', 'Failed logins'],
      countByCountry(addresses, each => each.failedLogins).map(toBar), empty),
  ];
}

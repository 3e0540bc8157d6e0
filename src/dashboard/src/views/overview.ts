import type { Connection } from '../api/connection.ts';
import type { FailedAccount, FailedLogins, SessionDuration, Statistics } from '../api/wire.ts';
import { flawOf, lastDays, type Period } from '../days.ts';
import { count, duration, time, words } from '../format.ts';
import { chart } from '../page/chart.ts';
import { el, field, timeOf } from '../page/dom.ts';
import { loaded, type Place } from '../page/loaded.ts';
import { bars, shareOf, table } from '../page/table.ts';
import { userLink } from './links.ts';
import type { View } from './view.ts';

/** What happened on some days. */
export const overview: View = { title: 'Overview', show };

function show(place: Place, connection: Connection): readonly Node[] {
  let period = lastDays(30, Date.now());
  const route = (name: string) => `admin/${name}?from=${period.from}&to=${period.to}&limit=20`;
  const statistics = loaded(place, 'the statistics', signal => connection.get<Statistics>(route('statistics'), signal),
    answer => statisticsOf(answer, place));
  const failures = loaded(place, 'the failed logins', signal => connection.get<FailedLogins>(route('failed-logins'), signal), failuresOf);

  const form = periodForm(period, async chosen => {
    period = chosen;
    place.say('');
    const shown = await Promise.all([statistics.reload(), failures.reload()]);
    if (shown.every(each => each))
      place.say(`Showing ${chosen.from} to ${chosen.to}.`);
  });
  return [
    form,
    el('section', { 'aria-labelledby': 'statistics' }, el('h2', { id: 'statistics', tabindex: -1 }, 'What happened'), statistics.element),
    el('section', { 'aria-labelledby': 'failures' }, el('h2', { id: 'failures', tabindex: -1 }, 'Failed logins'), failures.element),
  ];
}

function periodForm(initial: Period, changed: (period: Period) => Promise<void>): HTMLElement {
  const from = el('input', { type: 'date', name: 'from', required: true, value: initial.from });
  const to = el('input', { type: 'date', name: 'to', required: true, value: initial.to });
  const flaw = el('p', { class: 'problem', role: 'alert', hidden: true });

  function apply(): void {
    const period = { from: from.value, to: to.value };
    const found = flawOf(period);
    flaw.hidden = found === null;
    flaw.textContent = found;
    if (found === null)
      void changed(period);
  }

  const quick = [7, 30, 90].map(days => el('button', { type: 'button', on: { click: () => {
    ({ from: from.value, to: to.value } = lastDays(days, Date.now()));
    apply();
  } } }, `${days} days`));
  return el(
    'form', { class: 'period', 'aria-label': 'Period', novalidate: true, on: { submit: event => {
      event.preventDefault();
      apply();
    } } },
    field('From', from),
    field('To', to),
    el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Show'), ...quick),
    flaw,
  );
}

function statisticsOf(statistics: Statistics, { signal }: Place): readonly Node[] {
  const days = statistics.days.map(({ day }) => day);
  return [
    el('p', { class: 'hint' }, statistics.upTo === null
      ? 'Nothing of these days is counted yet. An hour is counted from 15 minutes after its end on.'
      : `Counted up to ${time(statistics.upTo)}. All times are in UTC.`),
    figures(statistics),
    chart({
      title: 'Logins by day', days, signal,
      series: [
        { label: 'Logins', color: '--first', values: statistics.days.map(day => day.logins) },
        { label: 'Failed logins', color: '--second', dashed: true, values: statistics.days.map(day => day.failedLogins) },
      ],
    }),
    chart({
      title: 'Sessions by day', days, signal,
      series: [
        { label: 'Active at the end', color: '--first', values: statistics.days.map(day => day.sessionsActive) },
        { label: 'Ended', color: '--second', dashed: true, values: statistics.days.map(day => day.sessionsEnded) },
      ],
    }),
    el(
      'div', { class: 'columns' },
      bars('Active sessions by device', ['Device', 'Sessions'], statistics.activeByDevice.map(shareOf), 'No session is active.'),
      bars('Active sessions by browser', ['Browser', 'Sessions'], statistics.activeByBrowser.map(shareOf), 'No session is active.'),
      durationsOf(statistics.sessionDuration),
      bars(
        'Why sessions ended', ['Reason', 'Sessions'],
        statistics.endedByReason.map(each => ({ ...shareOf(each), name: words(each.name) })), 'No session ended.'),
    ),
    table({
      caption: statistics.topUsersComplete ? 'Who logged in' : 'Who logged in most',
      columns: [
        { title: 'User', cell: user => userLink(user.userId) },
        { title: 'Logins', cell: user => count(user.logins), numeric: true },
        { title: 'Last', cell: user => timeOf(user.lastAt, time(user.lastAt)) },
      ],
      rows: statistics.topUsers,
      empty: 'Nobody logged in.',
    }),
  ];
}

function figures(statistics: Statistics): HTMLElement {
  const entries: readonly (readonly [name: string, value: number])[] = [
    ['Logins', statistics.logins],
    ['Failed logins', statistics.failedLogins],
    ['Active sessions', statistics.sessionsActive],
    ['Ended sessions', statistics.sessionsEnded],
    ['Refreshes', statistics.refreshes],
    ['Reused tokens', statistics.tokenReuses],
  ];
  return el('dl', { class: 'figures' }, ...entries.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, count(value)))));
}

function durationsOf(of: SessionDuration): HTMLElement {
  const entries: readonly (readonly [name: string, seconds: number | null])[] = [
    ['Half at most', of.p50Seconds], ['Average', of.averageSeconds], ['9 of 10 at most', of.p90Seconds], ['99 of 100 at most', of.p99Seconds],
  ];
  return bars(
    'How long sessions lasted', ['', 'Time'],
    entries.flatMap(([name, value]) => value === null ? [] : [{ name, value, shown: duration(value) }]), 'No session ended.');
}

function failuresOf(failed: FailedLogins): readonly Node[] {
  return [
    table<FailedAccount>({
      caption: failed.accountsComplete ? 'With which emails' : 'With which emails most',
      columns: [
        { title: 'User, or key of an email without account', cell: ({ userId, accountKey }) => userId === null ? accountKey : userLink(userId) },
        { title: 'Failed logins', cell: each => count(each.failedLogins), numeric: true },
        { title: 'Last', cell: each => timeOf(each.lastAt, time(each.lastAt)) },
      ],
      rows: failed.accounts,
      empty: 'No login failed.',
    }),
    table({
      caption: failed.addressesComplete ? 'From which addresses' : 'From which addresses most',
      columns: [
        { title: 'Address', cell: each => each.address },
        { title: 'Failed logins', cell: each => count(each.failedLogins), numeric: true },
        { title: 'Last', cell: each => timeOf(each.lastAt, time(each.lastAt)) },
      ],
      rows: failed.addresses,
      empty: 'No login failed.',
    }),
  ];
}

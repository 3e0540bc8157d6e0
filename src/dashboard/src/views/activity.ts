import { type ActivityList, countNew, createFeed, mostRows } from '../activity-list.ts';
import type { AdminClient } from '../admin-client.ts';
import { formatDuration, formatTime } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { button, el, section } from '../page/dom.ts';
import { filterForm } from '../page/filters.ts';
import { type Place, type Query, toQuery } from '../page/hash.ts';
import type { View } from '../page/layout.ts';
import { live } from '../page/live.ts';
import { announceLoaded, loadSection, type ViewContext } from '../page/section.ts';
import { growingTable } from '../page/table.ts';
import { joinSystem } from '../system.ts';
import { nameOf, texts } from '../texts/texts.ts';
import type { Activities, Activity } from '../wire.ts';
import { chooseUser, findUsers, suggestUsers } from './find-user.ts';
import { addressLink, sessionLink, unknownAccount, userLink } from './links.ts';

/** Every login, failed login and end of a session, of all users. */
export const activity: View = { title: () => texts.activity.title, show };

const kinds = ['login', 'failed_login', 'session_ended'];
const pollEvery = 5_000;
const pageSize = '50';

function show(context: ViewContext, client: AdminClient, { query }: Place): readonly Node[] {
  const form = filterForm('activity', query, [
    { name: 'user', label: texts.activity.user, hint: texts.activity.userHint },
    { name: 'address', label: texts.address },
    { name: 'country', label: texts.country, hint: texts.activity.countryHint },
    { name: 'kind', label: texts.kind, options: kinds.map(kind => [kind, nameOf(kind)] as const), excludes: 'success' },
    {
      name: 'success', label: texts.activity.login, options: [['true', texts.succeeded], ['false', texts.failed]], excludes: 'kind',
      hint: texts.activity.loginHint,
    },
    { name: 'from', label: texts.from, type: 'time' },
    { name: 'to', label: texts.to, type: 'time' },
  ], restart);
  suggestUsers(client, form.element.querySelector('input')!, context.signal);
  let filters = form.query;
  let feed = feedOf(client, filters);
  const renderRows = activityTable(context);
  const shown = loadSection(context, texts.activity.what, signal => feed.older(signal), render);

  async function poll(): Promise<void> {
    const before = feed.list();
    if (!await shown.poll(signal => feed.newer(signal)) || before.readTo === null)
      return;
    const count = countNew(before, feed.list());
    context.announce(count === 0 ? '' : texts.activity.news(count));
  }

  // What was read after its end doesn't change.
  const polling = live(context.signal, pollEvery, poll, () => feed.isOfSeveral() || Date.parse(filters['to'] ?? '') < feed.askedAt());

  function showPolling(): void {
    polling.element.hidden = feed.isOfSeveral();
    polling.show();
  }

  function restart(chosen: Query): void {
    filters = chosen;
    feed = feedOf(client, chosen);
    showPolling();
    void announceLoaded(context, shown.restart());
  }

  function render(found: ActivityList | readonly string[]): readonly Node[] {
    showPolling();
    if (!('rows' in found))
      return chooseUser(filters, found);
    const { rows, next, readTo } = found;
    return [
      renderRows(rows),
      el('p', { class: 'hint' }, next === null && rows.length < mostRows ? texts.activity.all : texts.activity.readTo(formatTime(readTo!))),
      ...next === null ? [] : [button(texts.activity.older, () => void shown.reload(), { 'data-key': 'more' })],
    ];
  }

  return [form.element, section(texts.activity.newest, polling.element, shown.element)];
}

/** What the filters ask for; the emails to choose from, if they are of several users. */
function feedOf(client: AdminClient, filters: Query) {
  let users: readonly string[] = [];
  const { older, newer, ...feed } = createFeed(async (after, tag, signal) => {
    const query = { ...filters, country: filters['country']?.toUpperCase(), user: users[0], after, limit: pageSize };
    return await client.poll<Activities>(`admin/activity${toQuery(query)}`, 'activities', signal, tag);
  });
  const ofOne = <T>(read: (signal: AbortSignal) => Promise<T>) => async (signal: AbortSignal): Promise<T | readonly string[]> => {
    if (users.length === 0)
      users = await findUsers(client, filters['user'] ?? '', signal);
    return users.length > 1 ? users : await read(signal);
  };
  return { ...feed, older: ofOne(older), newer: ofOne(newer), isOfSeveral: () => users.length > 1 };
}

function activityTable(context: ViewContext): (rows: readonly Activity[]) => HTMLElement {
  return growingTable<Activity>({
    caption: texts.activity.title,
    key: row => row.id,
    columns: [
      { title: texts.when, time: row => row.at },
      { title: texts.what, cell: row =>
        el('span', {}, nameOf(row.kind), ...notesOf(row).map(note => el('span', { class: 'note' }, note))) },
      { title: texts.user.one, cell: ({ userId, accountKey }) =>
        userId !== undefined ? userLink(context, userId) : accountKey === undefined ? texts.none : unknownAccount(accountKey) },
      { title: texts.address, cell: row => addressLink(row.address) },
      { title: texts.location, cell: formatLocation },
      { title: texts.system, cell: ({ browser, system }) => joinSystem(browser, system) },
      { title: texts.session.one, csv: ({ sessionId }) => sessionId ?? '', cell: ({ userId, sessionId, at }) =>
        userId === undefined || sessionId === undefined ? texts.none : sessionLink(userId, sessionId, formatTime(at)) },
    ],
    empty: texts.activity.empty,
  });
}

/** What is remarkable about a login, and why and after what time a session ended. */
function notesOf({ reason, durationSeconds, newDevice, newCountry, impossibleTravel }: Activity): string[] {
  return [
    ...reason === undefined ? [] : [nameOf(reason)],
    ...durationSeconds === undefined ? [] : [texts.activity.after(formatDuration(durationSeconds))],
    ...newDevice === true ? [nameOf('new_device')] : [],
    ...newCountry === true ? [nameOf('new_country')] : [],
    ...impossibleTravel === true ? [nameOf('impossible_travel')] : [],
  ];
}

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
import { findUser, suggestUsers } from './find-user.ts';
import { addressLink, sessionLink, unknownAccount, userLink } from './links.ts';

/** Every login, failed login and end of a session, of all users. */
export const activity: View = { title: () => texts.activity.title, show };

const kinds = ['login', 'failed_login', 'session_ended'];
const pollEvery = 5_000;
const pageSize = '50';

function show(context: ViewContext, client: AdminClient, { query }: Place): readonly Node[] {
  let filters: Query = query;
  let feed = feedOf(client, query);
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
  const polling = live(context.signal, pollEvery, poll, () => Date.parse(filters['to'] ?? '') < feed.askedAt());

  function restart(chosen: Query): void {
    filters = chosen;
    feed = feedOf(client, chosen);
    polling.show();
    void announceLoaded(context, shown.restart());
  }

  function render({ rows, next, readTo }: ActivityList): readonly Node[] {
    polling.show();
    return [
      renderRows(rows),
      el('p', { class: 'hint' }, next === null && rows.length < mostRows ? texts.activity.all : texts.activity.readTo(formatTime(readTo!))),
      ...next === null ? [] : [button(texts.activity.older, () => void shown.reload(), { 'data-key': 'more' })],
    ];
  }

  const form = filterForm('activity', query, [
    { name: 'user', label: texts.activity.user, hint: texts.activity.userHint },
    { name: 'address', label: texts.address },
    { name: 'country', label: texts.country, hint: texts.activity.countryHint },
    { name: 'kind', label: texts.kind, options: kinds.map(kind => [kind, nameOf(kind)] as const) },
    { name: 'from', label: texts.from, type: 'time' },
    { name: 'to', label: texts.to, type: 'time' },
  ], restart);
  suggestUsers(client, form.querySelector('input')!, context.signal);
  return [form, section(texts.activity.newest, polling.element, shown.element)];
}

/** What the filters ask for. */
function feedOf(client: AdminClient, filters: Query) {
  // The id or email that the filter means.
  let user: string | null = null;
  return createFeed(async (after, tag, signal) => {
    user ??= await findUser(client, filters['user'] ?? '', signal);
    const query = { ...filters, country: filters['country']?.toUpperCase(), user, after, limit: pageSize };
    return await client.poll<Activities>(`admin/activity${toQuery(query)}`, 'activities', signal, tag);
  });
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

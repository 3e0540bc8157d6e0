import { emptyList, type ActivityList, countNew, withNewer, withOlder } from '../activity-list.ts';
import type { AdminClient } from '../admin-client.ts';
import { formatDuration, formatTime } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { button, el, section } from '../page/dom.ts';
import { filterForm } from '../page/filters.ts';
import { type Place, type Query, toQuery } from '../page/hash.ts';
import type { View } from '../page/layout.ts';
import { live } from '../page/live.ts';
import { loadSection, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
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
  let list: ActivityList = emptyList;
  let tag: string | null = null;
  // The id or email that the filter means.
  let user: string | null = null;

  async function routeOf(after?: string): Promise<string> {
    user ??= await findUser(client, filters['user'] ?? '', context.signal);
    return `admin/activity${toQuery({ ...filters, country: filters['country']?.toUpperCase(), user, after, limit: pageSize })}`;
  }

  const shown = loadSection(context, texts.activity.what, async signal => {
    const answer = await client.poll<Activities>(await routeOf(list.next ?? undefined), 'activities', signal, null);
    if (list.next === null)
      tag = answer!.tag;
    return list = withOlder(list, answer!.body);
  }, render);

  async function poll(): Promise<void> {
    // What ended before now doesn't change.
    if (filters['to'])
      return;
    const asked = list;
    const answer = await client.poll<Activities>(await routeOf(), 'activities', context.signal, tag);
    if (answer === null || list !== asked)
      return;
    tag = answer.tag;
    const before = list;
    list = withNewer(before, answer.body);
    const count = countNew(before, list);
    if (count === 0)
      return;
    shown.show(list);
    context.announce(texts.activity.news(count));
  }

  async function restart(chosen: Query): Promise<void> {
    [filters, list, tag, user] = [chosen, emptyList, null, null];
    context.announce('');
    if (await shown.reload())
      context.announce(texts.loaded);
  }

  function render({ rows, next, readTo }: ActivityList): readonly Node[] {
    return [
      renderTable(context, rows),
      el('p', { class: 'hint' }, next === null ? texts.activity.all : texts.activity.readTo(formatTime(readTo!))),
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
  ], chosen => void restart(chosen));
  suggestUsers(client, form.querySelector('input')!, context.signal);
  return [form, section(texts.activity.newest, live(context.signal, pollEvery, poll), shown.element)];
}

function renderTable(context: ViewContext, rows: readonly Activity[]): HTMLElement {
  return table({
    caption: texts.activity.title,
    key: row => row.id,
    columns: [
      { title: texts.when, time: row => row.at },
      { title: texts.what, cell: row => el('span', {}, nameOf(row.kind), ...notesOf(row).map(note => el('span', { class: 'note' }, note))) },
      { title: texts.user.one, cell: ({ userId, accountKey }) =>
        userId !== undefined ? userLink(context, userId) : accountKey === undefined ? texts.none : unknownAccount(accountKey) },
      { title: texts.address, cell: row => addressLink(row.address) },
      { title: texts.location, cell: formatLocation },
      { title: texts.system, cell: ({ browser, system }) => joinSystem(browser, system) },
      { title: texts.session.one, cell: ({ userId, sessionId, at }) =>
        userId === undefined || sessionId === undefined ? texts.none : sessionLink(userId, sessionId, formatTime(at)) },
    ],
    rows,
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

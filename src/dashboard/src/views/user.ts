import type { Device } from '../../../client/src/index.ts';
import type { AdminClient } from '../admin-client.ts';
import { orNone } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { confirm } from '../page/confirm.ts';
import { button, el, field, form, section, time } from '../page/dom.ts';
import { loadSection, runAction, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import type { Sessions } from '../wire.ts';
import { account } from './account.ts';
import { withCountries } from './countries.ts';
import { history } from './history.ts';

/** One user: the account, and its sessions with their history. */
export function user(context: ViewContext, client: AdminClient, id: string, sessionId?: string): readonly Node[] {
  const route = `admin/accounts/${encodeURIComponent(id)}`;
  const errors = el('div', {});
  const historyPlace = el('div', {}, sessionId === undefined ? null : history(context, client, route, sessionId));
  const byCountry = withCountries(context, 'sessions');
  const sessions = loadSection(context, 'the sessions', signal => client.get<Sessions>(`${route}/sessions`, 'sessions', signal), answer => [
    ...byCountry(answer.sessions, shown => renderSessions(shown, showHistory, session => void end(session))),
    button('End all sessions', () => void end(null), { class: 'danger', 'data-key': 'all', hidden: answer.sessions.length === 0 }),
  ]);

  async function end(session: Device | null): Promise<void> {
    if (!await confirm(`End ${nameOf(session)}?`, session ? 'End it' : 'End them', context.signal)
      || !await runAction(context, errors, client.send('DELETE', `${route}/sessions${session ? `/${session.id}` : ''}`, context.signal)))
      return;
    await sessions.reload();
    context.announce(session ? `The session on ${orNone(session.device)} has ended.` : 'All sessions have ended.');
  }

  function showHistory(ofSession: string): void {
    historyPlace.replaceChildren(history(context, client, route, ofSession));
    historyPlace.querySelector('h2')?.focus();
  }

  const input = el('input', { type: 'text', name: 'session', autocomplete: 'off', spellcheck: 'false', required: true, pattern: '[0-9a-f]{32}' });
  return [
    el('p', {}, el('a', { href: '#users' }, 'All users')),
    account(context, client, route, () => void sessions.reload()),
    section('Sessions', errors, sessions.element),
    form(
      { class: 'search', 'aria-label': 'Another session' }, () => showHistory(input.value),
      field('History of another session, by id', input, '32 hexadecimal digits. The session may have ended.'),
      el('div', { class: 'actions' }, el('button', {}, 'Show')),
    ),
    historyPlace,
  ];
}

const nameOf = (session: Device | null): string => session ? `the session on ${orNone(session.device)}` : 'all sessions of this user';

function renderSessions(rows: readonly Device[], showHistory: (id: string) => void, end: (session: Device) => void): HTMLElement {
  return table({
    caption: 'Active sessions',
    key: session => session.id,
    columns: [
      { title: 'Device', cell: session => orNone(session.device) + (session.current ? ' (this one)' : '') },
      { title: 'Actions', cell: session => el(
        'span', { class: 'actions' },
        button('History', () => showHistory(session.id), { 'aria-label': `History of ${nameOf(session)}` }),
        button('End', () => end(session), { class: 'danger', 'aria-label': `End ${nameOf(session)}` }),
      ) },
      { title: 'Address', cell: session => session.ipAddress },
      { title: 'Location', cell: formatLocation },
      { title: 'Started', time: session => session.createdAt },
      { title: 'Last refresh', time: session => session.lastActivityAt },
      { title: 'Last seen', cell: session => session.online ? 'online now' : time(session.lastSeenAt) },
      { title: 'Expires', time: session => session.expiresAt },
      { title: 'User agent', text: session => session.userAgent },
    ],
    rows,
    empty: 'This user has no session.',
  });
}

import type { Connection } from '../api/connection.ts';
import type { AdminAccount, Session, Sessions } from '../api/wire.ts';
import { orNone, time } from '../format.ts';
import { confirm } from '../page/confirm.ts';
import { el, field, timeOf } from '../page/dom.ts';
import { loaded, type Place, problem } from '../page/loaded.ts';
import { table } from '../page/table.ts';
import { history } from './history.ts';

/** One user: the account, its sessions with a way to end them, and the history of each. */
export function user(place: Place, connection: Connection, id: string, sessionId?: string): readonly Node[] {
  const route = `admin/accounts/${encodeURIComponent(id)}`;
  const account = loaded(place, 'the account', signal => connection.get<AdminAccount>(route, signal), answer => [factsOf(answer)]);
  const failed = el('div', {});
  const past = el('div', {}, sessionId === undefined ? null : history(place, connection, route, sessionId));
  const sessions = loaded(place, 'the sessions', signal => connection.get<Sessions>(`${route}/sessions`, signal), answer => [
    sessionsOf(answer.sessions, showHistory, session => void end(session)),
    el('button', {
      type: 'button', class: 'danger', 'data-key': 'all', hidden: answer.sessions.length === 0, on: { click: () => void end(null) },
    }, 'End all sessions'),
  ]);

  async function end(session: Session | null): Promise<void> {
    const which = session === null ? 'all sessions of this user' : `the session on ${orNone(session.device)}`;
    if (!await confirm(`End ${which}?`, session === null ? 'End them' : 'End it', place.signal))
      return;
    failed.replaceChildren();
    try {
      await connection.send('DELETE', session === null ? `${route}/sessions` : `${route}/sessions/${session.id}`, place.signal);
    } catch (error) {
      if (!place.signal.aborted)
        failed.replaceChildren(problem(error));
      return;
    }
    await sessions.reload();
    place.say(session === null ? 'All sessions are ended.' : `The session on ${orNone(session.device)} is ended.`);
  }

  function showHistory(ofSession: string): void {
    past.replaceChildren(history(place, connection, route, ofSession));
    past.querySelector('h2')?.focus();
  }

  const input = el('input', { type: 'text', name: 'session', autocomplete: 'off', spellcheck: 'false', required: true, pattern: '[0-9a-f]{32}' });
  return [
    el('p', {}, el('a', { href: '#users' }, 'All users')),
    el('section', { 'aria-labelledby': 'account' }, el('h2', { id: 'account', tabindex: -1 }, 'Account'), account.element),
    el('section', { 'aria-labelledby': 'sessions' }, el('h2', { id: 'sessions', tabindex: -1 }, 'Sessions'), failed, sessions.element),
    el(
      'form', { class: 'search', 'aria-label': 'Another session', on: { submit: event => {
        event.preventDefault();
        showHistory(input.value);
      } } },
      field('History of another session, by its id', input, '32 digits, as events and logs have it; also of one that has ended.'),
      el('div', { class: 'actions' }, el('button', { type: 'submit' }, 'Show')),
    ),
    past,
  ];
}

function factsOf(account: AdminAccount): HTMLElement {
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['Email', account.email],
    ['Id', account.id],
    ['Roles', orNone(account.roles.join(', '))],
    ['State', account.disabled ? 'disabled' : 'enabled'],
    ['Made', time(account.createdAt)],
  ];
  return el('dl', { class: 'facts' }, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function sessionsOf(sessions: readonly Session[], showHistory: (id: string) => void, end: (session: Session) => void): HTMLElement {
  return table({
    caption: 'Active sessions',
    key: session => session.id,
    columns: [
      { title: 'Device', cell: session => orNone(session.device) + (session.current ? ' (this one)' : '') },
      { title: 'Actions', cell: session => el(
        'span', { class: 'actions' },
        el('button', { type: 'button', 'aria-label': `History of the session on ${orNone(session.device)}`, on: { click: () => showHistory(session.id) } }, 'History'),
        el('button', { type: 'button', class: 'danger', 'aria-label': `End the session on ${orNone(session.device)}`, on: { click: () => end(session) } }, 'End'),
      ) },
      { title: 'Address', cell: session => session.ipAddress },
      { title: 'Begun', cell: session => timeOf(session.createdAt, time(session.createdAt)) },
      { title: 'Last refresh', cell: session => timeOf(session.lastActivityAt, time(session.lastActivityAt)) },
      { title: 'Last seen', cell: session => session.online ? 'online now' : timeOf(session.lastSeenAt, time(session.lastSeenAt)) },
      { title: 'Expires', cell: session => timeOf(session.expiresAt, time(session.expiresAt)) },
      { title: 'User agent', cell: session => el('span', { class: 'long' }, orNone(session.userAgent)) },
    ],
    rows: sessions,
    empty: 'This user has no session.',
  });
}

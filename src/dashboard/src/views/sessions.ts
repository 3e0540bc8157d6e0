import type { Device } from '../../../client/src/index.ts';
import { formatLocation } from '../locations.ts';
import { ask } from '../page/ask.ts';
import { button, el, section, time } from '../page/dom.ts';
import { loadSection, runAction } from '../page/section.ts';
import { growingTable } from '../page/table.ts';
import { texts } from '../texts/texts.ts';
import type { Sessions } from '../wire.ts';
import { withCountries } from './countries.ts';
import { endingSessions, listSessions } from './ending-sessions.ts';
import { addressLink } from './links.ts';
import { describe, deviceOf, distinct } from './session.ts';
import type { UserPage } from './user.ts';

/** The active sessions of a user. */
export function sessions(page: UserPage) {
  const { context, client, route } = page;
  const errors = el('div', {});
  const byCountry = withCountries(context, texts.session.many);
  const renderTable = sessionsTable(page, session => void act(session));
  const loaded = loadSection(context, texts.session.what, signal => client.get<Sessions>(`${route}/sessions`, 'sessions', signal), ({ sessions: all }) => [
    ...byCountry(all, renderTable),
    button(texts.session.endAll, () => void act(null), { class: 'danger', 'data-key': 'all', hidden: all.length === 0 }),
  ]);

  const act = (only: Device | null): Promise<void> => runAction(context, errors, end(only), page.reload);

  /** Ends one of them, or all, after a confirmation; resolves to what was done, or null if it was cancelled. */
  async function end(only: Device | null): Promise<string | null> {
    const ending = only ? { element: listSessions([only]), loaded: undefined } : endingSessions(page);
    const answer = await ask({
      title: only ? texts.session.endQuestion : texts.session.endAllQuestion(page.name()),
      content: [ending.element, el('p', {}, texts.session.endHint), el('p', { class: 'hint' }, texts.onRecord)],
      answers: [['end', only ? texts.session.end : texts.session.endAll, true]],
      ready: ending.loaded,
    }, context.signal);
    if (answer === null)
      return null;
    await client.send('DELETE', `${route}/sessions${only ? `/${only.id}` : ''}`, { signal: context.signal });
    return only ? texts.session.ended(describe(only)) : texts.session.allEnded;
  }

  return { element: section(texts.session.title, errors, loaded.element), reload: loaded.reload };
}

function sessionsTable({ showHistory }: UserPage, end: (session: Device) => void): (rows: readonly Device[]) => HTMLElement {
  let name: (session: Device) => string = describe;
  const render = growingTable<Device>({
    caption: texts.session.active, isSortable: true,
    key: session => session.id,
    columns: [
      { title: texts.device, cell: session =>
        el('span', {}, deviceOf(session), session.current ? el('span', { class: 'note' }, texts.session.thisOne) : null) },
      { title: texts.actions, actions: session => [
        button(texts.session.history, () => showHistory(session.id), { 'aria-label': texts.session.historyOf(name(session)) }),
        button(texts.session.end, () => end(session), { class: 'danger', 'aria-label': texts.session.endOf(name(session)) }),
      ] },
      { title: texts.address, cell: session => addressLink(session.ipAddress) },
      { title: texts.location, cell: formatLocation },
      { title: texts.session.started, time: session => session.createdAt },
      { title: texts.session.lastSeen, cell: session => session.online ? texts.session.online : time(session.lastSeenAt) },
      { title: texts.session.expires, time: session => session.expiresAt },
    ],
    empty: texts.session.empty,
  });
  return rows => {
    name = distinct(rows, describe);
    return render(rows);
  };
}

import type { Connection } from '../api/connection.ts';
import type { SessionAudit } from '../api/wire.ts';
import { count, orNone, time, words } from '../format.ts';
import { el, timeOf } from '../page/dom.ts';
import { loaded, type Place } from '../page/loaded.ts';
import { table } from '../page/table.ts';
import { userLink } from './links.ts';

type Logs = SessionAudit['logs'];

/** What happened to a session, and whether its record is as it was written. */
export function history(place: Place, connection: Connection, accountRoute: string, sessionId: string): HTMLElement {
  const route = `${accountRoute}/sessions/${encodeURIComponent(sessionId)}/audit`;
  let logs: Logs = [];
  let next: string | undefined;
  const page = loaded(
    place, 'the history',
    signal => connection.get<SessionAudit>(next === undefined ? route : `${route}?after=${encodeURIComponent(next)}`, signal),
    audit => {
      logs = [...logs, ...audit.logs];
      next = audit.next;
      return [verdictOf(audit), tableOf(logs), ...next === undefined ? [] : [moreButton()]];
    });

  function moreButton(): HTMLElement {
    return el('button', { type: 'button', 'data-key': 'more', on: { click: () => void page.reload() } }, 'Show more');
  }

  return el(
    'section', { 'aria-labelledby': 'history' },
    el('h2', { id: 'history', tabindex: -1 }, 'History of a session'),
    el('p', { class: 'hint' }, 'Session ', el('span', { class: 'id' }, sessionId)),
    page.element,
  );
}

function verdictOf({ intact, break: broken, count: entries }: SessionAudit): HTMLElement {
  if (intact)
    return el('p', { class: 'good' }, `The record is intact: it has all of its entries, as they were written (${count(entries)}).`);
  const where = broken?.sequence === null || broken?.sequence === undefined ? '' : ` at entry ${count(broken.sequence)}`;
  return el('p', { class: 'problem', role: 'alert' }, `The record is not as it was written: ${words(broken?.kind ?? 'unknown').toLowerCase()}${where}.`);
}

function tableOf(logs: Logs): HTMLElement {
  return table({
    caption: 'What happened, newest first',
    columns: [
      { title: 'When', cell: ({ entry }) => timeOf(entry.createdAt, time(entry.createdAt)) },
      { title: 'What', cell: ({ entry }) => words(entry.action) },
      { title: 'Result', cell: ({ entry }) => entry.success ? 'done' : words(entry.error ?? 'failed') },
      { title: 'Address', cell: ({ entry }) => orNone(entry.ipAddress) },
      { title: 'Device', cell: ({ entry }) => orNone(entry.device) },
      { title: 'By administrator', cell: ({ entry }) => entry.administrator === undefined ? 'no' : userLink(entry.administrator) },
      { title: 'Entry', cell: ({ sequence }) => sequence === null ? 'of the account' : count(sequence), numeric: true },
      { title: 'User agent', cell: ({ entry }) => el('span', { class: 'long' }, orNone(entry.userAgent)) },
    ],
    rows: logs,
    empty: 'Nothing is on record.',
  });
}

import type { AdminClient } from '../admin-client.ts';
import { formatCount, humanize, orNone } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { el, section } from '../page/dom.ts';
import { loadPages, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import type { SessionAudit } from '../wire.ts';
import { userLink } from './links.ts';

/** The audit log of a session, and whether it is intact. */
export function history(context: ViewContext, client: AdminClient, accountRoute: string, sessionId: string): HTMLElement {
  const route = `${accountRoute}/sessions/${encodeURIComponent(sessionId)}/audit`;
  const entries = loadPages(
    context, 'the history',
    (after, signal) => client.get<SessionAudit>(after === undefined ? route : `${route}?after=${encodeURIComponent(after)}`, 'logs', signal),
    pages => [renderVerdict(pages.at(-1)!), renderTable(pages.flatMap(page => page.logs))]);
  return section('History of a session', el('p', { class: 'hint' }, 'Session ', el('span', { class: 'id' }, sessionId)), entries.element);
}

function renderVerdict({ intact, break: broken, count }: SessionAudit): HTMLElement {
  if (intact)
    return el('p', { class: 'good' }, `The record is intact: all entries are unchanged (${formatCount(count)}).`);
  const { kind = 'unknown', sequence = null } = broken ?? {};
  const where = sequence === null ? '' : ` at entry ${formatCount(sequence)}`;
  return el('p', { class: 'problem', role: 'alert' }, `The record was changed: ${humanize(kind).toLowerCase()}${where}.`);
}

function renderTable(rows: SessionAudit['logs']): HTMLElement {
  return table({
    caption: 'History, newest first',
    columns: [
      { title: 'When', time: ({ entry }) => entry.createdAt },
      { title: 'Event', cell: ({ entry }) => humanize(entry.action) },
      { title: 'Result', cell: ({ entry }) => entry.success ? 'done' : humanize(entry.error ?? 'failed') },
      { title: 'Proof', cell: ({ entry }) => orNone(entry.amr?.join(', ')) },
      { title: 'Address', cell: ({ entry }) => orNone(entry.ipAddress) },
      { title: 'Device', cell: ({ entry }) => orNone(entry.device) },
      { title: 'Location', cell: ({ entry }) => formatLocation(entry) },
      { title: 'Administrator', cell: ({ entry }) => entry.administrator === undefined ? 'none' : userLink(entry.administrator) },
      { title: 'Entry', cell: ({ sequence }) => sequence === null ? 'account' : formatCount(sequence) },
      { title: 'User agent', text: ({ entry }) => entry.userAgent },
    ],
    rows,
    empty: 'No entries.',
  });
}

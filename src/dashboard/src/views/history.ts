import { formatCount } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { el, section } from '../page/dom.ts';
import { toQuery } from '../page/hash.ts';
import { loadPages } from '../page/section.ts';
import { table } from '../page/table.ts';
import { nameOf, orNone, texts } from '../texts/texts.ts';
import type { SessionAudit } from '../wire.ts';
import { proofOf, reasonOf } from './entry.ts';
import { addressLink, userLink } from './links.ts';
import { deviceOf } from './session.ts';
import type { Part, UserPage } from './user.ts';
import { describeVerdict, findingOf, renderFinding } from './verdict.ts';

/** The audit log of a session, and whether it is intact. */
export function sessionHistory(page: UserPage, sessionId: string): Part {
  const route = `${page.route}/sessions/${encodeURIComponent(sessionId)}/audit`;
  const entries = loadPages(
    page.context, texts.history.what,
    (after, signal) => page.client.get<SessionAudit>(route + toQuery({ after }), 'logs', signal),
    pages => [renderVerdict(pages.at(-1)!), renderTable(page, pages.flatMap(({ logs }) => logs))]);
  const name = el('p', { class: 'hint' }, texts.session.one, ' ', el('span', { class: 'id' }, sessionId));
  const element = section(texts.history.title, name, entries.element);
  element.querySelector('h2')!.dataset['focus'] = '';
  return { element, reload: entries.restart };
}

const renderVerdict = (audit: SessionAudit): HTMLElement => renderFinding(findingOf(audit), describeVerdict(audit));

function renderTable({ context }: UserPage, rows: SessionAudit['logs']): HTMLElement {
  return table({
    caption: texts.history.caption,
    columns: [
      { title: texts.when, time: ({ entry }) => entry.createdAt },
      { title: texts.what, cell: ({ entry }) => nameOf(entry.action) },
      { title: texts.result, cell: ({ entry }) => entry.success && entry.error === undefined ? texts.succeeded : reasonOf(entry) },
      { title: texts.proof, cell: ({ entry }) => orNone(proofOf(entry)) },
      { title: texts.device, cell: ({ entry }) => deviceOf(entry) },
      { title: texts.address, cell: ({ entry }) => addressLink(entry.ipAddress ?? '') },
      { title: texts.location, cell: ({ entry }) => formatLocation(entry) },
      { title: texts.timeline.by, cell: ({ entry: { administrator } }) =>
        administrator === undefined ? texts.none : userLink(context, administrator) },
      { title: texts.history.entry, cell: ({ sequence }) => sequence === null ? texts.timeline.ofAccount : formatCount(sequence) },
    ],
    rows,
    empty: texts.timeline.empty,
  });
}

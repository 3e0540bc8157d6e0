import type { LogEntry, LogPage } from '../../../client/src/index.ts';
import { formatTime } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { button, el, section } from '../page/dom.ts';
import { filterForm } from '../page/filters.ts';
import { type Query, toQuery } from '../page/hash.ts';
import { announceLoaded, loadPages, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import { nameOf, texts } from '../texts/texts.ts';
import type { SessionVerdict, UserAudit } from '../wire.ts';
import { proofOf, reasonOf } from './entry.ts';
import { addressLink, userLink } from './links.ts';
import { deviceOf, distinct } from './session.ts';
import type { UserPage } from './user.ts';
import { renderFinding, renderNote, summarize } from './verdict.ts';

type Page = LogPage & Readonly<{ audit: UserAudit }>;

// All of the service; those of sessions first.
export const actions = [
  'login', 'logout', 'logout_all', 'session_revoked', 'session_expired', 'token_reuse', 'token_refresh', 'session_regenerated',
  'stepped_up', 'account_locked', 'password_changed', 'password_reset', 'password_reset_sent', 'email_verified', 'email_changed', 'email_taken_back',
  'passkey_added', 'passkey_reviewed', 'passkey_removed', 'passkey_cloned', 'roles_changed', 'account_secured', 'account_disabled',
  'account_enabled', 'account_created', 'account_closing', 'account_restored',
];

/** The log of a user, with all sessions, and whether the record of each is intact. */
export function timeline(page: UserPage, query: Query) {
  const { context, client, id, route } = page;
  const form = filterForm(`users/${id}`, query, [
    { name: 'action', label: texts.what, options: actions.map(action => [action, nameOf(action)] as const) },
    { name: 'address', label: texts.address },
    { name: 'from', label: texts.from, type: 'time' },
    { name: 'to', label: texts.to, type: 'time' },
  ], chosen => {
    filters = chosen;
    void announceLoaded(context, loaded.restart());
  }, ['session']);
  let filters = form.query;
  const audit = (signal: AbortSignal): Promise<UserAudit> => client.get<UserAudit>(`${route}/audit`, 'sessions', signal);
  let verdicts: UserAudit | null = null;
  const loaded = loadPages<Page>(context, texts.timeline.what, async (after, signal) => {
    const { action, address, from, to } = filters;
    const [logs, known] = await Promise.all([
      client.get<LogPage>(`${route}/logs${toQuery({ action, address, from, to, after, limit: '50' })}`, 'logs', signal),
      after === undefined || verdicts === null ? audit(signal) : verdicts,
    ]);
    return { ...logs, audit: verdicts = known };
  }, pages => render(page, pages.flatMap(({ logs }) => logs), pages.at(-1)!));
  return { element: section(texts.timeline.title, form.element, loaded.element), reload: loaded.restart };
}

function render({ context, showHistory }: UserPage, rows: readonly LogEntry[], { audit, next }: Page): readonly Node[] {
  const verdicts = new Map(audit.sessions.map(verdict => [verdict.sessionId, verdict]));
  const at = distinct(rows, entry => formatTime(entry.createdAt));
  const summary = summarize(audit);
  return [
    renderFinding(summary.worst, texts.record.summary(summary)),
    ...audit.complete ? [] : [el('p', { class: 'hint' }, texts.record.incomplete)],
    table({
      caption: texts.timeline.caption,
      key: entry => entry.id,
      columns: [
        { title: texts.when, time: entry => entry.createdAt },
        { title: texts.what, cell: whatOf },
        { title: texts.device, cell: deviceOf },
        { title: texts.session.one, csv: entry => exported(entry, verdicts), cell: entry =>
          entry.sessionId === null ? texts.timeline.ofAccount
          : el(
            'span', {},
            button(texts.session.history, () => showHistory(entry.sessionId!), {
              'aria-label': texts.session.historyAt(at(entry)), 'data-key': `history ${entry.id}`, title: entry.sessionId,
            }),
            verdictOf(verdicts.get(entry.sessionId)),
          ) },
        { title: texts.address, cell: ({ ipAddress }) => addressLink(ipAddress ?? '') },
        { title: texts.location, cell: formatLocation },
        { title: texts.timeline.by, cell: entry => byWhom(context, entry) },
      ],
      rows,
      empty: next === undefined ? texts.timeline.empty : texts.timeline.emptyPage,
    }),
  ];
}

function whatOf(entry: LogEntry): HTMLElement {
  const { action, success, error } = entry;
  const proof = proofOf(entry);
  return el(
    'span', {}, nameOf(action),
    success && error === undefined ? null : el('span', { class: success ? 'note' : 'note bad' }, reasonOf(entry)),
    proof === null ? null : el('span', { class: 'note' }, `${texts.proof}: ${proof}`),
  );
}

const verdictOf = (verdict: SessionVerdict | undefined): HTMLElement =>
  verdict === undefined ? el('span', { class: 'note' }, texts.record.unread) : renderNote(verdict);

/** The session by its id, with the verdict on its record. */
const exported = ({ sessionId }: LogEntry, verdicts: ReadonlyMap<string, SessionVerdict>): string =>
  sessionId === null ? texts.timeline.ofAccount : `${sessionId}, ${verdictOf(verdicts.get(sessionId)).innerText}`;

const byWhom = (context: ViewContext, { administrator }: LogEntry): HTMLElement | string =>
  administrator === undefined ? texts.none : userLink(context, administrator);

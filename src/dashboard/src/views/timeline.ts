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
import { addressLink, userLink } from './links.ts';
import { deviceOf, distinct } from './session.ts';
import type { UserPage } from './user.ts';
import { renderFinding, renderNote, summarize } from './verdict.ts';

type Page = LogPage & Readonly<{ audit: UserAudit }>;

// What an investigation looks for; the others are in the list without a filter.
const actions = [
  'login', 'logout', 'logout_all', 'session_revoked', 'session_expired', 'token_reuse', 'stepped_up', 'account_locked',
  'password_changed', 'password_reset', 'password_reset_sent', 'email_changed', 'roles_changed', 'account_secured',
  'account_disabled', 'account_enabled', 'passkey_added', 'passkey_reviewed', 'passkey_removed', 'passkey_cloned',
];

/** The log of a user, with all sessions, and whether the record of each is intact. */
export function timeline(page: UserPage, query: Query) {
  const { context, client, id, route } = page;
  let filters = query;
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

  const form = filterForm(`users/${id}`, query, [
    { name: 'action', label: texts.what, options: actions.map(action => [action, nameOf(action)] as const) },
    { name: 'address', label: texts.address },
    { name: 'from', label: texts.from, type: 'time' },
    { name: 'to', label: texts.to, type: 'time' },
  ], chosen => {
    filters = chosen;
    void announceLoaded(context, loaded.restart());
  });
  return { element: section(texts.timeline.title, form, loaded.element), reload: loaded.restart };
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
        { title: texts.session.one, cell: entry => entry.sessionId === null ? texts.timeline.ofAccount
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

const whatOf = ({ action, success, error, amr }: LogEntry): HTMLElement => el(
  'span', {}, nameOf(action),
  success && error === undefined ? null : el('span', { class: success ? 'note' : 'note bad' }, nameOf(error ?? 'failed')),
  amr === undefined ? null : el('span', { class: 'note' }, `${texts.proof}: ${amr.join(', ')}`),
);

const verdictOf = (verdict: SessionVerdict | undefined): HTMLElement =>
  verdict === undefined ? el('span', { class: 'note' }, texts.record.unread) : renderNote(verdict);

const byWhom = (context: ViewContext, { administrator }: LogEntry): HTMLElement | string =>
  administrator === undefined ? texts.none : userLink(context, administrator);

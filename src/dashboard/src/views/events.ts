import type { Connection } from '../api/connection.ts';
import type { SecurityEvent, SecurityEvents, SecurityEvidence } from '../api/wire.ts';
import { count, orNone, time, words } from '../format.ts';
import { el, field, timeOf } from '../page/dom.ts';
import { loaded, type Place } from '../page/loaded.ts';
import { table } from '../page/table.ts';
import { sessionLink, userLink } from './links.ts';
import type { View } from './view.ts';

/** What somebody should look at, newest first. */
export const events: View = { title: 'Security events', show };

const kinds = ['address_flagged', 'token_reuse', 'account_locked', 'new_device', 'login_burst', 'failed_login_burst'];

function show(place: Place, connection: Connection): readonly Node[] {
  let shown: readonly SecurityEvent[] = [];
  let next: string | undefined;
  const chosen = el(
    'select', { name: 'kind', on: { change: () => void restart() } },
    el('option', { value: '' }, 'All'),
    ...kinds.map(kind => el('option', { value: `&kind=${kind}` }, words(kind))),
    el('option', { value: '&delivery=dead_letter' }, 'Not taken by the webhook'),
  );
  const list = loaded(
    place, 'the events',
    signal => connection.get<SecurityEvents>(
      `admin/security/events?limit=50${chosen.value}${next === undefined ? '' : `&after=${encodeURIComponent(next)}`}`, signal),
    page => {
      shown = [...shown, ...page.events];
      next = page.next;
      return [tableOf(shown), ...next === undefined ? [] : [moreButton()]];
    });

  function moreButton(): HTMLElement {
    return el('button', { type: 'button', 'data-key': 'more', on: { click: () => void list.reload() } }, 'Show more');
  }

  async function restart(): Promise<void> {
    shown = [];
    next = undefined;
    place.say('');
    if (await list.reload())
      place.say('The list is there.');
  }

  return [
    el('div', { class: 'search' }, field('Kind', chosen)),
    el('section', { 'aria-labelledby': 'events' }, el('h2', { id: 'events', tabindex: -1 }, 'What to look at'), list.element),
  ];
}

function tableOf(events: readonly SecurityEvent[]): HTMLElement {
  return table({
    caption: 'Security events, newest first',
    columns: [
      { title: 'When', cell: event => timeOf(event.at, time(event.at)) },
      { title: 'What', cell: event => words(event.kind) },
      { title: 'Address', cell: event => event.address },
      { title: 'User', cell: event => event.userId === null ? 'none' : userLink(event.userId) },
      { title: 'Session', cell: event => event.userId === null || event.sessionId === null ? 'none' : sessionLink(event.userId, event.sessionId) },
      { title: 'Evidence', cell: event => event.evidence === undefined ? 'none' : evidenceOf(event.evidence) },
      { title: 'Webhook', cell: event => orNone(event.delivery?.replace('_', ' ')) },
    ],
    rows: events,
    empty: 'There are no such events.',
  });
}

function evidenceOf(evidence: SecurityEvidence): HTMLElement {
  const { count: all, failures, distinctAccounts, distinctAddresses, windowMinutes, firstAt, lastAt } = evidence;
  return el(
    'span', { class: 'long' },
    `Logins: ${count(all)}, failed: ${count(failures)}, emails: ${count(distinctAccounts)}, addresses: ${count(distinctAddresses)}, `
      + `within ${count(windowMinutes)} min, from `,
    timeOf(firstAt, time(firstAt)), ' to ', timeOf(lastAt, time(lastAt)),
  );
}

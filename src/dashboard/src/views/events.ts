import type { AdminClient } from '../admin-client.ts';
import { formatCount, humanize, orNone } from '../format.ts';
import { formatChange, formatLocation } from '../locations.ts';
import { el, field, section, time } from '../page/dom.ts';
import type { View } from '../page/layout.ts';
import { loadPages, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import type { SecurityEvent, SecurityEvents, SecurityEvidence } from '../wire.ts';
import { withCountries } from './countries.ts';
import { sessionLink, userLink } from './links.ts';

/** Security events, newest first. */
export const events: View = { title: 'Security events', show };

const kinds = [
  'address_flagged', 'token_reuse', 'account_locked', 'new_device', 'new_country', 'impossible_travel', 'country_changed', 'login_burst', 'failed_login_burst',
  'mail_limit_reached', 'mail_undeliverable', 'passkey_cloned', 'account_erased',
];

function show(context: ViewContext, client: AdminClient): readonly Node[] {
  const filter = el(
    'select', { name: 'kind', on: { change: () => void restart() } },
    el('option', { value: '' }, 'All'),
    ...kinds.map(kind => el('option', { value: `&kind=${kind}` }, humanize(kind))),
    el('option', { value: '&delivery=dead_letter' }, 'Not accepted by the webhook'),
  );
  const byCountry = withCountries(context, 'events');
  const list = loadPages(
    context, 'the events',
    (after, signal) => client.get<SecurityEvents>(
      `admin/security/events?limit=50${filter.value}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`, 'events', signal),
    pages => byCountry(pages.flatMap(page => page.events), renderTable));

  async function restart(): Promise<void> {
    context.announce('');
    if (await list.restart())
      context.announce('List loaded.');
  }

  return [el('div', { class: 'search' }, field('Kind', filter)), section('Events', list.element)];
}

function renderTable(rows: readonly SecurityEvent[]): HTMLElement {
  return table({
    caption: 'Security events, newest first',
    columns: [
      { title: 'When', time: event => event.at },
      { title: 'What', cell: event => humanize(event.kind) },
      { title: 'Address', cell: event => orNone(event.address) },
      { title: 'Location', cell: formatLocation },
      { title: 'User', cell: ({ userId }) => userId === null ? 'none' : userLink(userId) },
      { title: 'Session', cell: ({ userId, sessionId }) => userId === null || sessionId === null ? 'none' : sessionLink(userId, sessionId) },
      { title: 'Evidence', cell: ({ evidence, locationChange }) => locationChange ? formatChange(locationChange) : evidence ? renderEvidence(evidence) : 'none' },
      { title: 'Webhook', cell: ({ delivery }) => orNone(delivery?.replace('_', ' ')) },
    ],
    rows,
    empty: 'No such events.',
  });
}

function renderEvidence({ count, failures, distinctAccounts, distinctAddresses, windowMinutes, firstAt, lastAt }: SecurityEvidence): HTMLElement {
  return el(
    'span', { class: 'long' },
    `Logins: ${formatCount(count)}, failed: ${formatCount(failures)}, emails: ${formatCount(distinctAccounts)}, `
      + `addresses: ${formatCount(distinctAddresses)}, within ${formatCount(windowMinutes)} min, from `,
    time(firstAt), ' to ', time(lastAt),
  );
}

import type { AdminClient } from '../admin-client.ts';
import { formatTime } from '../format.ts';
import { formatChange, formatLocation } from '../locations.ts';
import { section } from '../page/dom.ts';
import { filterForm } from '../page/filters.ts';
import { type Place, toQuery } from '../page/hash.ts';
import type { View } from '../page/layout.ts';
import { announceLoaded, loadPages, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import { nameOf, orNone, texts } from '../texts/texts.ts';
import type { SecurityEvent, SecurityEvents, SecurityEvidence } from '../wire.ts';
import { withCountries } from './countries.ts';
import { addressLink, sessionLink, userLink } from './links.ts';

/** Security events, newest first. */
export const events: View = { title: () => texts.events.title, show };

const kinds = [
  'address_flagged', 'token_reuse', 'account_locked', 'new_device', 'new_country', 'impossible_travel', 'country_changed',
  'login_burst', 'failed_login_burst', 'mail_limit_reached', 'mail_undeliverable', 'passkey_cloned', 'account_erased',
];
// In place of a kind: the route takes one or the other.
const deadLetter = 'dead_letter';

function show(context: ViewContext, client: AdminClient, { query }: Place): readonly Node[] {
  const options = [...kinds.map(kind => [kind, nameOf(kind)] as const), [deadLetter, texts.events.deadLetter] as const];
  const form = filterForm('events', query, [{ name: 'kind', label: texts.kind, options }], chosen => {
    filters = chosen;
    void announceLoaded(context, list.restart());
  });
  let filters = form.query;
  const byCountry = withCountries(context, texts.events.many);
  const list = loadPages(
    context, texts.events.what,
    (after, signal) => {
      const chosen = filters['kind'] === deadLetter ? { delivery: deadLetter } : { kind: filters['kind'] };
      return client.get<SecurityEvents>(`admin/security/events${toQuery({ limit: '50', ...chosen, after })}`, 'events', signal);
    },
    pages => byCountry(pages.flatMap(page => page.events), rows => renderTable(context, rows)));

  return [form.element, section(texts.events.many, list.element)];
}

function renderTable(context: ViewContext, rows: readonly SecurityEvent[]): HTMLElement {
  return table({
    caption: texts.events.caption,
    columns: [
      { title: texts.when, time: event => event.at },
      { title: texts.what, cell: event => nameOf(event.kind) },
      { title: texts.user.one, cell: ({ userId }) => userId === null ? texts.none : userLink(context, userId) },
      { title: texts.address, cell: event => addressLink(event.address) },
      { title: texts.location, cell: formatLocation },
      { title: texts.why, cell: ({ evidence, locationChange }) =>
        locationChange ? formatChange(locationChange) : evidence ? whyOf(evidence) : texts.none },
      { title: texts.session.one, csv: ({ sessionId }) => sessionId ?? '', cell: ({ userId, sessionId, at }) =>
        userId === null || sessionId === null ? texts.none : sessionLink(userId, sessionId, formatTime(at)) },
      { title: texts.events.webhook, cell: ({ delivery }) => delivery === null ? texts.none : orNone(delivery && nameOf(delivery)) },
    ],
    rows,
    empty: texts.events.empty,
  });
}

const whyOf = (evidence: SecurityEvidence): string =>
  evidence.distinctAddresses > 1 ? texts.events.whyAddresses(evidence) : texts.flags.why(evidence);

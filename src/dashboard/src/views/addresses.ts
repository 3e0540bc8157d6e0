import type { AdminClient } from '../admin-client.ts';
import { formatCount } from '../format.ts';
import { button, el, section, time } from '../page/dom.ts';
import type { View } from '../page/layout.ts';
import { loadSection, runAction, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import type { SuspiciousIp, SuspiciousIps } from '../wire.ts';
import { userLink } from './links.ts';

/** Addresses with too many logins, with the evidence. */
export const addresses: View = { title: 'Flagged addresses', show };

function show(context: ViewContext, client: AdminClient): readonly Node[] {
  const errors = el('div', {});
  const list = loadSection(
    context, 'the flagged addresses', signal => client.get<SuspiciousIps>('admin/suspicious-ips', 'suspiciousIps', signal),
    ({ suspiciousIps }) => [renderTable(suspiciousIps, address => void acknowledge(address))]);

  async function acknowledge(address: string): Promise<void> {
    if (!await runAction(context, errors, client.send('POST', `admin/suspicious-ips/${encodeURIComponent(address)}/acknowledge`, context.signal)))
      return;
    await list.reload();
    context.announce(`${address} is acknowledged.`);
  }

  return [section(
    'Too many logins',
    el('p', { class: 'hint' }, 'A flag disappears when it expires. Acknowledging records that you have seen it. Times are in UTC.'),
    errors,
    list.element,
  )];
}

function renderTable(rows: readonly SuspiciousIp[], acknowledge: (address: string) => void): HTMLElement {
  return table({
    caption: 'Flagged addresses',
    key: flag => flag.address,
    columns: [
      { title: 'Address', cell: flag => flag.address },
      { title: 'Acknowledged', cell: ({ address, acknowledgedAt, acknowledgedBy }) => acknowledgedAt === null
        ? button('Acknowledge', () => acknowledge(address), { 'aria-label': `Acknowledge ${address}` })
        : el('span', {}, time(acknowledgedAt), ' by ', userLink(acknowledgedBy ?? '')) },
      { title: 'Logins', count: flag => flag.count },
      { title: 'Failed', count: flag => flag.failures },
      { title: 'Emails', count: flag => flag.distinctAccounts },
      { title: 'Window', cell: flag => `${formatCount(flag.windowMinutes)} min` },
      { title: 'First', time: flag => flag.firstAt },
      { title: 'Last', time: flag => flag.lastAt },
      { title: 'Expires', time: flag => flag.expiresAt },
    ],
    rows,
    empty: 'No address is flagged.',
  });
}

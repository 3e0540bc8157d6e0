import type { Connection } from '../api/connection.ts';
import type { SuspiciousIp, SuspiciousIps } from '../api/wire.ts';
import { count, time } from '../format.ts';
import { el, timeOf } from '../page/dom.ts';
import { loaded, type Place, problem } from '../page/loaded.ts';
import { table } from '../page/table.ts';
import { userLink } from './links.ts';
import type { View } from './view.ts';

/** The addresses that logged in too often, with what speaks against them. */
export const addresses: View = { title: 'Flagged addresses', show };

function show(place: Place, connection: Connection): readonly Node[] {
  const failed = el('div', {});
  const list = loaded(
    place, 'the flagged addresses', signal => connection.get<SuspiciousIps>('admin/suspicious-ips', signal),
    ({ suspiciousIps }) => [tableOf(suspiciousIps, address => void acknowledge(address))]);

  async function acknowledge(address: string): Promise<void> {
    failed.replaceChildren();
    try {
      await connection.send('POST', `admin/suspicious-ips/${encodeURIComponent(address)}/acknowledge`, place.signal);
    } catch (error) {
      if (!place.signal.aborted)
        failed.replaceChildren(problem(error));
      return;
    }
    await list.reload();
    place.say(`${address} is acknowledged.`);
  }

  return [el(
    'section', { 'aria-labelledby': 'addresses' },
    el('h2', { id: 'addresses', tabindex: -1 }, 'Too many logins'),
    el('p', { class: 'hint' }, 'A flag goes by itself when it expires. Acknowledging it notes that you have seen it. Times are in UTC.'),
    failed,
    list.element,
  )];
}

function tableOf(flags: readonly SuspiciousIp[], acknowledge: (address: string) => void): HTMLElement {
  return table({
    caption: 'Flagged addresses',
    key: flag => flag.address,
    columns: [
      { title: 'Address', cell: flag => flag.address },
      { title: 'Acknowledged', cell: flag => flag.acknowledgedAt === null
        ? el('button', { type: 'button', 'aria-label': `Acknowledge ${flag.address}`, on: { click: () => acknowledge(flag.address) } }, 'Acknowledge')
        : el('span', {}, timeOf(flag.acknowledgedAt, time(flag.acknowledgedAt)), ' by ', userLink(flag.acknowledgedBy ?? '')) },
      { title: 'Logins', cell: flag => count(flag.count), numeric: true },
      { title: 'Failed', cell: flag => count(flag.failures), numeric: true },
      { title: 'Emails', cell: flag => count(flag.distinctAccounts), numeric: true },
      { title: 'Window', cell: flag => `${count(flag.windowMinutes)} min` },
      { title: 'First', cell: flag => timeOf(flag.firstAt, time(flag.firstAt)) },
      { title: 'Last', cell: flag => timeOf(flag.lastAt, time(flag.lastAt)) },
      { title: 'Expires', cell: flag => timeOf(flag.expiresAt, time(flag.expiresAt)) },
    ],
    rows: flags,
    empty: 'No address is flagged.',
  });
}

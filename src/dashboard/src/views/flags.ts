import type { AdminClient } from '../admin-client.ts';
import { button, el, section, time } from '../page/dom.ts';
import type { View } from '../page/layout.ts';
import { loadSection, runAction, type ViewContext } from '../page/section.ts';
import { growingTable } from '../page/table.ts';
import { texts } from '../texts/texts.ts';
import type { SuspiciousIp, SuspiciousIps } from '../wire.ts';
import { addressLink, userLink } from './links.ts';

/** Addresses with too many logins, worst first, with the evidence. */
export const flags: View = { title: () => texts.flags.title, show };

function show(context: ViewContext, client: AdminClient): readonly Node[] {
  const errors = el('div', {});
  const renderTable = flagsTable(context, flag => void runAction(context, errors, toggle(flag), list.reload));
  const list = loadSection(
    context, texts.flags.what, signal => client.get<SuspiciousIps>('admin/suspicious-ips', 'suspiciousIps', signal),
    ({ suspiciousIps }) => [renderTable(suspiciousIps)]);

  /** Acknowledges a flag, or undoes that; resolves to what was done. */
  async function toggle({ address, acknowledgedAt }: SuspiciousIp): Promise<string> {
    const route = `admin/suspicious-ips/${encodeURIComponent(address)}/acknowledge`;
    await client.send(acknowledgedAt === null ? 'POST' : 'DELETE', route, { signal: context.signal });
    return acknowledgedAt === null ? texts.flags.acknowledged(address) : texts.flags.undone(address);
  }

  return [section(texts.flags.tooMany, el('p', { class: 'hint' }, texts.flags.hint), errors, list.element)];
}

function flagsTable(context: ViewContext, toggle: (flag: SuspiciousIp) => void): (rows: readonly SuspiciousIp[]) => HTMLElement {
  return growingTable<SuspiciousIp>({
    caption: texts.flags.title, isSortable: true,
    key: flag => flag.address,
    columns: [
      { title: texts.address, cell: flag => addressLink(flag.address) },
      { title: texts.why, cell: flag => texts.flags.why(flag) },
      { title: texts.actions, actions: flag => [
        flag.acknowledgedAt === null
          ? button(texts.flags.acknowledge, () => toggle(flag), { 'aria-label': texts.flags.acknowledgeOf(flag.address) })
          : button(texts.flags.undo, () => toggle(flag), { 'aria-label': texts.flags.undoOf(flag.address) }),
      ] },
      { title: texts.flags.seen, cell: ({ acknowledgedAt, acknowledgedBy }) => acknowledgedAt === null
        ? texts.no
        : el('span', {}, time(acknowledgedAt), ' ', acknowledgedBy === null ? '' : userLink(context, acknowledgedBy)) },
      { title: texts.flags.first, time: flag => flag.firstAt },
      { title: texts.flags.last, time: flag => flag.lastAt },
      { title: texts.session.expires, time: flag => flag.expiresAt },
    ],
    empty: texts.flags.empty,
  });
}

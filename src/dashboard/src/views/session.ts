import type { SessionLocation } from '../../../client/src/index.ts';
import { formatTime } from '../format.ts';
import { formatLocation } from '../locations.ts';
import { el } from '../page/dom.ts';
import { systemOf } from '../system.ts';
import { orNone, texts } from '../texts/texts.ts';

/** What tells a session from others: of a session, or of an entry of its log. */
export interface SessionTraits {
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly location?: SessionLocation;
  readonly createdAt: string;
}

/** The device, and system and browser where its name doesn't tell them; the user agent is the title. */
export function deviceOf({ device, userAgent }: Pick<SessionTraits, 'device' | 'userAgent'>): HTMLElement {
  const system = systemOf(userAgent);
  return el(
    'span', { title: userAgent }, orNone(device ?? system),
    ...device !== null && system !== null && system !== device && system !== texts.unknown ? [el('span', { class: 'note' }, system)] : []);
}

/** Names that tell rows apart: of equal ones the second is `name (2)`. */
export function distinct<Row>(rows: readonly Row[], nameOf: (row: Row) => string): (row: Row) => string {
  const counts = new Map<string, number>();
  const names = new Map(rows.map(row => {
    const name = nameOf(row);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [row, count === 1 ? name : `${name} (${count})`];
  }));
  return row => names.get(row)!;
}

/** Device, place, address and time in one line. */
export const describe = (session: SessionTraits): string => [
  orNone(session.device ?? systemOf(session.userAgent)), formatLocation(session), orNone(session.ipAddress),
  texts.session.since(formatTime(session.createdAt)),
].join(', ');

import { nameOf, texts } from '../texts/texts.ts';
import type { Verdict } from '../wire.ts';

/** Whether somebody has changed a record. One that predates the chains is no cause for alarm. */
export const isBroken = ({ intact, break: broken }: Verdict): boolean => !intact && broken?.kind !== 'not_chained';

/** What is wrong with a record, and where. */
export function renderBreak({ break: broken }: Verdict): string {
  const { kind = 'unknown', sequence = null } = broken ?? {};
  return texts.history.broken(nameOf(kind), sequence);
}

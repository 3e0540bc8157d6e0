import { nameOf, texts } from '../texts/texts.ts';
import type { Verdict } from '../wire.ts';

/** What is wrong with a record, and where. */
export function renderBreak({ break: broken }: Verdict): string {
  const { kind = 'unknown', sequence = null } = broken ?? {};
  return texts.history.broken(nameOf(kind), sequence);
}

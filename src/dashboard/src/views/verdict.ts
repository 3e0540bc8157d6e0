import { el } from '../page/dom.ts';
import { nameOf, texts } from '../texts/texts.ts';
import type { SessionVerdict, UserAudit, Verdict } from '../wire.ts';

/** What a verdict says of a record. Only an altered one is cause for alarm, as by AuditVerdict.IsAltered of the service. */
export type Finding = 'intact' | 'altered' | 'unchecked';

export function findingOf({ intact, break: broken }: Verdict): Finding {
  if (intact)
    return 'intact';
  return broken?.kind === 'not_chained' || broken?.kind === 'key_unknown' ? 'unchecked' : 'altered';
}

/** How many records are intact, were altered and can't be checked, and the worst of these. */
export function summarize({ sessions }: Pick<UserAudit, 'sessions'>) {
  const findings = sessions.map(findingOf);
  const count = (found: Finding): number => findings.filter(each => each === found).length;
  const [altered, unchecked, intact] = [count('altered'), count('unchecked'), count('intact')];
  const worst: Finding = altered > 0 ? 'altered' : unchecked > 0 || intact === 0 ? 'unchecked' : 'intact';
  return { worst, altered, unchecked, intact };
}

/** A paragraph about one or more records. */
export const renderFinding = (finding: Finding, text: string): HTMLElement =>
  el('p', finding === 'altered' ? { class: 'problem', role: 'alert' } : { class: finding === 'intact' && 'good' }, text);

/** The verdict on the record of a session in a sentence. */
export function describeVerdict(verdict: Verdict & Readonly<{ count: number }>): string {
  const { kind = 'unknown', sequence = null } = verdict.break ?? {};
  const finding = findingOf(verdict);
  return finding === 'intact' ? texts.record.intact(verdict.count)
    : finding === 'altered' ? texts.record.altered(nameOf(kind), sequence)
    : texts.record.unchecked[kind === 'key_unknown' ? kind : 'not_chained'];
}

/** The same in a few words, unless it is an alarm. */
export function renderNote(verdict: SessionVerdict): HTMLElement {
  const finding = findingOf(verdict);
  return finding === 'altered' ? el('strong', { class: 'note bad' }, describeVerdict(verdict))
    : finding === 'intact' ? el('span', { class: 'note good' }, texts.record.intactNote)
    : el('span', { class: 'note' }, texts.record.uncheckedNote(nameOf(verdict.break!.kind)));
}

import { expect, test } from 'vitest';
import { texts } from '../texts/texts.ts';
import type { Verdict } from '../wire.ts';
import { describeVerdict, findingOf, summarize } from './verdict.ts';

const broken = (kind: string): Verdict => ({ intact: false, break: { kind, sequence: null } });
const sessions = (...verdicts: readonly Verdict[]) => verdicts.map((verdict, i) => ({ sessionId: `${i}`, count: 2, ...verdict }));

test.each([
  ['entry_missing', 'altered'], ['entry_changed', 'altered'], ['entry_added', 'altered'], ['end_missing', 'altered'], ['session_changed', 'altered'],
  ['cut_changed', 'altered'], ['not_chained', 'unchecked'], ['key_unknown', 'unchecked'], ['one of a newer service', 'altered'],
] as const)('a record with the break %s is %s', (kind, finding) => {
  expect(findingOf(broken(kind))).toBe(finding);
});

test('the headline counts what can\'t be checked apart, and only an altered record is an alarm', () => {
  const headline = (...verdicts: readonly Verdict[]) => {
    const summary = summarize({ sessions: sessions(...verdicts) });
    return [summary.worst, texts.record.summary(summary)];
  };
  expect(headline({ intact: true }, { intact: true })).toEqual(['intact', 'Records of sessions: 2 intact.']);
  expect(headline({ intact: true }, broken('not_chained'), broken('key_unknown'))).toEqual(['unchecked', 'Records of sessions: 1 intact, 2 can\'t be checked.']);
  expect(headline({ intact: true }, broken('not_chained'), broken('entry_missing')))
    .toEqual(['altered', 'Records of sessions: 1 altered, 1 intact, 1 can\'t be checked.']);
  expect(headline()).toEqual(['unchecked', 'The log has no session whose record could be checked.']);
});

test('a sentence says why a record can\'t be checked, or what was altered', () => {
  expect(describeVerdict({ count: 2, ...broken('key_unknown') })).toMatch(/can't be checked: .* doesn't have the key/);
  expect(describeVerdict({ count: 2, ...broken('not_chained') })).toMatch(/can't be checked: .* has no audit chain\. .* older than the chain/);
  expect(describeVerdict({ count: 2, intact: false, break: { kind: 'entry_missing', sequence: 3 } })).toBe('The record was altered: entry missing at entry 3.');
});

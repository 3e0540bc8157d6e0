import { expect, test } from 'vitest';
import type { LogEntry } from '../../../client/src/index.ts';
import openapi from '../../../Serverless.Functions/Http/openapi.json';
import { texts } from '../texts/texts.ts';
import { proofOf, reasonOf } from './entry.ts';
import { actions } from './timeline.ts';

const entry: LogEntry = {
  id: '1', action: 'login', sessionId: null, device: null, userAgent: null, ipAddress: null, success: false, createdAt: '2026-03-14T09:26:53Z',
};

test.each([
  ['invalid_credentials', 'Wrong password'], ['email_not_verified', 'Email not verified'], ['account_closing', 'Account closing'],
  ['location_refused', 'Location refused'], ['captcha_required', 'Captcha required'], ['passkey_unknown', 'Unknown passkey'],
  ['passkey_invalid', 'Passkey not accepted'], ['passkey_for_review', 'Passkey waiting for review'], ['of_a_newer_service', 'Of a newer service'],
  [undefined, 'Failed'],
])('a login that failed with %s says why: %s', (error, words) => {
  expect(reasonOf({ ...entry, ...error !== undefined && { error } })).toBe(words);
  expect(error === undefined || error === 'of_a_newer_service' || error in texts.names).toBe(true);
});

test('the id of a cloned passkey is shown as it is', () => {
  expect(reasonOf({ ...entry, action: 'passkey_cloned', error: 'ab12' })).toBe('Passkey ab12');
});

test('a proof is told in words, and one of a newer service as it is', () => {
  expect(proofOf({ ...entry, amr: ['swk', 'user', 'mfa'] })).toBe('synced passkey, user present, unlocked by PIN or biometrics');
  expect(proofOf({ ...entry, amr: ['pwd', 'otp'] })).toBe('password, otp');
  expect(proofOf(entry)).toBe(null);
});

test('the log can be filtered by each action of the service, and each has a name', () => {
  const parameters = openapi.paths['/admin/accounts/{userId}/logs'].get.parameters as { name: string; schema: { enum?: string[] } }[];
  expect(actions.toSorted()).toEqual(parameters.find(({ name }) => name === 'action')!.schema.enum!.toSorted());
  expect(actions.filter(action => !(action in texts.names))).toEqual([]);
});

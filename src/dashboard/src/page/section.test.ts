import { expect, test, vi } from 'vitest';
import { SessionError } from '../../../client/src/index.ts';
import api from '../../../Serverless.Functions/Http/openapi.json';
import { setLanguage, texts } from '../texts/texts.ts';
import { messageOf } from './section.ts';

test('a problem is told in the language of the page, and in the service\'s words where they say more', async () => {
  await setLanguage('de');
  expect(messageOf(new SessionError('wrong_password', 'The password is wrong.', { status: 403 }))).toBe('Das Passwort ist falsch.');
  expect(messageOf(new SessionError('invalid_request', 'The request is not valid. from: is no time.', { status: 400 }))).toContain('from: is no time.');
  await setLanguage('en');
});

test('a fault of the page is told, and reported as uncaught', () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const fault = new RangeError('Invalid argument.');
  expect(messageOf(fault)).toBe('This page failed. Reload it.');
  expect(report.mock.calls).toEqual([[fault]]);
  vi.unstubAllGlobals();
});

/** Whose detail says more than their code, or with which the session ends. */
const withoutText = [
  'invalid_request', 'forbidden', 'email_taken', 'payload_too_large', 'unsupported_media_type', 'origin_not_allowed',
  'token_invalid', 'token_expired', 'token_reused', 'session_ended',
];

test('each problem that an administrator can meet has a text', () => {
  const routes = Object.entries(api.paths).filter(([path]) => /^\/(admin\/|sessions\/(login|logout|refresh|step-up|passkey))/.test(path));
  const references = JSON.stringify(routes).matchAll(/#\/components\/responses\/([\w.]+)/g);
  const codes = new Set([...references].flatMap(([, names]) => names!.split('.')).filter(name => name !== 'cookie'));
  expect([...codes].filter(code => !(code in texts.errors)).toSorted()).toEqual(withoutText.toSorted());
});

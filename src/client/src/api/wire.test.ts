import { expect, test } from 'vitest';
import heartbeat from '../../../../tests/EndToEnd.Tests/Golden/heartbeat.json';
import loginCookie from '../../../../tests/EndToEnd.Tests/Golden/login-cookie.json';
import login from '../../../../tests/EndToEnd.Tests/Golden/login.json';
import logs from '../../../../tests/EndToEnd.Tests/Golden/my-session-logs.json';
import sessions from '../../../../tests/EndToEnd.Tests/Golden/my-sessions.json';
import notices from '../../../../tests/EndToEnd.Tests/Golden/notices.json';
import problem from '../../../../tests/EndToEnd.Tests/Golden/problem.json';
import refreshCookie from '../../../../tests/EndToEnd.Tests/Golden/refresh-cookie.json';
import refresh from '../../../../tests/EndToEnd.Tests/Golden/refresh.json';
import status from '../../../../tests/EndToEnd.Tests/Golden/status.json';
import openApi from '../../../Serverless.Functions/Discovery/openapi.json';
import type { SessionErrorCode } from './error.ts';
import type { Device, Heartbeat, LogPage, LoginResponse, NoticePage, ProblemDetails, RefreshResponse, SessionStatus } from './wire.ts';

// The shape of a type. The compiler compares it with the type, the test with the golden file of the C# suites.
type Shape<T> =
  [T] extends [string] ? 'text'
  : [T] extends [string | null] ? 'text?'
  : [T] extends [number] ? 'number'
  : [T] extends [boolean] ? 'boolean'
  : [T] extends [readonly (infer Item)[]] ? readonly [Shape<Item>]
  : Fields<T>;
type Fields<T> = { readonly [K in keyof T as {} extends Pick<T, K> ? `${K & string}?` : K]-?: Shape<Exclude<T[K], undefined>> };

const account: Fields<LoginResponse['account']> = { id: 'text', email: 'text', roles: ['text'] };
const session: Fields<SessionStatus['session']> = {
  id: 'text', device: 'text?', userAgent: 'text?', ipAddress: 'text', createdAt: 'text', lastActivityAt: 'text', expiresAt: 'text',
  absoluteExpiresAt: 'text', current: 'boolean',
};
const device: Fields<Device> = { ...session, lastSeenAt: 'text', online: 'boolean' };
const tokens = { tokenType: 'text', accessToken: 'text', expiresIn: 'number', refreshExpiresIn: 'number' } as const;
const loginShape: Fields<LoginResponse> = { ...tokens, 'refreshToken?': 'text', session: device, account };
const refreshShape: Fields<RefreshResponse> = {
  ...tokens, 'refreshToken?': 'text', session: { id: 'text', lastActivityAt: 'text', expiresAt: 'text', absoluteExpiresAt: 'text' },
};
const statusShape: Fields<SessionStatus> = { active: 'boolean', session, account, accessTokenExpiresAt: 'text', serverTime: 'text' };
const logEntry: Fields<LogPage['logs'][number]> = {
  'id': 'text', 'action': 'text', 'sessionId': 'text?', 'device': 'text?', 'userAgent': 'text?', 'ipAddress': 'text?', 'administrator?': 'text',
  'success': 'boolean', 'error?': 'text', 'createdAt': 'text',
};
const notice: Fields<NoticePage['notices'][number]> = {
  number: 'number', kind: 'text', sessionId: 'text', device: 'text?', userAgent: 'text?', ipAddress: 'text', createdAt: 'text',
};
const heartbeatShape: Fields<Heartbeat> = { online: 'boolean', nextHeartbeatMs: 'number', serverTime: 'text' };
const problemShape: Fields<ProblemDetails> = {
  'type': 'text', 'title': 'text', 'status': 'number', 'detail': 'text', 'code': 'text', 'reason?': 'text', 'traceId': 'text',
};

/** The shape of a golden file. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(shapeOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
  if (typeof value !== 'string')
    return typeof value;
  const [, kind, nullable] = /^<(\w+)(\??)>$/.exec(value) ?? [];
  return `${kind === 'boolean' ? 'boolean' : kind === 'integer' || kind === 'count' ? 'number' : 'text'}${nullable ?? ''}`;
}

test.each([
  ['login', login, { ...tokens, refreshToken: 'text', session: device, account }],
  ['login by cookie', loginCookie, { ...tokens, session: device, account }],
  ['refresh', refresh, { ...tokens, refreshToken: 'text', session: refreshShape.session }],
  ['refresh by cookie', refreshCookie, { ...tokens, session: refreshShape.session }],
  ['status', status, statusShape],
  ['my-sessions', sessions, { sessions: [device] }],
  ['my-session-logs', logs, { 'logs': [logEntry], 'next?': 'text' }],
  ['heartbeat', heartbeat, heartbeatShape],
  ['notices', notices, { notices: [notice], nextPollMs: 'number' }],
  ['problem', problem, problemShape],
])('the types match the golden file of %s', (_, golden, shape) => {
  expect(shapeOf(golden)).toEqual(shape);
});

test('only cookie mode lacks the refresh token', () => {
  expect(Object.keys(loginShape)).toContain('refreshToken?');
  expect(login).toHaveProperty('refreshToken');
  expect(loginCookie).not.toHaveProperty('refreshToken');
});

test('every error code of openapi.json is a ProblemCode', () => {
  const codes: Record<Exclude<SessionErrorCode, 'no_session' | 'network_error' | 'unexpected_response' | 'untrusted_origin'>, true> = {
    invalid_request: true, invalid_credentials: true, token_invalid: true, token_expired: true, token_reused: true, session_ended: true,
    forbidden: true, wrong_password: true, email_taken: true, captcha_required: true, origin_not_allowed: true, not_found: true,
    recipient_unknown: true, method_not_allowed: true, payload_too_large: true, unsupported_media_type: true, idempotency_key_reused: true,
    account_locked: true, rate_limited: true, unavailable: true, misconfigured: true, internal_error: true,
  };
  const events = new Set([...JSON.stringify(openApi).matchAll(/"code":\{"enum":\[([^\]]*)\]/g)].flatMap(([, names]) => JSON.parse(`[${names}]`) as string[]));
  expect(events.size).toBeGreaterThan(10);
  expect([...events].filter(code => !(code in codes))).toEqual([]);
});

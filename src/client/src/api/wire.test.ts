import { expect, test } from 'vitest';
import openApi from '../../../Serverless.Functions/Http/openapi.json';
import type { ProblemCode } from './error.ts';
import type {
  Ceremony, Device, Heartbeat, LogPage, LoginResponse, NoticePage, Notifications, Passkey, ProblemDetails, RefreshResponse, SessionLocation, SessionStatus,
  StepUpResponse, StepUpWays,
} from './wire.ts';

// The shape of a type. The compiler compares it with the type, the test with the schema of openapi.json.
type Shape<T> =
  [T] extends [string] ? 'text'
  : [T] extends [string | null] ? 'text?'
  : [T] extends [number] ? 'number'
  : [T] extends [boolean] ? 'boolean'
  : [T] extends [readonly (infer Item)[]] ? readonly [Shape<Item>]
  // What the browser reads.
  : [object] extends [T] ? 'object'
  : Fields<T>;
type Fields<T> = { readonly [K in keyof T as {} extends Pick<T, K> ? `${K & string}?` : K]-?: Shape<Exclude<T[K], undefined>> };

const account: Fields<LoginResponse['account']> = { id: 'text', email: 'text', roles: ['text'] };
const location: Fields<SessionLocation> = {
  'country': 'text', 'region?': 'text', 'city?': 'text', 'latitude?': 'number', 'longitude?': 'number', 'network?': 'number', 'networkName?': 'text',
};
const session: Fields<SessionStatus['session']> = {
  'id': 'text', 'device': 'text?', 'userAgent': 'text?', 'ipAddress': 'text', 'location?': location, 'createdAt': 'text', 'lastActivityAt': 'text',
  'expiresAt': 'text', 'absoluteExpiresAt': 'text', 'current': 'boolean',
};
const device: Fields<Device> = { ...session, lastSeenAt: 'text', online: 'boolean' };
const tokens = { 'tokenType': 'text', 'accessToken': 'text', 'expiresIn': 'number', 'refreshExpiresIn': 'number', 'inactivityTimeout?': 'number' } as const;
const loginShape: Fields<LoginResponse> = { ...tokens, 'refreshToken?': 'text', session: device, account };
const refreshShape: Fields<RefreshResponse> = {
  ...tokens, 'refreshToken?': 'text', session: { id: 'text', lastActivityAt: 'text', expiresAt: 'text', absoluteExpiresAt: 'text' },
};
const statusShape: Fields<SessionStatus> = {
  'active': 'boolean', session, account, 'accessTokenExpiresAt': 'text', 'serverTime': 'text', 'inactivityTimeout?': 'number',
};
const logEntry: Fields<LogPage['logs'][number]> = {
  'id': 'text', 'action': 'text', 'sessionId': 'text?', 'device': 'text?', 'userAgent': 'text?', 'ipAddress': 'text?', 'location?': location, 'administrator?': 'text',
  'success': 'boolean', 'error?': 'text', 'amr?': ['text'], 'createdAt': 'text',
};
const notice: Fields<NoticePage['notices'][number]> = {
  'number': 'number', 'kind': 'text', 'sessionId?': 'text', 'device': 'text?', 'userAgent': 'text?', 'ipAddress': 'text', 'location?': location,
  'createdAt': 'text',
};
const passkey: Fields<Passkey> = {
  id: 'text', credentialId: 'text', name: 'text', provider: 'text?', createdAt: 'text', lastUsedAt: 'text?', isSynced: 'boolean',
  forReview: 'boolean',
};
const ceremony: Fields<Ceremony> = { options: 'object', state: 'text', expiresAt: 'text' };
const stepUpWays: Fields<StepUpWays> = { 'password': 'boolean', 'options?': 'object', 'state?': 'text', 'expiresAt?': 'text' };
const stepUpShape: Fields<StepUpResponse> = { accessToken: 'text', accessTokenExpiresAt: 'text', authenticatedAt: 'text', methods: ['text'] };
const choices = { newDevice: 'boolean', newCountry: 'boolean', impossibleTravel: 'boolean', tokenReuse: 'boolean' } as const;
const notifications: Fields<Notifications> = { mail: choices, push: choices };
const heartbeatShape: Fields<Heartbeat> = { online: 'boolean', nextHeartbeatMs: 'number', serverTime: 'text' };
const problemShape: Fields<ProblemDetails> = {
  'type': 'text', 'title': 'text', 'status': 'number', 'detail': 'text', 'code': 'text', 'reason?': 'text', 'traceId': 'text',
};

type Schema = {
  readonly $ref?: string; readonly type?: string | readonly string[]; readonly items?: Schema; readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
};
const schemas = openApi.components.schemas as unknown as Readonly<Record<string, Schema>>;

function shapeOf({ $ref, type, items, required = [], properties }: Schema): unknown {
  if ($ref !== undefined)
    return shapeOf(schemas[$ref.split('/').at(-1)!]!);
  if (items !== undefined)
    return [shapeOf(items)];
  if (properties !== undefined)
    return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [required.includes(name) ? name : `${name}?`, shapeOf(inner)]));
  const [kind, nullable] = [type].flat();
  return `${kind === 'string' ? 'text' : kind === 'integer' ? 'number' : kind}${nullable === undefined ? '' : '?'}`;
}

// A status leaves out what every other answer has of a session, so the document can't require it.
const anySession = { ...session, 'lastSeenAt?': 'text', 'online?': 'boolean' };

test.each([
  ['Login', { ...loginShape, session: anySession }],
  ['Refresh', refreshShape],
  ['Status', { ...statusShape, session: anySession }],
  ['Sessions', { sessions: [anySession] }],
  ['LogPage', { 'logs': [logEntry], 'next?': 'text' }],
  ['Heartbeat', heartbeatShape],
  ['Notices', { notices: [notice], nextPollMs: 'number' }],
  ['Passkeys', { passkeys: [passkey] }],
  ['Ceremony', ceremony],
  ['StepUpWays', stepUpWays],
  ['StepUp', stepUpShape],
  ['Notifications', notifications],
  ['Problem', problemShape],
])('the types match the schema %s', (name, shape) => {
  expect(shapeOf(schemas[name]!)).toEqual(shape);
});

test('every error code of openapi.json is a ProblemCode', () => {
  const codes: Record<ProblemCode, true> = {
    invalid_request: true, invalid_credentials: true, token_invalid: true, token_expired: true, token_reused: true, session_ended: true,
    forbidden: true, wrong_password: true, email_taken: true, email_not_verified: true, account_closing: true, captcha_required: true, origin_not_allowed: true, not_found: true,
    recipient_unknown: true, method_not_allowed: true, payload_too_large: true, unsupported_media_type: true, idempotency_key_reused: true,
    account_locked: true, rate_limited: true, unavailable: true, misconfigured: true, internal_error: true, insufficient_user_authentication: true,
    ceremony_invalid: true, ceremony_expired: true, ceremony_used: true, passkey_unknown: true, passkey_invalid: true, passkey_wrong_origin: true,
    passkey_wrong_rp: true, passkey_unsupported: true, passkey_exists: true, passkey_limit: true, passkey_cloned: true, passkey_for_review: true,
    reset_impossible: true, last_credential: true,
    password_recovery_off: true, passkey_required: true, location_refused: true,
  };
  const events = new Set([...JSON.stringify(openApi).matchAll(/"code":\{"enum":\[([^\]]*)\]/g)].flatMap(([, names]) => JSON.parse(`[${names}]`) as string[]));
  expect(events.size).toBeGreaterThan(10);
  expect([...events].filter(code => !(code in codes))).toEqual([]);
});

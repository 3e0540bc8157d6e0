import { beforeEach, describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, finished, logout, minute, refresh } from '../../client/src/testing/environment.ts';
import { baseUrl } from '../../client/src/testing/service.ts';
import type { Account, SessionManager } from '../../client/src/index.ts';
import { AdminClient, isReplaced } from './admin-client.ts';
import type { Activities, Secured, SessionAudit } from './wire.ts';

const env = createEnvironment();
const email = 'admin@example.com';
const login = 'POST sessions/login';
const key = `dashboard:serverless-sessions:${baseUrl}/`;
let items: Map<string, string>;
let ended: string[];
let client: AdminClient;
let onStepUp: (manager: SessionManager) => Promise<void>;
let intercept: (request: Request) => Response | null;
let pages: { isOpen: boolean; isHanging: boolean }[];

function open(): AdminClient {
  const page = { isOpen: true, isHanging: false };
  pages.push(page);
  return new AdminClient(`${baseUrl}/`, reason => void ended.push(reason), manager => onStepUp(manager), {
    locks: null,
    fetch: (input, init) => {
      const request = new Request(input, init);
      return page.isOpen ? Promise.resolve(intercept(request)).then(answer => answer ?? env.service.answer(request)) : new Promise((_, reject) => page.isHanging && request.signal.addEventListener('abort', reject));
    },
  });
}

async function reload(): Promise<Account | null> {
  pages.forEach(page => void (page.isOpen = false));
  return await finished(open().restore());
}

beforeEach(() => {
  items = new Map();
  vi.stubGlobal('localStorage', { getItem: (name: string) => items.get(name) ?? null, setItem: items.set.bind(items), removeItem: items.delete.bind(items) });
  [ended, pages] = [[], []];
  intercept = () => null;
  onStepUp = () => Promise.reject(new Error('Cancelled.'));
  env.service.roles = ['admin'];
  client = open();
  return () => vi.unstubAllGlobals();
});

async function logIn(stays = false): Promise<void> {
  await finished(client.login({ email, password: 'right' }, stays));
  env.service.sent.length = 0;
}

const sent = () => env.service.sent.map(({ route }) => route);
// The service's first session.
const id = () => '1'.padStart(32, 'a');
const get = (route = 'admin/logs') => finished(client.get<SessionAudit>(route, 'logs', new AbortController().signal));
const attempts = () => new Set(env.service.sent.filter(({ route }) => route === refresh).map(({ body }) => body['attempt'])).size;
/** Another page of this browser logs in with the cookie. */
const replaceCookie = () => finished(env.service.answer(new Request(`${baseUrl}/sessions/login`, { method: 'POST', body: JSON.stringify({ email: 'other@example.com', cookie: true }) })));

describe('a login', () => {
  test('keeps its tokens in memory', async () => {
    expect(await finished(client.login({ email, password: 'right' }, false))).toMatchObject({ account: { email }, stays: false });
    expect(env.service.sent[0]?.body).toEqual({ email, password: 'right', device: 'Dashboard' });
    expect(items).toEqual(new Map());
    await get();
    expect(env.service.sent.at(-1)?.bearer).toMatch(/^Bearer access\./);
  });

  test('that stays asks for a cookie, and stores ids alone', async () => {
    expect(await finished(client.login({ email, password: 'right' }, true))).toMatchObject({ account: { email }, stays: true });
    expect(env.service.sent[0]?.body).toMatchObject({ cookie: true });
    expect([...items.keys()]).toEqual([key]);
    expect(JSON.parse(items.get(key)!)).toEqual({
      revision: expect.any(Number), id: id(), session: { id: id() }, account: { id: expect.any(String) }, generation: 0, skew: expect.any(Number),
      pending: null, access: null, refreshToken: null,
    });
  });

  test.each([
    { status: 400, code: 'invalid_request', detail: 'cookie: is not available: Cookies__AllowedOrigins is empty.' },
    { status: 403, code: 'origin_not_allowed' },
  ])('goes on without the cookie where it is refused with $code', async refusal => {
    env.service.failNext(login, refusal);
    expect(await finished(client.login({ email, password: 'right' }, true))).toMatchObject({ stays: false });
    expect(env.service.sent.map(({ body }) => body['cookie'])).toEqual([true, undefined]);
    expect(items).toEqual(new Map());
  });

  test('leaves the sessions of other tabs and pages alone, and sends no other request', async () => {
    vi.stubGlobal('document', { visibilityState: 'visible' });
    vi.stubGlobal('window', new EventTarget());
    await replaceCookie();
    const first = open();
    await finished(first.login({ email, password: 'right' }, true));
    await finished(client.login({ email, password: 'right' }, true));
    expect(sent()).toEqual([login, login, login]);
    await finished(client.login({ email, password: 'right' }, false));
    expect([sent().length, items]).toEqual([4, new Map()]);
  });

  test('that is refused for another reason isn\'t repeated', async () => {
    await expect(finished(client.login({ email, password: 'wrong' }, true))).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(sent()).toEqual([login]);
    expect(ended).toEqual([]);
  });

  test.each([false, true])('without the role is refused, and its session ended', async stays => {
    env.service.roles = ['reader'];
    await expect(finished(client.login({ email, password: 'right' }, stays))).rejects.toMatchObject({ code: 'forbidden' });
    expect(sent()).toEqual([login, logout]);
    expect(env.service.endReason(id())).not.toBeNull();
    expect([items, ended]).toEqual([new Map(), []]);
    await expect(get()).rejects.toMatchObject({ code: 'no_session' });
  });
});

describe('a login with a passkey', () => {
  const proof = { state: 'state.9999999999999', credential: { id: 'a' } };

  beforeEach(() => {
    env.service.passkeys = [{ id: '1', credentialId: 'a', name: '', provider: null, createdAt: '', lastUsedAt: null, isSynced: false, forReview: false }];
  });

  test('asks for its options without a session, and needs no password', async () => {
    await finished(client.anonymous.request<{ options: object }>('sessions/passkey/options', 'options', { method: 'POST' }, undefined, false));
    expect(await finished(client.login(proof, true))).toMatchObject({ stays: true });
    expect(env.service.sent.map(({ route, body, bearer }) => [route, body, bearer])).toEqual([
      ['POST sessions/passkey/options', {}, null], ['POST sessions/passkey', { ...proof, device: 'Dashboard', cookie: true }, null],
    ]);
  });

  test('sends the same proof again where the cookie is refused', async () => {
    env.service.failNext('POST sessions/passkey', { status: 403, code: 'origin_not_allowed' });
    expect(await finished(client.login(proof, true))).toMatchObject({ stays: false });
    expect(env.service.sent.map(({ body }) => body['state'])).toEqual([proof.state, proof.state]);
  });
});

describe('a change that needs a fresh proof', () => {
  const refusal = { status: 401, code: 'insufficient_user_authentication' };
  const change = () => finished(client.send('POST', 'accounts/password'));

  test('is repeated after the administrator has given one, however long that took', async () => {
    await logIn();
    onStepUp = async manager => {
      await advance(2 * minute);
      await manager.stepUp({ password: 'right' });
    };
    env.service.failNext('POST accounts/password', refusal);
    await change();
    expect(sent()).toEqual(['POST accounts/password', 'POST sessions/step-up', 'POST accounts/password']);
  });

  test('is refused if that is cancelled, and the session goes on', async () => {
    await logIn();
    env.service.failNext('POST accounts/password', refusal);
    await expect(change()).rejects.toMatchObject({ code: 'insufficient_user_authentication' });
    await change();
    expect([sent(), ended]).toEqual([['POST accounts/password', 'POST accounts/password'], []]);
  });
});

describe('an access token', () => {
  test('that expires on an idle page isn\'t renewed until a request needs it', async () => {
    await logIn();
    await advance(12 * 60 * minute);
    expect(sent()).toEqual([]);
    await Promise.all([get(), get()]);
    expect(sent()).toEqual([refresh, 'GET admin/logs', 'GET admin/logs']);
  });

  test('that the service finds expired is renewed once for all requests, and once for each', async () => {
    await logIn();
    const expired = { status: 401, code: 'token_expired' };
    env.service.failNext('GET admin/logs', expired, expired);
    await Promise.all([get(), get()]);
    expect(env.service.count(refresh)).toBe(1);
    env.service.failNext('GET admin/logs', expired, expired);
    await expect(get()).rejects.toMatchObject({ code: 'token_expired' });
    expect(ended).toEqual([]);
  });

  test('keeps its session through an outage, and is renewed with the same attempt', async () => {
    await logIn();
    await advance(60 * minute);
    env.service.failNext(refresh, { status: 503, code: 'unavailable' }, 'lost reply');
    await expect(get()).rejects.toMatchObject({ code: 'unavailable' });
    await advance(minute);
    await get();
    expect([attempts(), env.service.rotations, ended]).toEqual([1, 1, []]);
  });

  test('ends its session where the refresh is refused, with the reason and once', async () => {
    await logIn();
    await advance(60 * minute);
    env.service.end(id(), 'admin');
    await Promise.allSettled([get(), get()]);
    expect([ended, env.service.count(refresh)]).toEqual([['admin'], 1]);
  });
});

describe('a logout', () => {
  test.each([false, true])('ends the session, though its access token has expired', async stays => {
    await logIn(stays);
    await advance(60 * minute);
    await finished(client.logout());
    expect(env.service.endReason(id())).not.toBeNull();
    expect(sent()).toEqual([refresh, logout]);
    expect([items, ended]).toEqual([new Map(), []]);
    await expect(get()).rejects.toMatchObject({ code: 'no_session' });
  });

  test('that can\'t reach the service says so, and the browser has forgotten the session at once', async () => {
    await logIn(true);
    await advance(60 * minute);
    env.service.isDown = true;
    const failed = client.logout();
    expect(items).toEqual(new Map());
    await expect(finished(failed)).rejects.toMatchObject({ code: 'network_error' });
    expect(items).toEqual(new Map());
  });

  test.each([false, true])('of a session that is over is done', async stays => {
    await logIn(stays);
    env.service.end(id(), 'admin');
    await finished(client.logout());
    expect([sent(), ended]).toEqual([[logout], []]);
  });

  test('never ends the session of another login that has replaced the cookie, and says so', async () => {
    await logIn(true);
    await advance(60 * minute);
    await replaceCookie();
    await expect(finished(client.logout())).rejects.toSatisfy(isReplaced);
    expect(sent()).not.toContain(logout);
  });

  test('with the cookie is done before the next login sets another one', async () => {
    await logIn(true);
    await advance(60 * minute);
    await Promise.all([finished(client.logout()), finished(client.login({ email, password: 'right' }, true))]);
    expect(sent()).toEqual([refresh, logout, login]);
  });

  test('wins over a refresh that is on its way', async () => {
    await logIn(true);
    await advance(60 * minute);
    const asked = get().catch(() => {});
    await advance(10);
    await finished(client.logout());
    await asked;
    expect(items).toEqual(new Map());
    expect(env.service.endReason(id())).not.toBeNull();
  });
});

describe('after a reload', () => {
  test('nothing is asked where no session stays', async () => {
    await logIn();
    expect(await reload()).toBeNull();
    expect(sent()).toEqual([]);
  });

  test('a session that stays goes on', async () => {
    await logIn(true);
    expect(await reload()).toMatchObject({ email });
    expect(sent()).toEqual([refresh, 'GET sessions/status']);
  });

  test('a refresh whose reply was lost is repeated with the same attempt', async () => {
    await logIn(true);
    const { cookie } = env.service;
    await advance(60 * minute);
    env.service.failNext(refresh, 'lost reply', 'lost reply');
    await get().catch(() => {});
    env.service.cookie = cookie;
    await expect(reload()).rejects.toMatchObject({ code: 'network_error' });
    env.service.cookie = cookie;
    await advance(minute);
    expect(await reload()).toMatchObject({ email });
    expect([attempts(), env.service.rotations]).toEqual([1, 1]);
  });

  test('the session of a former administrator is left alone', async () => {
    await logIn(true);
    env.service.roles = [];
    expect(await reload()).toBeNull();
    expect(sent()).not.toContain(logout);
    expect(items).toEqual(new Map());
  });

  test('the cookie of another login isn\'t taken for this session\'s', async () => {
    await logIn(true);
    await replaceCookie();
    await expect(reload()).rejects.toSatisfy(isReplaced);
    expect(items).toEqual(new Map());
  });

  test('a cookie that is gone asks for a login, without a word', async () => {
    await logIn(true);
    env.service.cookie = null;
    expect(await reload()).toBeNull();
    expect([items, ended]).toEqual([new Map(), []]);
  });

  test('an outage keeps the session for the next one', async () => {
    await logIn(true);
    env.service.isDown = true;
    await expect(reload()).rejects.toMatchObject({ code: 'network_error' });
    env.service.isDown = false;
    await advance(minute);
    expect(await reload()).toMatchObject({ email });
  });
});

test.each([false, true])('another login in this browser ends the session of this page, and keeps its own', async isInAnotherTab => {
  await logIn(true);
  await advance(60 * minute);
  const other = open();
  await (isInAnotherTab ? finished(other.login({ email, password: 'right' }, true)) : replaceCookie());
  const stored = items.get(key);
  await expect(get()).rejects.toBeDefined();
  expect(ended).toEqual(['replaced']);
  expect(items.get(key)).toBe(isInAnotherTab ? stored : undefined);
});

test('a request that is never answered is a network_error after 30 seconds', async () => {
  await logIn();
  pages[0]!.isOpen = false;
  pages[0]!.isHanging = true;
  const start = Date.now();
  await expect(get()).rejects.toMatchObject({ code: 'network_error' });
  expect(Date.now() - start).toBeLessThan(31_000);
});

test('a request that sends a mail is done at 202, and nothing else is', async () => {
  await logIn();
  const send = (status?: number) => finished(client.send('POST', 'accounts/email', status === undefined ? {} : { empty: status }));
  await send(202);
  await expect(send()).rejects.toMatchObject({ code: 'unexpected_response', status: 202 });
});

test('a change is sent as JSON, and its answer has the field that it must have', async () => {
  await logIn();
  const sent: [string | null, unknown][] = [];
  intercept = request => {
    void request.clone().json().then(body => sent.push([request.headers.get('content-type'), body]));
    return Response.json({ sessionsEnded: 3 });
  };
  const secure = (required: 'sessionsEnded' | 'account') => finished(client.send<Secured>('POST', 'admin/accounts/a/secure', { body: { disable: true }, required }));
  expect(await secure('sessionsEnded')).toEqual({ sessionsEnded: 3 });
  await expect(secure('account')).rejects.toMatchObject({ code: 'unexpected_response' });
  expect(sent[0]).toEqual(['application/json', { disable: true }]);
});

test('a poll sends the tag of the last answer, and is null where that is still right', async () => {
  await logIn();
  const poll = (tag: string | null) => finished(client.poll<Activities>('admin/activity', 'activities', new AbortController().signal, tag));
  intercept = ({ headers }) => headers.get('if-none-match') === '"two"' ? new Response(null, { status: 304 }) : Response.json({ activities: [] }, { headers: { etag: '"two"' } });
  expect(await poll(null)).toEqual({ body: { activities: [] }, tag: '"two"' });
  expect(await poll('"one"')).toMatchObject({ tag: '"two"' });
  expect(await poll('"two"')).toBeNull();
});

test('a response that isn\'t one of the service is an unexpected_response', async () => {
  await logIn();
  env.service.failNext('GET admin/logs', { status: 502 });
  await expect(get()).rejects.toMatchObject({ code: 'unexpected_response', status: 502 });
});

const refuse = () => expect.fail('blocked');
test.each([undefined, { getItem: refuse, setItem: refuse, removeItem: refuse }])('a browser without localStorage, or with one that refuses, remembers nothing', async storage => {
  vi.stubGlobal('localStorage', storage);
  expect(await finished(client.login({ email, password: 'right' }, true))).toMatchObject({ stays: true });
  await get();
  expect(await finished(open().restore())).toBeNull();
  await finished(client.logout());
  expect(env.service.endReason(id())).not.toBeNull();
});

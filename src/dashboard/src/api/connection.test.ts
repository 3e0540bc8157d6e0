import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Connection, type ConnectionOptions, type Remembered } from './connection.ts';
import { Problem } from './problem.ts';

type Reply = { status?: number; body?: unknown } | 'lost' | Promise<void>;

interface Sent {
  readonly line: string;
  readonly body: Record<string, unknown> | null;
  readonly bearer: string | null;
  /** Whether it has the header without which no cookie counts. */
  readonly guarded: boolean;
  /** The attempt that a reload would find at that moment. */
  readonly remembered: string | undefined;
}

const session = { id: 'session 1' };
const account = { id: '00AA', email: 'admin@example.com', roles: ['admin'] };
const refused = (status: number, code: string, more: object = {}) => ({ status, body: { code, title: code, detail: `${code}.`, ...more } });
const ok = (body: unknown) => ({ body });

let sent: Sent[];
let replies: Map<string, Reply[]>;
let memory: Map<Remembered, string>;
let ended: Problem[];
let attempts: number;
let connection: Connection;

beforeEach(() => {
  sent = [];
  replies = new Map();
  memory = new Map();
  ended = [];
  attempts = 0;
  connection = open();
});

/** The page, as a reload opens it. */
function open(options: Partial<ConnectionOptions> = {}): Connection {
  return new Connection({
    base: 'https://app.example.com/api/',
    memory: {
      get: name => memory.get(name) ?? null,
      set: (name, value) => void (value === null ? memory.delete(name) : memory.set(name, value)),
    },
    newAttempt: () => `attempt ${attempts += 1}`,
    onEnded: problem => ended.push(problem),
    fetch: async (url, init) => {
      const line = `${init?.method} ${String(url).replace('https://app.example.com/api/', '')}`;
      const headers = new Headers(init?.headers);
      sent.push({
        line,
        body: typeof init?.body === 'string' ? JSON.parse(init.body) as Record<string, unknown> : null,
        bearer: headers.get('authorization'),
        guarded: headers.get('x-session-request') === '1',
        remembered: memory.get('attempt'),
      });
      let reply = replies.get(line)?.shift();
      if (reply instanceof Promise) {
        await reply;
        reply = replies.get(line)?.shift();
      }
      if (reply === undefined || reply === 'lost' || reply instanceof Promise)
        throw new TypeError(`no reply to ${line}`);
      const status = reply.status ?? 200;
      return status === 204 ? new Response(null, { status }) : Response.json(reply.body, { status });
    },
    ...options,
  });
}

test('a service that never answers is given up, and what waited for it is told so', async () => {
  vi.useFakeTimers();
  try {
    const hanging = open({ fetch: (_, init) => new Promise((_, fail) => {
      init?.signal?.addEventListener('abort', () => fail(init.signal?.reason as Error));
    }) });
    const asked = hanging.login('a@example.com', 'right', false).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await asked).toMatchObject({ code: 'network_error' });
  } finally {
    vi.useRealTimers();
  }
});

const on = (line: string, ...answers: Reply[]) => void replies.set(line, answers);
const lines = () => sent.map(({ line }) => line);

async function loggedIn(byCookie = false): Promise<void> {
  on('POST sessions/login', ok({ accessToken: 'access 1', session, ...byCookie ? {} : { refreshToken: 'refresh 1' }, account }));
  await connection.login(account.email, 'password', byCookie);
  sent = [];
}

describe('a login', () => {
  test('keeps its tokens in memory unless it is to stay', async () => {
    await loggedIn();
    expect(memory).toEqual(new Map());
    on('GET admin/accounts', ok({ accounts: [] }));
    await connection.get('admin/accounts');
    expect(sent[0]?.bearer).toBe('Bearer access 1');
  });

  test('that is to stay asks for a cookie', async () => {
    on('POST sessions/login', ok({ accessToken: 'access 1', session, account }));
    expect(await connection.login(account.email, 'password', true)).toEqual({ account, stays: true });
    expect(sent[0]?.body).toEqual({ email: account.email, password: 'password', device: 'Dashboard', cookie: true });
    expect(memory).toEqual(new Map([['stays', session.id]]));
  });

  test.each([
    ['off', refused(400, 'invalid_request', { detail: 'cookie: is not allowed; no origin is (Cookies__AllowedOrigins).' })],
    ['not for this page', refused(403, 'origin_not_allowed')],
  ])('goes on without the cookie where cookie mode is %s', async (_, refusal) => {
    on('POST sessions/login', refusal, ok({ accessToken: 'access 1', session, refreshToken: 'refresh 1', account }));
    expect(await connection.login(account.email, 'password', true)).toEqual({ account, stays: false });
    expect(sent.map(({ body }) => body?.['cookie'])).toEqual([true, undefined]);
    expect(memory).toEqual(new Map());
  });

  test('that is refused for another reason isn\'t tried again', async () => {
    on('POST sessions/login', refused(401, 'invalid_credentials'));
    await expect(connection.login(account.email, 'wrong', true)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(sent).toHaveLength(1);
    expect(ended).toEqual([]);
  });

  test('of somebody who is no administrator is refused, and its session ended', async () => {
    on('POST sessions/login', ok({ accessToken: 'access 1', session, refreshToken: 'refresh 1', account: { ...account, roles: ['reader'] } }));
    on('POST sessions/logout', { status: 204 });
    await expect(connection.login(account.email, 'password', false)).rejects.toMatchObject({ code: 'forbidden' });
    expect(sent.map(({ line, bearer }) => [line, bearer])).toEqual([['POST sessions/login', null], ['POST sessions/logout', 'Bearer access 1']]);
    await expect(connection.get('admin/accounts')).rejects.toMatchObject({ code: 'session_ended' });
  });
});

describe('an access token that has expired', () => {
  const expired = refused(401, 'token_expired');

  test('is refreshed once for all that need it', async () => {
    await loggedIn();
    on('GET a', expired, ok('a'));
    on('GET b', expired, ok('b'));
    on('POST sessions/refresh', ok({ accessToken: 'access 2', session, refreshToken: 'refresh 2' }));
    expect(await Promise.all([connection.get('a'), connection.get('b')])).toEqual(['a', 'b']);
    expect(lines().filter(line => line === 'POST sessions/refresh')).toHaveLength(1);
    expect(sent.at(-1)?.bearer).toBe('Bearer access 2');
  });

  test('is refreshed once for a request', async () => {
    await loggedIn();
    on('GET a', expired, expired);
    on('POST sessions/refresh', ok({ accessToken: 'access 2', session, refreshToken: 'refresh 2' }));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'token_expired' });
    expect(lines()).toEqual(['GET a', 'POST sessions/refresh', 'GET a']);
  });

  test('is refreshed with the same attempt again when the answer was lost', async () => {
    await loggedIn();
    on('GET a', expired, expired, ok('a'));
    on('POST sessions/refresh', 'lost', ok({ accessToken: 'access 2', session, refreshToken: 'refresh 2' }));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'network_error' });
    expect(await connection.get('a')).toBe('a');
    const bodies = sent.filter(({ line }) => line === 'POST sessions/refresh').map(({ body }) => body);
    expect(bodies).toEqual([{ refreshToken: 'refresh 1', attempt: 'attempt 1' }, { refreshToken: 'refresh 1', attempt: 'attempt 1' }]);
    // Neither the token nor its attempt outlives the page.
    expect(sent.map(({ remembered }) => remembered)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  test('is forgotten with a logout, though its refresh is on the way', async () => {
    await loggedIn();
    let answer = () => {};
    on('GET a', expired);
    on('POST sessions/refresh', new Promise<void>(resolve => void (answer = resolve)), ok({ accessToken: 'access 2', session, refreshToken: 'refresh 2' }));
    on('POST sessions/logout', { status: 204 });
    const asked = connection.get('a');
    await expect.poll(lines).toContain('POST sessions/refresh');
    await connection.logout();
    answer();
    await expect(asked).rejects.toMatchObject({ code: 'session_ended' });
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'session_ended' });
  });

  test('keeps its session through an outage', async () => {
    await loggedIn();
    on('GET a', expired, ok('a'));
    on('POST sessions/refresh', refused(503, 'unavailable'));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(ended).toEqual([]);
    expect(await connection.get('a')).toBe('a');
  });

  test('ends its session where the refresh is refused for good', async () => {
    await loggedIn();
    on('GET a', expired);
    on('GET b', expired);
    on('POST sessions/refresh', refused(401, 'session_ended', { reason: 'admin' }));
    await Promise.allSettled([connection.get('a'), connection.get('b')]);
    expect(ended).toMatchObject([{ code: 'session_ended', reason: 'admin' }]);
  });
});

describe('a logout', () => {
  const logout = 'POST sessions/logout';
  const expired = refused(401, 'token_expired');

  const refresh = 'POST sessions/refresh';

  test.each([
    ['has expired', expired],
    ['is older than the keys', refused(401, 'token_invalid')],
  ])('ends the session with the refresh token where the access token %s', async (_, refusal) => {
    await loggedIn();
    on(logout, refusal, { status: 204 });
    await connection.logout();
    expect(sent).toMatchObject([
      { line: logout, body: null, bearer: 'Bearer access 1', guarded: true },
      { line: logout, body: { refreshToken: 'refresh 1' }, bearer: null, guarded: true },
    ]);
  });

  test('ends the session of a cookie with a new access token where the old one has expired', async () => {
    await loggedIn(true);
    on(logout, expired, { status: 204 });
    on(refresh, ok({ accessToken: 'access 2', session }));
    await connection.logout();
    expect(sent).toMatchObject([
      { line: logout, bearer: 'Bearer access 1' },
      { line: refresh, bearer: null, guarded: true },
      { line: logout, body: null, bearer: 'Bearer access 2' },
    ]);
    expect(memory).toEqual(new Map());
  });

  test('never ends the session of another login that has taken the cookie over, and says so', async () => {
    await loggedIn(true);
    on(logout, expired, { status: 204 });
    on(refresh, ok({ accessToken: 'access of somebody else', session: { id: 'session 2' } }));
    await expect(connection.logout()).rejects.toMatchObject({ code: 'other_session' });
    expect(lines()).toEqual([logout, refresh]);
  });

  test('of a session of a cookie that is over is done with the refresh', async () => {
    await loggedIn(true);
    on(logout, expired);
    on(refresh, refused(401, 'session_ended', { reason: 'admin' }));
    await connection.logout();
    expect(lines()).toEqual([logout, refresh]);
  });

  test.each([
    ['at once', [refused(401, 'session_ended', { reason: 'admin' })]],
    ['at the repetition', [expired, refused(401, 'session_ended', { reason: 'admin' })]],
  ])('of a session that is over is done %s', async (_, replies) => {
    await loggedIn();
    on(logout, ...replies);
    await connection.logout();
    expect(sent).toHaveLength(replies.length);
    expect(ended).toEqual([]);
  });

  test.each([
    ['at once', ['lost']],
    ['at the repetition', [expired, 'lost']],
  ] satisfies [string, Reply[]][])('that doesn\'t reach the service %s says so', async (_, replies) => {
    await loggedIn();
    on(logout, ...replies);
    await expect(connection.logout()).rejects.toMatchObject({ code: 'network_error' });
    expect(sent).toHaveLength(replies.length);
  });

  test('by the cookie is over before a login sets another one', async () => {
    await loggedIn(true);
    let answer = () => {};
    on(logout, new Promise<void>(resolve => void (answer = resolve)), expired, { status: 204 });
    on(refresh, ok({ accessToken: 'access 1 again', session }));
    on('POST sessions/login', ok({ accessToken: 'access 2', session, account }));
    const [left, entered] = [connection.logout(), connection.login(account.email, 'password', true)];
    answer();
    await Promise.all([left, entered]);
    expect(lines()).toEqual([logout, refresh, logout, 'POST sessions/login']);
  });
});

describe('a session of a cookie', () => {
  const refresh = 'POST sessions/refresh';

  test('is looked for only where one was kept', async () => {
    expect(await connection.restore()).toBeNull();
    expect(sent).toEqual([]);
  });

  test('goes on', async () => {
    memory.set('stays', session.id);
    on(refresh, ok({ accessToken: 'access 1', session }));
    on('GET sessions/status', ok({ account }));
    expect(await connection.restore()).toEqual(account);
    expect(sent[0]).toMatchObject({ body: { attempt: 'attempt 1' }, remembered: 'attempt 1' });
    expect(memory).toEqual(new Map([['stays', session.id]]));
  });

  test('goes on with the same attempt after a reload where the answer was lost', async () => {
    memory.set('stays', session.id);
    on(refresh, 'lost', ok({ accessToken: 'access 1', session }));
    on('GET sessions/status', ok({ account }));
    await expect(connection.restore()).rejects.toMatchObject({ code: 'network_error' });
    connection = open();
    expect(await connection.restore()).toEqual(account);
    expect(sent.filter(({ line }) => line === refresh).map(({ body }) => body)).toEqual([{ attempt: 'attempt 1' }, { attempt: 'attempt 1' }]);
  });

  test('leaves no attempt to the next login', async () => {
    memory.set('stays', session.id);
    on(refresh, 'lost');
    await expect(connection.restore()).rejects.toMatchObject({ code: 'network_error' });
    await loggedIn(true);
    expect(memory).toEqual(new Map([['stays', session.id]]));
  });

  test('goes on with the attempt of a request after a reload, too', async () => {
    await loggedIn(true);
    on('GET a', refused(401, 'token_expired'));
    on(refresh, 'lost', ok({ accessToken: 'access 2', session }));
    on('GET sessions/status', ok({ account }));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'network_error' });
    connection = open();
    expect(await connection.restore()).toEqual(account);
    expect(sent.filter(({ line }) => line === refresh).map(({ body }) => body)).toEqual([{ attempt: 'attempt 1' }, { attempt: 'attempt 1' }]);
    expect(memory).toEqual(new Map([['stays', session.id]]));
  });

  test('takes the attempt of another tab, not an older one of its own', async () => {
    await loggedIn(true);
    on('GET a', refused(401, 'token_expired'), refused(401, 'token_expired'), ok('a'));
    on(refresh, 'lost', ok({ accessToken: 'access 2', session }));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'network_error' });
    memory.set('attempt', 'attempt of a tab');
    expect(await connection.get('a')).toBe('a');
    expect(sent.findLast(({ line }) => line === refresh)?.body).toEqual({ attempt: 'attempt of a tab' });
  });

  test('of somebody who is no administrator is left alone', async () => {
    memory.set('stays', session.id);
    on(refresh, ok({ accessToken: 'access 1', session }));
    on('GET sessions/status', ok({ account: { ...account, roles: [] } }));
    expect(await connection.restore()).toBeNull();
    expect(lines()).not.toContain('POST sessions/logout');
    expect(memory).toEqual(new Map());
  });

  test.each([
    ['no other tab remembers', []],
    ['another tab remembers', [['stays', 'session 2']]],
  ] satisfies [string, [Remembered, string][]][])('isn\'t taken for that of another login, which %s', async (_, others) => {
    await loggedIn(true);
    for (const [name, value] of others)
      memory.set(name, value);
    on('GET a', refused(401, 'token_expired'));
    on(refresh, ok({ accessToken: 'access of somebody else', session: { id: 'session 2' } }));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'other_session' });
    expect(ended).toMatchObject([{ code: 'other_session' }]);
    expect(lines()).toEqual(['GET a', refresh]);
    expect(memory).toEqual(new Map(others));
    await expect(connection.get('a')).rejects.toMatchObject({ code: 'session_ended' });
  });

  test('isn\'t taken for that of another login after a reload', async () => {
    memory.set('stays', session.id);
    on(refresh, ok({ accessToken: 'access of somebody else', session: { id: 'session 2' } }));
    await expect(connection.restore()).rejects.toMatchObject({ code: 'other_session' });
    expect(lines()).toEqual([refresh]);
    expect(memory).toEqual(new Map());
  });

  test('that is gone is forgotten without a word', async () => {
    memory.set('stays', session.id);
    on(refresh, refused(400, 'invalid_request'));
    expect(await connection.restore()).toBeNull();
    expect([memory, ended]).toEqual([new Map(), []]);
  });

  test('is still looked for after an outage', async () => {
    memory.set('stays', session.id);
    on(refresh, 'lost');
    await expect(connection.restore()).rejects.toMatchObject({ code: 'network_error' });
    expect(memory.get('stays')).toBe(session.id);
  });
});

test('an answer that isn\'t one of the service is told as such', async () => {
  await loggedIn();
  on('GET a', { status: 502, body: 'Bad gateway' });
  await expect(connection.get('a')).rejects.toMatchObject({ code: 'unexpected_answer' });
});

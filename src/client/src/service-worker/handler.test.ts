import { beforeEach, describe, expect, test } from 'vitest';
import { cachedAtHeader, markerUrl, sessionCacheName, settingsOf, type WorkerSettings, workerUrl } from './cache.ts';
import { FakeCaches, responseOf } from '../testing/caches.ts';
import { respondTo, hasToken, isCachedRoute, sessionIdOf } from './handler.ts';

const baseUrl = 'https://sessions.example.com/api/';
const origin = 'https://app.example.com';
const settings: WorkerSettings = { baseUrl, routes: ['sessions/my-sessions', 'sessions/status'], hasPages: true };
const devices = `${baseUrl}sessions/my-sessions`;
const base64Url = (text: string): string => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const tokenOf = (sid: string): string => `eyJhbGciOiJFUzI1NiJ9.${base64Url(JSON.stringify({ sid, name: '\u00e4?>~' }))}.c2lnbmF0dXJl`;

let caches: FakeCaches;
let network: (request: Request) => Promise<Response>;
let pending: Promise<unknown>[];
let timeout: number;

const json = (body: object, init?: ResponseInit): Response => Response.json(body, init);
const away = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
/** Longer than the timeout of a test. */
const aWhile = (): Promise<void> => new Promise(done => {
  setTimeout(done, 60);
});

beforeEach(() => {
  caches = new FakeCaches();
  network = () => Promise.resolve(json({ sessions: ['one'] }));
  pending = [];
  // Longer than a cache lookup under load.
  timeout = 5000;
});

/** Creates the cache of a session, as the page does. */
async function begin(id: string): Promise<string> {
  const name = await sessionCacheName(baseUrl, id);
  await (await caches.open(name)).put(markerUrl(baseUrl), new Response());
  return name;
}

function ask(address: string, { session, ...init }: RequestInit & { session?: string } = {}): Promise<Response> | null {
  const request = new Request(address, { ...init, headers: session === undefined ? {} : { authorization: `Bearer ${tokenOf(session)}` } });
  return respond(request);
}

function respond(request: Request): Promise<Response> | null {
  return respondTo(request, settings, { fetch: sent => network(sent), caches, origin, timeout }, work => pending.push(work));
}

async function settled(): Promise<void> {
  await Promise.all(pending);
}

describe('a response', () => {
  test('comes from the network, and is cached for its session', async () => {
    const name = await begin('a');
    const answer = await ask(devices, { session: 'a.1' });
    expect([await answer!.json(), answer!.headers.has(cachedAtHeader)]).toEqual([{ sessions: ['one'] }, false]);
    await settled();
    expect(caches.contents(name)).toEqual([markerUrl(baseUrl), devices]);
  });

  test('comes from the cache if the network fails, with a header', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = away;
    // The number behind the dot changes with each refresh.
    const answer = await ask(devices, { session: 'a.2' });
    expect(await answer!.json()).toEqual({ sessions: ['one'] });
    expect(Math.abs(Date.parse(answer!.headers.get(cachedAtHeader)!) - Date.now())).toBeLessThan(5000);
  });

  test('comes from the cache if the network hangs, and the late one is still cached', async () => {
    timeout = 500;
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    let come = (_: Response): void => {};
    network = () => new Promise(done => {
      come = done;
    });
    const answer = await ask(devices, { session: 'a.1' });
    expect([await answer!.json(), answer!.headers.has(cachedAtHeader)]).toEqual([{ sessions: ['one'] }, true]);
    come(json({ sessions: ['late'] }));
    await settled();
    network = away;
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['late'] });
  });

  test('is awaited without limit if the cache has none', async () => {
    timeout = 20;
    await begin('a');
    network = async () => {
      await aWhile();
      return json({ sessions: ['slow'] });
    };
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['slow'] });
    network = async () => {
      await aWhile();
      throw new TypeError('Failed to fetch');
    };
    await expect(ask(`${devices}?after=1`, { session: 'a.1' })).rejects.toThrow('Failed to fetch');
  });

  test('comes from the network again when it is back', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = () => Promise.resolve(json({ sessions: ['two'] }));
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['two'] });
  });

  test('of the service is never replaced, not even an error', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = () => Promise.resolve(json({ code: 'unavailable' }, { status: 503 }));
    expect((await ask(devices, { session: 'a.1' }))!.status).toBe(503);
    network = away;
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['one'] });
  });

  test('of one session isn\'t used for another', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = away;
    await expect(ask(devices, { session: 'b.1' })).rejects.toThrow('Failed to fetch');
    await begin('b');
    await expect(ask(devices, { session: 'b.1' })).rejects.toThrow('Failed to fetch');
    // Without a token the session is ambiguous.
    await expect(ask(devices)).rejects.toThrow('Failed to fetch');
  });

  test('is found without a token, as for a page of cookie mode that opens offline', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = away;
    expect(await (await ask(devices))!.json()).toEqual({ sessions: ['one'] });
  });

  test('isn\'t cached if no page has opened a cache, or it was deleted meanwhile', async () => {
    await ask(devices, { session: 'a.1' });
    await settled();
    expect(await caches.keys()).toEqual([]);

    const name = await begin('a');
    let come = (_: Response): void => {};
    network = () => new Promise(done => {
      come = done;
    });
    const answer = ask(devices, { session: 'a.1' });
    await caches.delete(name);
    come(json({ sessions: ['late'] }));
    await answer;
    await settled();
    expect(await caches.keys()).toEqual([]);
  });

  test('isn\'t put into a cache without a marker', async () => {
    const name = await sessionCacheName(baseUrl, 'a');
    await caches.open(name);
    await ask(devices, { session: 'a.1' });
    await settled();
    expect(caches.contents(name)).toEqual([]);
  });

  test.each([
    ['a refusal', json({ code: 'token_expired' }, { status: 401 })],
    ['HTML of a gateway', new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['redirected', responseOf({ redirected: true }, '{}')],
    ['partial', responseOf({ status: 206 }, '{}')],
    ['an error', responseOf({ status: 503 }, '{}')],
    ['opaque', responseOf({ status: 0, type: 'opaque' }, '{}')],
    ['with an access token', json({ accessToken: 'abc' })],
    ['with a nested token', json({ a: [{ refresh_token: 'abc' }] })],
    ['with a token in another field', json({ note: `take ${tokenOf('a.1')}` })],
  ])('isn\'t cached if it is %s', async (_, answer) => {
    const name = await begin('a');
    network = () => Promise.resolve(answer);
    await ask(devices, { session: 'a.1' });
    await settled();
    expect(caches.contents(name)).toEqual([markerUrl(baseUrl)]);
  });

  test('is cached by URL, without other headers than Content-Type', async () => {
    const name = await begin('a');
    network = () => Promise.resolve(json({}, { headers: { 'x-secret': 'hush', 'vary': '*' } }));
    await ask(devices, { session: 'a.1' });
    await settled();
    const cache = await caches.open(name);
    expect([...(await cache.match(devices))!.headers.keys()].sort()).toEqual(['content-type', cachedAtHeader]);
    expect((await cache.keys()).flatMap(({ headers }) => [...headers])).toEqual([]);
  });

  test('is deleted when there are more than 50 newer ones', async () => {
    const name = await begin('a');
    for (let i = 0; i < 55; i += 1) {
      await ask(`${devices}?after=${i}`, { session: 'a.1' });
      await settled();
    }
    const contents = caches.contents(name)!;
    expect([contents.length, contents[0], contents[1]]).toEqual([51, markerUrl(baseUrl), `${devices}?after=5`]);
  });

  test('is deleted without the marker, wherever in the cache that is', async () => {
    const name = await begin('a');
    for (let i = 0; i < 65; i += 1) {
      await ask(`${devices}?after=${i}`, { session: 'a.1' });
      await settled();
      if (i === 10)
        await begin('a');
    }
    const contents = caches.contents(name)!;
    expect([contents.length, contents.includes(markerUrl(baseUrl)), contents.at(-1)]).toEqual([51, true, `${devices}?after=64`]);
  });

  test('is there although the caches fail', async () => {
    await begin('a');
    caches.fails = true;
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['one'] });
    await settled();
    network = away;
    await expect(ask(devices, { session: 'a.1' })).rejects.toThrow('Failed to fetch');
  });
});

describe('if the caches never answer', () => {
  beforeEach(async () => {
    await begin('a');
    caches.hangs = true;
    timeout = 20;
  });

  test('a slow response is awaited', async () => {
    network = async () => {
      await aWhile();
      return json({ sessions: ['slow'] });
    };
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['slow'] });
  });

  test('a request without a network fails', async () => {
    network = away;
    await expect(ask(devices, { session: 'a.1' })).rejects.toThrow('Failed to fetch');
  });
});

describe('the worker ignores', () => {
  test.each([
    ['a request that isn\'t a GET', `${baseUrl}sessions/my-sessions`, { method: 'POST' }],
    ['a login', `${baseUrl}sessions/login`, { method: 'POST' }],
    ['routes that aren\'t listed', `${baseUrl}sessions/notices`, {}],
    ['routes below a listed one', `${baseUrl}sessions/my-sessions/more`, {}],
    ['the same path of another origin', 'https://elsewhere.example.com/api/sessions/my-sessions', {}],
  ])('%s', (_, address, init) => expect(ask(address, { ...init, session: 'a.1' })).toBeNull());

  test('everything without settings', () => {
    expect(isCachedRoute(devices, settingsOf('https://app.example.com/session-sw.js'))).toBe(false);
  });
});

test('the session id is read from a valid token only', () => {
  expect(sessionIdOf(`Bearer ${tokenOf('0123.4')}`)).toBe('0123');
  for (const other of [null, '', 'Bearer', 'Bearer a.b.c', 'Basic YTpi', `Bearer a.${btoa('{"sid":1}')}.c`, `Bearer a.${btoa('{}')}.c`])
    expect(sessionIdOf(other)).toBeNull();
});

test('field names with token aren\'t tokens', () => {
  expect(hasToken('{"action":"token_refresh","error":"token_reused","accessTokenExpiresAt":"2026-03-14T09:26:53.589Z"}')).toBe(false);
});

test('the settings are part of the script\'s URL', () => {
  expect(settingsOf(workerUrl('https://app.example.com/session-sw.js?v=3', settings).href)).toEqual(settings);
  expect(settingsOf(workerUrl('https://app.example.com/session-sw.js', { ...settings, hasPages: false }).href).hasPages).toBe(false);
});

test('a cache name doesn\'t reveal the session', async () => {
  const name = await sessionCacheName(baseUrl, '0123456789abcdef0123456789abcdef');
  expect(name).toMatch(/:session:[0-9a-f]{32}$/);
  expect(name).not.toContain('0123456789abcdef');
  expect(name).not.toBe(await sessionCacheName(baseUrl, 'f123456789abcdef0123456789abcdef'));
});

import { beforeEach, describe, expect, test } from 'vitest';
import { workerUrl, cachedAtHeader, sessionCacheName, markerUrl, pageCacheName, settingsOf, type WorkerSettings } from './cache.ts';
import { FakeCaches, responseOf } from '../testing/caches.ts';
import { respondTo, hasToken, isCachedRoute, isPageFile, sessionIdOf } from './handler.ts';

const baseUrl = 'https://sessions.example.com/api/';
const origin = 'https://app.example.com';
const settings: WorkerSettings = { baseUrl, routes: ['sessions/my-sessions', 'sessions/status'], hasPages: true };
const devices = `${baseUrl}sessions/my-sessions`;
const base64Url = (text: string): string => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const tokenOf = (sid: string): string => `eyJhbGciOiJFUzI1NiJ9.${base64Url(JSON.stringify({ sid, name: '\u00e4?>~' }))}.c2lnbmF0dXJl`;

let caches: FakeCaches;
let network: (request: Request) => Promise<Response>;
let held: Promise<unknown>[];
let timeout: number;

const json = (body: object, init?: ResponseInit): Response => Response.json(body, init);
const away = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
const hanging = (): Promise<Response> => new Promise(() => {});
/** Longer than the network has in a test that waits for it. */
const aWhile = (): Promise<void> => new Promise(done => {
  setTimeout(done, 60);
});

beforeEach(() => {
  caches = new FakeCaches();
  network = () => Promise.resolve(json({ sessions: ['one'] }));
  held = [];
  // Longer than it takes under load to find something in a cache.
  timeout = 5000;
});

/** Opens the cache of a session, as its page does. */
async function begin(id: string): Promise<string> {
  const name = await sessionCacheName(baseUrl, id);
  await (await caches.open(name)).put(markerUrl(baseUrl), new Response());
  return name;
}

function ask(address: string, { session, ...init }: RequestInit & { session?: string } = {}): Promise<Response> | null {
  const request = new Request(address, { ...init, headers: session === undefined ? {} : { authorization: `Bearer ${tokenOf(session)}` } });
  return advance(request);
}

function advance(request: Request): Promise<Response> | null {
  return respondTo(request, settings, { fetch: sent => network(sent), caches, origin, timeout }, work => held.push(work));
}

async function settled(): Promise<void> {
  await Promise.all(held);
}

describe('an answer', () => {
  test('comes from the network, and is kept for the session that asked', async () => {
    const name = await begin('a');
    const answer = await ask(devices, { session: 'a.1' });
    expect([await answer!.json(), answer!.headers.has(cachedAtHeader)]).toEqual([{ sessions: ['one'] }, false]);
    await settled();
    expect(caches.contents(name)).toEqual([markerUrl(baseUrl), devices]);
  });

  test('comes from the cache where the network has none, and says so', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = away;
    // The number behind the dot is another one after a regeneration.
    const answer = await ask(devices, { session: 'a.2' });
    expect(await answer!.json()).toEqual({ sessions: ['one'] });
    expect(Math.abs(Date.parse(answer!.headers.get(cachedAtHeader)!) - Date.now())).toBeLessThan(5000);
  });

  test('comes from the cache where the network hangs, and a late one is kept all the same', async () => {
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

  test('is waited for as long as it takes where the cache has none', async () => {
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

  test('comes from the network again as soon as there is one', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = () => Promise.resolve(json({ sessions: ['two'] }));
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['two'] });
  });

  test('of the service is never replaced, whatever it says', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = () => Promise.resolve(json({ code: 'unavailable' }, { status: 503 }));
    expect((await ask(devices, { session: 'a.1' }))!.status).toBe(503);
    network = away;
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['one'] });
  });

  test('of one session is nothing for another', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = away;
    await expect(ask(devices, { session: 'b.1' })).rejects.toThrow('Failed to fetch');
    await begin('b');
    await expect(ask(devices, { session: 'b.1' })).rejects.toThrow('Failed to fetch');
    // And whose a request without a token is can't be events.
    await expect(ask(devices)).rejects.toThrow('Failed to fetch');
  });

  test('is there for a page of cookie mode, which has no token offline', async () => {
    await begin('a');
    await ask(devices, { session: 'a.1' });
    await settled();
    network = away;
    expect(await (await ask(devices))!.json()).toEqual({ sessions: ['one'] });
  });

  test('is not kept where no page has opened a cache, or where it is gone when the answer comes', async () => {
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

  test('is not put into a cache that no page has marked', async () => {
    const name = await sessionCacheName(baseUrl, 'a');
    await caches.open(name);
    await ask(devices, { session: 'a.1' });
    await settled();
    expect(caches.contents(name)).toEqual([]);
  });

  test.each([
    ['a refusal', json({ code: 'token_expired' }, { status: 401 })],
    ['a page of a gateway', new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['redirected, and so that of another address', responseOf({ redirected: true }, '{}')],
    ['a part of one', responseOf({ status: 206 }, '{}')],
    ['an error', responseOf({ status: 503 }, '{}')],
    ['opaque', responseOf({ status: 0, type: 'opaque' }, '{}')],
    ['one with an access token', json({ accessToken: 'abc' })],
    ['one with a token deep inside', json({ a: [{ refresh_token: 'abc' }] })],
    ['one with a token under another name', json({ note: `take ${tokenOf('a.1')}` })],
  ])('is not kept where it is %s', async (_, answer) => {
    const name = await begin('a');
    network = () => Promise.resolve(answer);
    await ask(devices, { session: 'a.1' });
    await settled();
    expect(caches.contents(name)).toEqual([markerUrl(baseUrl)]);
  });

  test('is kept without any header but what it takes to read it, under an address alone', async () => {
    const name = await begin('a');
    network = () => Promise.resolve(json({}, { headers: { 'x-secret': 'hush', 'vary': '*' } }));
    await ask(devices, { session: 'a.1' });
    await settled();
    const cache = await caches.open(name);
    expect([...(await cache.match(devices))!.headers.keys()].sort()).toEqual(['content-type', cachedAtHeader]);
    expect((await cache.keys()).flatMap(({ headers }) => [...headers])).toEqual([]);
  });

  test('of long ago goes when there are many', async () => {
    const name = await begin('a');
    for (let i = 0; i < 55; i += 1) {
      await ask(`${devices}?after=${i}`, { session: 'a.1' });
      await settled();
    }
    const contents = caches.contents(name)!;
    expect([contents.length, contents[0], contents[1]]).toEqual([51, markerUrl(baseUrl), `${devices}?after=5`]);
  });

  test('goes without the mark of its cache, wherever in it the pages that opened since have put that', async () => {
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

  test('is there though the caches fail', async () => {
    await begin('a');
    caches.fails = true;
    expect(await (await ask(devices, { session: 'a.1' }))!.json()).toEqual({ sessions: ['one'] });
    await settled();
    network = away;
    await expect(ask(devices, { session: 'a.1' })).rejects.toThrow('Failed to fetch');
  });
});

describe('where the caches never answer', () => {
  beforeEach(async () => {
    await begin('a');
    caches.hangs = true;
    timeout = 20;
  });

  test('an answer that takes its time is waited for', async () => {
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

describe('the browser does by itself', () => {
  test.each([
    ['what changes something', `${baseUrl}sessions/my-sessions`, { method: 'POST' }],
    ['a login', `${baseUrl}sessions/login`, { method: 'POST' }],
    ['routes that are not named', `${baseUrl}sessions/notices`, {}],
    ['what is below one that is', `${baseUrl}sessions/my-sessions/more`, {}],
    ['the same path elsewhere', 'https://elsewhere.example.com/api/sessions/my-sessions', {}],
  ])('%s', (_, address, init) => expect(ask(address, { ...init, session: 'a.1' })).toBeNull());

  test('everything where nothing is set', () => {
    expect(isCachedRoute(devices, settingsOf('https://app.example.com/session-sw.js'))).toBe(false);
  });
});

describe('a file of the page', () => {
  const file = (address: string, mode = 'no-cors', destination = 'script', headers: Record<string, string> = {}) =>
    ({ url: new URL(address, origin).href, method: 'GET', mode, destination, headers: new Headers(headers) }) as unknown as Request;
  const page = (mode: string, destination: string, headers?: Record<string, string>) => isPageFile(file('/', mode, destination, headers), origin);

  const keep = async (path: string) => await (await caches.open(pageCacheName(baseUrl))).put(new URL(path, origin).href, new Response('kept'));

  test('is the page, a script, a style or a picture, and nothing that is asked for with a token', () => {
    expect(page('navigate', 'document')).toBe(true);
    expect(page('cors', 'script')).toBe(true);
    expect(page('cors', '')).toBe(false);
    expect(page('cors', 'script', { authorization: 'Bearer x' })).toBe(false);
  });

  test.each([
    ['picture', 'https://pictures.example.com/me.png', 'image'], ['script', 'https://cdn.example.com/main.js', 'script'],
  ])('is no %s of another origin: the browser has its own rules for that, and the worker others', (_, address, destination) => {
    expect(advance(file(address, 'no-cors', destination))).toBeNull();
    expect(advance(file(new URL(address).pathname, 'no-cors', destination))).not.toBeNull();
  });

  test.each([
    ['page', '/app?from=mail', 'navigate', 'document', '/app'], ['script', '/main.js?v=3', 'cors', 'script', '/main.js'],
  ])('comes from the cache where the network has none, be it a %s with a query', async (_, address, mode, destination, kept) => {
    await keep(kept);
    const answer = async () => await (await advance(file(address, mode, destination)))!.text();
    network = away;
    expect(await answer()).toBe('kept');
    network = () => Promise.resolve(new Response('fresh'));
    expect(await answer()).toBe('fresh');
  });

  test('that was redirected when an earlier version kept it is none: a browser takes no such answer for a navigation', async () => {
    await (await caches.open(pageCacheName(baseUrl))).put(`${origin}/app`, responseOf({ redirected: true }, 'a login page'));
    network = away;
    await expect(advance(file('/app', 'navigate', 'document'))).rejects.toThrow('Failed to fetch');
  });

  test('of a page that has come is waited for, since it is of the same build, and only the page itself comes from the cache where the network hangs', async () => {
    await keep('/app');
    await keep('/main.js');
    timeout = 20;
    network = hanging;
    expect(await (await advance(file('/app', 'navigate', 'document')))!.text()).toBe('kept');
    network = async () => {
      await aWhile();
      return new Response('fresh');
    };
    expect(await (await advance(file('/main.js?v=4', 'cors', 'script')))!.text()).toBe('fresh');
  });
});

test('a token says whose it is, and what is none says nothing', () => {
  expect(sessionIdOf(`Bearer ${tokenOf('0123.4')}`)).toBe('0123');
  for (const other of [null, '', 'Bearer', 'Bearer a.b.c', 'Basic YTpi', `Bearer a.${btoa('{"sid":1}')}.c`, `Bearer a.${btoa('{}')}.c`])
    expect(sessionIdOf(other)).toBeNull();
});

test('what the service says of tokens is no token', () => {
  expect(hasToken('{"action":"token_refresh","error":"token_reused","accessTokenExpiresAt":"2026-03-14T09:26:53.589Z"}')).toBe(false);
});

test('the settings are in the address of the script, whatever else is', () => {
  expect(settingsOf(workerUrl('https://app.example.com/session-sw.js?v=3', settings).href)).toEqual(settings);
  expect(settingsOf(workerUrl('https://app.example.com/session-sw.js', { ...settings, hasPages: false }).href).hasPages).toBe(false);
});

test('the name of a cache doesn\'t tell the session', async () => {
  const name = await sessionCacheName(baseUrl, '0123456789abcdef0123456789abcdef');
  expect(name).toMatch(/:session:[0-9a-f]{32}$/);
  expect(name).not.toContain('0123456789abcdef');
  expect(name).not.toBe(await sessionCacheName(baseUrl, 'f123456789abcdef0123456789abcdef'));
});

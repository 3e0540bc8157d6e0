import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { sessionCacheName, markerUrl, pageCacheName, settingsOf } from './cache.ts';
import { registerServiceWorker, type ServiceWorkerOptions } from './index.ts';
import { FakeCaches, responseOf } from '../testing/caches.ts';
import type { SessionManager } from '../session/types.ts';

const baseUrl = 'https://app.example.com/api/';
const devices = `${baseUrl}sessions/my-sessions`;

/** As much of a session manager as the worker's page needs. */
class FakeManager {
  state: { status: string; session: { id: string } | null } = { status: 'anonymous', session: null };
  readonly updateConfig = vi.fn();
  readonly #listeners = new Set<() => void>();

  is(id: string | null): void {
    this.state = { status: id === null ? 'anonymous' : 'active', session: id === null ? null : { id } };
    this.#listeners.forEach(tell => tell());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

let caches: FakeCaches;
let container: EventTarget & { register: ReturnType<typeof vi.fn>; getRegistration: ReturnType<typeof vi.fn> };
let registration: { scope: string; active: { scriptURL: string }; unregister: ReturnType<typeof vi.fn>; periodicSync?: { register: ReturnType<typeof vi.fn> } };
let permission: string;
let manager: FakeManager;
let digest: MockInstance<SubtleCrypto['digest']>;

beforeEach(() => {
  caches = new FakeCaches();
  registration = { scope: 'https://app.example.com/', active: { scriptURL: 'https://app.example.com/session-sw.js?base=' }, unregister: vi.fn(() => Promise.resolve(true)) };
  container = Object.assign(new EventTarget(), {
    register: vi.fn(() => Promise.resolve(registration)), getRegistration: vi.fn(() => Promise.resolve(registration)),
  });
  permission = 'denied';
  manager = new FakeManager();
  digest = vi.spyOn(crypto.subtle, 'digest');
  vi.stubGlobal('caches', caches);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<!doctype html>')));
  vi.stubGlobal('location', new URL('https://app.example.com/'));
  vi.stubGlobal('navigator', { serviceWorker: container, permissions: { query: () => Promise.resolve({ state: permission }) } });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const register = (options: Partial<ServiceWorkerOptions> = {}) =>
  registerServiceWorker(manager as unknown as SessionManager, { baseUrl: '/api', script: '/session-sw.js', ...options });
const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};
const turn = (milliseconds = 0): Promise<void> => new Promise(done => {
  setTimeout(done, milliseconds);
});
/** Waits until everything that was begun is done: the names of caches are hashed by other threads, which take their time under load. */
async function settled(): Promise<void> {
  for (let hashes = -1; hashes !== digest.mock.results.length;) {
    hashes = digest.mock.results.length;
    await Promise.all(digest.mock.results.map(({ value }) => value));
    await turn();
  }
}

test('the worker is events by its address what to keep', async () => {
  expect(await register({ scope: '/app', routes: ['orders'] }).ready).toBe(registration);
  const [address, options] = container.register.mock.calls[0] as [string, object];
  expect(settingsOf(address)).toEqual({ baseUrl, routes: ['orders'], hasPages: false });
  expect(options).toEqual({ scope: '/app', updateViaCache: 'none' });
  await register().ready;
  expect(settingsOf(container.register.mock.calls[1]![0] as string).routes).toEqual(['sessions/my-sessions', 'sessions/my-session-logs']);
});

test('the cache of the session that is open is there, and no other', async () => {
  await caches.open(await sessionCacheName(baseUrl, 'of yesterday'));
  await caches.open('somebody else\'s');
  await caches.open(await sessionCacheName('https://elsewhere.example.com/api/', 'z'));
  register();
  await settled();
  manager.is('a');
  await settled();
  expect(caches.contents(await sessionCacheName(baseUrl, 'a'))).toEqual([markerUrl(baseUrl)]);
  expect(await caches.has(await sessionCacheName(baseUrl, 'of yesterday'))).toBe(false);
  expect(await caches.keys()).toHaveLength(3);

  manager.is('b');
  await settled();
  expect(await caches.has(await sessionCacheName(baseUrl, 'a'))).toBe(false);
  expect(await caches.has(await sessionCacheName(baseUrl, 'b'))).toBe(true);
});

test('the end of a session empties it, also right behind its beginning', async () => {
  register();
  manager.is('a');
  manager.is(null);
  await settled();
  expect(await caches.keys()).toEqual([]);
});

test('a tab that hears of the session of the others a moment after its beginning keeps what is there of it', async () => {
  const name = await sessionCacheName(baseUrl, 'a');
  await (await caches.open(name)).put(devices, new Response());
  register();
  await settled();
  manager.is('a');
  await settled();
  expect(caches.contents(name)).toEqual([devices, markerUrl(baseUrl)]);
});

test('a tab that hears of none empties what a session has left, and one that is stopped before that nothing', async () => {
  const name = await sessionCacheName(baseUrl, 'a');
  await caches.open(name);
  register().stop();
  await turn(600);
  expect(await caches.has(name)).toBe(true);
  register();
  await turn(600);
  await settled();
  expect(await caches.has(name)).toBe(false);
});

test('a page that opens with a session keeps what is there of it, and one that doesn\'t know yet waits', async () => {
  const name = await sessionCacheName(baseUrl, 'a');
  await (await caches.open(name)).put(`${baseUrl}sessions/status`, new Response());
  manager.state = { status: 'starting', session: null };
  register();
  await settled();
  expect(caches.contents(name)).toHaveLength(1);
  manager.is('a');
  await settled();
  expect(caches.contents(name)).toEqual([`${baseUrl}sessions/status`, markerUrl(baseUrl)]);
});

test('the files of the page are kept over a logout, and those of the build before are not', async () => {
  const name = pageCacheName(baseUrl);
  await (await caches.open(name)).put('https://app.example.com/old.js', new Response());
  manager.is('a');
  // A list of what a page names may have one of them twice, or one that is elsewhere.
  await register({ pages: ['/app?from=mail#top', '/main.js', '/app', 'main.js', 'https://cdn.example.com/font.woff2'] }).ready;
  await settled();
  manager.is(null);
  await settled();
  expect(caches.contents(name)).toEqual(['https://app.example.com/app', 'https://app.example.com/main.js']);
});

test.each([
  ['redirected: the browser takes no such answer for a navigation, and a gateway\'s login page would be kept for the app', responseOf({ redirected: true })],
  ['a part of it', responseOf({ status: 206 })],
  ['an error', responseOf({ status: 503 })],
  ['opaque: nobody knows what it says', responseOf({ status: 0, type: 'opaque' })],
])('of a build, no file is kept where one is %s, and those of the build before stay', async (_, answer) => {
  const name = pageCacheName(baseUrl);
  await (await caches.open(name)).put('https://app.example.com/old.js', new Response());
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve(request.url.endsWith('main.js') ? answer : new Response('<!doctype html>')));
  await register({ pages: ['/app', '/main.js'] }).ready;
  await settled();
  expect(caches.contents(name)).toEqual(['https://app.example.com/old.js']);
});

test('a worker that asks makes the session manager look at its clock', () => {
  const { stop } = register();
  const message = (data: unknown) => container.dispatchEvent(new MessageEvent('message', { data }));
  message({ serverlessSessions: 'check' });
  message('something else');
  message(null);
  expect(manager.updateConfig.mock.calls).toEqual([[{}]]);
  stop();
  message({ serverlessSessions: 'check' });
  expect(manager.updateConfig).toHaveBeenCalledTimes(1);
});

test.each([['granted', 1], ['denied', 0]])('a periodic sync is asked for where that is %s', async (state, times) => {
  permission = state;
  registration.periodicSync = { register: vi.fn(() => Promise.resolve()) };
  await register().ready;
  await settled();
  expect(registration.periodicSync.register).toHaveBeenCalledTimes(times);
});

test('where the page trusts no texts, the address comes from a policy of ours', async () => {
  const names: string[] = [];
  vi.stubGlobal('trustedTypes', {
    createPolicy(name: string, rules: { createScriptURL(text: string): string }) {
      // As where the page's policy has no 'allow-duplicates'.
      if (names.includes(name))
        throw new TypeError(`There is a policy of the name ${name}.`);
      names.push(name);
      return { createScriptURL: (text: string) => ({ trusted: rules.createScriptURL(text) }) };
    },
  });
  vi.resetModules();
  const anew = await import('./index.ts');
  // As a page does that changes its session manager.
  for (const script of ['/session-sw.js', '/session-sw.js?v=2'])
    expect(await anew.registerServiceWorker(manager as unknown as SessionManager, { baseUrl, script }).ready).toBe(registration);
  expect(names).toEqual(['serverless-sessions']);
  expect(container.register.mock.calls.map(([address]) => address as unknown)).toEqual([
    { trusted: expect.stringMatching(/session-sw\.js\?base=/) as string }, { trusted: expect.stringMatching(/session-sw\.js\?v=2&base=/) as string },
  ]);
});

test.each([
  ['has no service workers', () => vi.stubGlobal('navigator', {})],
  ['isn\'t secure', () => vi.stubGlobal('caches', undefined)],
  ['is no browser', () => vi.stubGlobal('navigator', undefined)],
  ['refuses it', () => container.register.mockRejectedValue(new Error('SecurityError'))],
  ['throws when asked for it', () => container.register.mockImplementation(refuse)],
  ['is a sandboxed frame, which has no service workers to look at', () => vi.stubGlobal('navigator', { get serviceWorker() { return refuse(); } })],
  ['is a sandboxed frame, which has no caches to look at', () => {
    vi.stubGlobal('caches', undefined);
    Object.defineProperty(globalThis, 'caches', { configurable: true, get: refuse });
  }],
  ['is a page whose policy has no name of ours', () => vi.stubGlobal('trustedTypes', { createPolicy: refuse })],
])('where it %s, everything goes on without', async (_, prepare) => {
  prepare();
  const worker = register({ pages: ['/'] });
  expect(await worker.ready).toBeNull();
  manager.is('a');
  await settled();
  worker.stop();
  await worker.remove();
});

test('a page in a frame without an address of its own has none', async () => {
  vi.stubGlobal('location', { href: 'about:srcdoc', origin: 'null' });
  expect(await register({ baseUrl }).ready).toBeNull();
});

test.each([
  ['missing', undefined], ['refused', { query: refuse }], ['never answered', { query: () => new Promise(() => {}) }],
])('where the permission for a periodic sync is %s, there is none', async (_, permissions) => {
  vi.stubGlobal('navigator', { serviceWorker: container, permissions });
  registration.periodicSync = { register: vi.fn() };
  expect(await register().ready).toBe(registration);
  expect(registration.periodicSync.register).not.toHaveBeenCalled();
});

test('caches that fail harm nobody', async () => {
  caches.fails = true;
  const worker = register({ pages: ['/'] });
  manager.is('a');
  manager.is(null);
  expect(await worker.ready).toBe(registration);
  await settled();
  caches.fails = false;
  manager.is('b');
  await settled();
  expect(await caches.has(await sessionCacheName(baseUrl, 'b'))).toBe(true);
});

test('a worker that is removed leaves nothing', async () => {
  manager.is('a');
  const worker = register({ pages: ['/'] });
  await worker.ready;
  await settled();
  expect(await caches.keys()).toHaveLength(2);
  await worker.remove();
  expect(registration.unregister).toHaveBeenCalledOnce();
  expect(await caches.keys()).toEqual([]);
});

test('a worker of an earlier page is removed, too, where this one was refused, and nobody else\'s', async () => {
  container.register.mockRejectedValue(new Error('SecurityError'));
  await register().remove();
  expect(container.getRegistration.mock.calls).toEqual([['https://app.example.com/']]);
  expect(registration.unregister).toHaveBeenCalledOnce();
  // The browser finds the one that has the pages of the scope, of whichever scope it is itself.
  await register({ scope: '/app/' }).remove();
  expect(registration.unregister).toHaveBeenCalledOnce();
  // And the app may have given the same pages to a worker of its own.
  registration.active = { scriptURL: 'https://app.example.com/app-sw.js' };
  await register().remove();
  expect(registration.unregister).toHaveBeenCalledOnce();
});

test.each([
  ['its registration', () => container.register.mockReturnValue(new Promise(() => {}))],
  ['its caches', () => vi.spyOn(caches, 'keys').mockReturnValue(new Promise(() => {}))],
])('a browser that never answers for %s leaves nothing pending', async (_, prepare) => {
  vi.useFakeTimers();
  try {
    prepare();
    manager.is('a');
    const worker = register();
    const outcome = vi.fn();
    void worker.ready.then(() => worker.remove()).then(outcome);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(outcome).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});

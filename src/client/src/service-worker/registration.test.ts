import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { markerUrl, pageCacheName, sessionCacheName, settingsOf } from './cache.ts';
import { registerServiceWorker, type ServiceWorkerOptions } from './index.ts';
import { FakeCaches, responseOf } from '../testing/caches.ts';
import type { SessionManager } from '../session/types.ts';

const baseUrl = 'https://app.example.com/api/';
const devices = `${baseUrl}sessions/my-sessions`;

/** The part of a session manager that is used. */
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
/** Waits until everything is done: cache names are hashed in other threads. */
async function settled(): Promise<void> {
  for (let hashes = -1; hashes !== digest.mock.results.length;) {
    hashes = digest.mock.results.length;
    await Promise.all(digest.mock.results.map(({ value }) => value));
    await turn();
  }
}

test('the worker gets its settings in its URL', async () => {
  expect(await register({ scope: '/app', routes: ['orders'] }).ready).toBe(registration);
  const [address, options] = container.register.mock.calls[0] as [string, object];
  expect(settingsOf(address)).toEqual({ baseUrl, routes: ['orders'], hasPages: false });
  expect(options).toEqual({ scope: '/app', updateViaCache: 'none' });
  await register().ready;
  expect(settingsOf(container.register.mock.calls[1]![0] as string).routes).toEqual(['sessions/my-sessions', 'sessions/my-session-logs']);
});

test('the active session has a cache, and no other session', async () => {
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

test('the end of a session deletes its cache, also right after its start', async () => {
  register();
  manager.is('a');
  manager.is(null);
  await settled();
  expect(await caches.keys()).toEqual([]);
});

test('a tab that gets the session from other tabs a moment later keeps its cache', async () => {
  const name = await sessionCacheName(baseUrl, 'a');
  await (await caches.open(name)).put(devices, new Response());
  register();
  await settled();
  manager.is('a');
  await settled();
  expect(caches.contents(name)).toEqual([devices, markerUrl(baseUrl)]);
});

test('a tab that gets no session deletes the caches, unless it is stopped before', async () => {
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

test('a page that is starting waits, and keeps the cache of its session', async () => {
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

test('page files are kept over a logout, and those of the previous build are deleted', async () => {
  const name = pageCacheName(baseUrl);
  await (await caches.open(name)).put('https://app.example.com/old.js', new Response());
  manager.is('a');
  // With a duplicate and a file of another origin.
  await register({ pages: ['/app?from=mail#top', '/main.js', '/app', 'main.js', 'https://cdn.example.com/font.woff2'] }).ready;
  await settled();
  manager.is(null);
  await settled();
  expect(caches.contents(name)).toEqual(['https://app.example.com/app', 'https://app.example.com/main.js']);
});

test.each([
  ['redirected, as to a gateway\'s login page', responseOf({ redirected: true })],
  ['partial', responseOf({ status: 206 })],
  ['an error', responseOf({ status: 503 })],
  ['opaque', responseOf({ status: 0, type: 'opaque' })],
])('no file of a build is cached if one is %s, and those of the previous build stay', async (_, answer) => {
  const name = pageCacheName(baseUrl);
  await (await caches.open(name)).put('https://app.example.com/old.js', new Response());
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve(request.url.endsWith('main.js') ? answer : new Response('<!doctype html>')));
  await register({ pages: ['/app', '/main.js'] }).ready;
  await settled();
  expect(caches.contents(name)).toEqual(['https://app.example.com/old.js']);
});

test('a message of the worker makes the session manager check the clock', () => {
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

test.each([['granted', 1], ['denied', 0]])('periodic sync is requested if the permission is %s', async (state, times) => {
  permission = state;
  registration.periodicSync = { register: vi.fn(() => Promise.resolve()) };
  await register().ready;
  await settled();
  expect(registration.periodicSync.register).toHaveBeenCalledTimes(times);
});

test('with Trusted Types the URL comes from a policy', async () => {
  const names: string[] = [];
  vi.stubGlobal('trustedTypes', {
    createPolicy(name: string, rules: { createScriptURL(text: string): string }) {
      // As without 'allow-duplicates'.
      if (names.includes(name))
        throw new TypeError(`There is a policy of the name ${name}.`);
      names.push(name);
      return { createScriptURL: (text: string) => ({ trusted: rules.createScriptURL(text) }) };
    },
  });
  vi.resetModules();
  const anew = await import('./index.ts');
  // As for a page that replaces its session manager.
  for (const script of ['/session-sw.js', '/session-sw.js?v=2'])
    expect(await anew.registerServiceWorker(manager as unknown as SessionManager, { baseUrl, script }).ready).toBe(registration);
  expect(names).toEqual(['serverless-sessions']);
  expect(container.register.mock.calls.map(([address]) => address as unknown)).toEqual([
    { trusted: expect.stringMatching(/session-sw\.js\?base=/) as string }, { trusted: expect.stringMatching(/session-sw\.js\?v=2&base=/) as string },
  ]);
});

test.each([
  ['has no service workers', () => vi.stubGlobal('navigator', {})],
  ['has no caches, as on an insecure page', () => vi.stubGlobal('caches', undefined)],
  ['has no navigator', () => vi.stubGlobal('navigator', undefined)],
  ['rejects the registration', () => container.register.mockRejectedValue(new Error('SecurityError'))],
  ['throws on registration', () => container.register.mockImplementation(refuse)],
  ['throws when serviceWorker is read, as in a sandboxed frame', () => vi.stubGlobal('navigator', { get serviceWorker() { return refuse(); } })],
  ['throws when caches is read', () => {
    vi.stubGlobal('caches', undefined);
    Object.defineProperty(globalThis, 'caches', { configurable: true, get: refuse });
  }],
  ['refuses the Trusted Types policy', () => vi.stubGlobal('trustedTypes', { createPolicy: refuse })],
])('if the browser %s, everything else works', async (_, prepare) => {
  prepare();
  const worker = register({ pages: ['/'] });
  expect(await worker.ready).toBeNull();
  manager.is('a');
  await settled();
  worker.stop();
  await worker.remove();
});

test('a srcdoc frame has no worker', async () => {
  vi.stubGlobal('location', { href: 'about:srcdoc', origin: 'null' });
  expect(await register({ baseUrl }).ready).toBeNull();
});

test.each([
  ['missing', undefined], ['refused', { query: refuse }], ['never answered', { query: () => new Promise(() => {}) }],
])('periodic sync isn\'t requested if its permission is %s', async (_, permissions) => {
  vi.stubGlobal('navigator', { serviceWorker: container, permissions });
  registration.periodicSync = { register: vi.fn() };
  expect(await register().ready).toBe(registration);
  expect(registration.periodicSync.register).not.toHaveBeenCalled();
});

test('failing caches do no harm', async () => {
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

test('remove deletes the worker and its caches', async () => {
  manager.is('a');
  const worker = register({ pages: ['/'] });
  await worker.ready;
  await settled();
  expect(await caches.keys()).toHaveLength(2);
  await worker.remove();
  expect(registration.unregister).toHaveBeenCalledOnce();
  expect(await caches.keys()).toEqual([]);
});

test('remove finds the registration of an earlier page if this one was refused, and leaves others alone', async () => {
  container.register.mockRejectedValue(new Error('SecurityError'));
  await register().remove();
  expect(container.getRegistration.mock.calls).toEqual([['https://app.example.com/']]);
  expect(registration.unregister).toHaveBeenCalledOnce();
  // getRegistration may return one with a wider scope.
  await register({ scope: '/app/' }).remove();
  expect(registration.unregister).toHaveBeenCalledOnce();
  // The app may have a worker of its own with the same scope.
  registration.active = { scriptURL: 'https://app.example.com/app-sw.js' };
  await register().remove();
  expect(registration.unregister).toHaveBeenCalledOnce();
});

test.each([
  ['its registration', () => container.register.mockReturnValue(new Promise(() => {}))],
  ['its caches', () => vi.spyOn(caches, 'keys').mockReturnValue(new Promise(() => {}))],
])('a browser that never answers for %s leaves ready and remove settled', async (_, prepare) => {
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

import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDrafts } from '../drafts/index.ts';
import { createSessionManager } from '../session/manager.ts';
import { createEnvironment, credentials, minute, settle } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';
import type { SessionManager } from '../session/types.ts';
import { type PageEvent, platformOf } from './platform.ts';

const env = createEnvironment();
afterEach(() => vi.unstubAllGlobals());

const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};
const rejects = (): Promise<never> => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
const hangs = (): Promise<never> => new Promise(() => {});

/** Makes a global throw when it is read. */
function forbid(name: string): void {
  vi.stubGlobal(name, undefined);
  Object.defineProperty(globalThis, name, { configurable: true, get: refuse });
}

function browser({ navigator = {}, ...globals }: { navigator?: object } & Record<string, unknown> = {}): void {
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('BroadcastChannel', undefined);
  vi.stubGlobal('localStorage', undefined);
  for (const [name, value] of Object.entries(globals))
    vi.stubGlobal(name, value);
}

const quiet = { postMessage() {}, close() {} };
const storage = { getItem: () => null, setItem() {}, removeItem() {} };
const browsers: [string, () => void][] = [
  ['has nothing', browser],
  ['throws when BroadcastChannel is read', () => forbid('BroadcastChannel')],
  ['has a BroadcastChannel that throws in its constructor', () => browser({ BroadcastChannel: class { constructor() { refuse(); } } })],
  ['has a BroadcastChannel that throws in its methods', () => browser({ BroadcastChannel: class { postMessage = refuse; close = refuse; } })],
  ['has a BroadcastChannel without receivers', () => browser({ BroadcastChannel: class { constructor() { return quiet; } } })],
  ['throws when navigator is read', () => forbid('navigator')],
  ['throws when navigator.locks is read', () => browser({ navigator: { get locks() { return refuse(); } } })],
  ['has locks that throw', () => browser({ navigator: { locks: { request: refuse } } })],
  ['has locks that reject', () => browser({ navigator: { locks: { request: rejects } } })],
  ['has locks that never answer', () => browser({ navigator: { locks: { request: hangs } } })],
  ['throws when navigator.onLine is read', () => browser({ navigator: { get onLine() { return refuse(); } } })],
  ['throws when localStorage is read', () => forbid('localStorage')],
  ['has null for localStorage', () => browser({ localStorage: null })],
  ['has a localStorage that can\'t be read', () => browser({ localStorage: { ...storage, getItem: refuse } })],
  ['has a localStorage that can\'t be written', () => browser({ localStorage: { ...storage, setItem: refuse, removeItem: refuse } })],
  ['throws when document is read', () => forbid('document')],
];

async function goesOn(manager: SessionManager): Promise<void> {
  expect(await settle(20_000, manager.login(credentials))).toMatchObject({ status: 'active', isOnline: true });
  expect(await settle(20_000, manager.forceRefresh())).toMatchObject({ status: 'active' });
  await settle(60 * minute, Promise.resolve());
  expect(env.service.rotations).toBeGreaterThan(2);
  const { id } = manager.state.session!;
  await settle(20_000, manager.logout());
  expect([manager.state.status, env.service.endReason(id)]).toEqual(['anonymous', 'logout']);
  manager.close();
}

describe('where a browser', () => {
  test.each(browsers)('%s, a session starts, is refreshed and ends', async (_, prepare) => {
    prepare();
    await goesOn(createSessionManager({ baseUrl, platform: { fetch: (input, init) => env.service.answer(new Request(input, init)) } }));
  });

  test.each(browsers)('%s, drafts work for as long as the page is open', async (_, prepare) => {
    const { manager } = await env.loggedIn();
    prepare();
    const drafts = createDrafts(manager);
    const restored: string[] = [];
    const leave = drafts.keepValue('order', () => 'apples', value => restored.push(value));
    await settle(5000, Promise.resolve());
    env.service.end(manager.state.session!.id, 'admin');
    await settle(1000, manager.forceRefresh());
    await settle(5000, manager.login(credentials));
    await settle(5000, Promise.resolve());
    // Without a working storage nothing is restored.
    expect(restored).toEqual(/can't be (read|written)/.test(_) ? [] : ['apples']);
    leave();
  });
});

test('a missing or throwing fetch is a network error', async () => {
  for (const fetch of [undefined, refuse]) {
    browser({ fetch });
    const manager = createSessionManager({ baseUrl });
    expect(await settle(1000, manager.login(credentials))).toMatchObject({ code: 'network_error' });
    manager.close();
  }
});

test('a request that may not be kept alive is retried', async () => {
  browser();
  let refusals = 1;
  const manager = createSessionManager({
    baseUrl, platform: {
      fetch: (input, init) => init?.keepalive && refusals-- > 0 ? Promise.reject(new TypeError('Too much is kept alive.')) : env.service.answer(new Request(input, init)),
    },
  });
  expect(await settle(1000, manager.login(credentials))).toMatchObject({ code: 'network_error' });
  await goesOn(manager);
});

test('an interval or timeout without end, or of more than 24 days, doesn\'t pass at once', async () => {
  for (const endless of [Infinity, 2 ** 31]) {
    browser();
    env.service.sent.length = 0;
    const manager = createSessionManager({
      baseUrl, checkInterval: endless, requestTimeout: endless, platform: { fetch: (input, init) => env.service.answer(new Request(input, init)) },
    });
    manager.on('notice', () => {});
    expect(await settle(1000, manager.login(credentials))).toMatchObject({ status: 'active' });
    await settle(minute, Promise.resolve());
    expect(env.service.sent.map(({ route }) => route)).toEqual(['POST sessions/login', 'GET sessions/notices?after=0']);
    manager.close();
  }
});

test('an insecure context, without randomUUID and subtle, can refresh', async () => {
  browser({ crypto: { getRandomValues: crypto.getRandomValues.bind(crypto) } });
  await goesOn(createSessionManager({ baseUrl, platform: { fetch: (input, init) => env.service.answer(new Request(input, init)) } }));
});

test('pointers, keys, wheels and touches are activity', () => {
  browser();
  const heard: PageEvent[] = [];
  const stop = platformOf().page!.watch(event => heard.push(event));
  const names = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel'];
  names.forEach(name => document.dispatchEvent(new Event(name)));
  expect(heard).toEqual(names.map(() => 'activity'));
  stop();
  document.dispatchEvent(new Event('keydown'));
  expect(heard).toHaveLength(names.length);
});

test('a page that is watched tells of each event until it is left', () => {
  browser();
  const heard: PageEvent[] = [];
  const stop = platformOf().page!.watch(event => heard.push(event));
  const all = (): void => {
    ['online', 'offline', 'focus', 'pageshow', 'storage'].forEach(name => window.dispatchEvent(new Event(name)));
    ['resume', 'visibilitychange'].forEach(name => document.dispatchEvent(new Event(name)));
  };
  all();
  expect(heard).toEqual(['online', 'offline', 'resumed', 'resumed', 'storage', 'resumed', 'resumed']);
  stop();
  all();
  expect(heard).toHaveLength(7);
});

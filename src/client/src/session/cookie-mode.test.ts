import { describe, expect, test } from 'vitest';
import { advance, createEnvironment, credentials, logout, minute, refresh, settle } from '../testing/environment.ts';
import type { Tab, TabOptions } from '../testing/browser.ts';
import type { SessionManager } from './types.ts';

const env = createEnvironment();
const status = 'GET sessions/status';
const login = 'POST sessions/login';

/** Logs in, and clears the script storage but not the cookie. */
async function cleared(options: TabOptions = {}): Promise<string> {
  const tab = await env.loggedIn({ cookie: true, ...options });
  const { id } = tab.manager.state.session!;
  tab.kill();
  env.browser.items.clear();
  // Longer than the grace period.
  await advance(minute);
  return id;
}

const sent = (): string[] => env.service.sent.map(({ route }) => route);
const identity = ({ state }: SessionManager): unknown => ({ status: state.status, email: state.account?.email, id: state.session?.id });

describe('cookie mode with an empty storage', () => {
  test.each<TabOptions>([{}, { storage: 'memory' }, { hasLocks: false, hasChannel: false }])('restores the session of the cookie: %o', async options => {
    const id = await cleared(options);
    const { manager } = env.browser.open({ cookie: true, ...options });
    expect(manager.state.status).toBe('starting');
    expect(await settle(1000, manager.ready)).toMatchObject({ status: 'active' });
    expect(identity(manager)).toEqual({ status: 'active', email: credentials.email, id });
    expect(sent()).toEqual([refresh, status]);
    await advance(26 * minute);
    expect(env.service.rotations).toBe(2);
    expect(await settle(1000, manager.sessions())).toHaveLength(1);
    expect(JSON.stringify([...env.browser.items])).not.toMatch(/access\.|refresh\./);
  });

  test('makes method calls wait for the restored session', async () => {
    await cleared();
    const { manager } = env.browser.open({ cookie: true });
    expect(await settle(1000, manager.sessions())).toHaveLength(1);
  });

  test('asks the service once, without events, if there is no cookie', async () => {
    const tab: Tab = env.browser.open({ cookie: true });
    expect(await settle(1000, tab.manager.ready)).toMatchObject({ status: 'anonymous', endReason: null });
    tab.dispatch('resumed');
    await advance(60 * minute);
    expect(sent()).toEqual([refresh]);
    expect([tab.count('ended'), tab.count('refreshing'), tab.count('retrying')]).toEqual([0, 0, 0]);
    expect([...env.browser.items]).toEqual([]);
  });

  test('is anonymous if the session of the cookie is over', async () => {
    env.service.end(await cleared(), 'admin');
    const { manager } = env.browser.open({ cookie: true });
    expect(await settle(1000, manager.ready)).toMatchObject({ status: 'anonymous' });
    expect(sent()).toEqual([refresh]);
  });

  test('retries with the same attempt on return and after a reload', async () => {
    const id = await cleared();
    const { cookie } = env.service;
    env.service.failNext(refresh, 'lost reply', 'lost reply');
    const first = env.browser.open({ cookie: true });
    expect(await settle(1000, first.manager.ready)).toMatchObject({ status: 'anonymous' });
    first.dispatch('online');
    await advance(1000);
    first.kill();
    // The successor was lost with the reply; with another attempt the spent cookie would end the session.
    env.service.cookie = cookie;
    await advance(60 * minute);
    const { manager } = env.browser.open({ cookie: true });
    await settle(1000, manager.ready);
    expect(identity(manager)).toMatchObject({ status: 'active', id });
    expect(new Set(env.service.sent.filter(({ route }) => route === refresh).map(({ body }) => body['attempt'])).size).toBe(1);
    expect(env.service.rotations).toBe(1);
  });

  test('sends one request for all tabs that open together', async () => {
    await cleared();
    const all = Array.from({ length: 5 }, () => env.browser.open({ cookie: true }));
    await advance(2000);
    expect(new Set(all.map(({ manager }) => manager.state.session?.id)).size).toBe(1);
    expect(all.map(({ manager }) => manager.state.status)).toEqual(all.map(() => 'active'));
    expect(sent()).toEqual([refresh, status]);
  });

  test('makes a login wait, which then replaces the session', async () => {
    await cleared();
    const { manager } = env.browser.open({ cookie: true });
    await settle(5000, manager.login({ ...credentials, email: 'other@example.com' }));
    expect(identity(manager)).toMatchObject({ status: 'active', email: 'other@example.com' });
    expect(sent().indexOf(login)).toBeGreaterThan(sent().indexOf(status));
  });
});

test.each<[string, TabOptions]>([['in body mode', {}], ['on a server', { cookie: true, platform: { page: null } }]])('%s, an empty storage sends no request', async (_, options) => {
  const { manager } = env.browser.open(options);
  expect(manager.state.status).toBe('anonymous');
  await advance(60 * minute);
  expect(env.service.sent).toEqual([]);
  manager.close();
});

test('the page after a logout in cookie mode sends no request', async () => {
  const tab = await env.loggedIn({ cookie: true });
  await settle(1000, tab.manager.logout());
  tab.kill();
  const { manager } = env.browser.open({ cookie: true });
  expect(manager.state.status).toBe('anonymous');
  await advance(60 * minute);
  expect(sent()).toEqual([logout]);
});

describe('after its tab is closed, cookie mode with memory storage', () => {
  const options: TabOptions = { cookie: true, storage: 'memory' };

  test('delivers a logout with the next page, and doesn\'t restore the session', async () => {
    const tab = await env.loggedIn(options);
    const { id } = tab.manager.state.session!;
    env.goOffline();
    await settle(1000, tab.manager.logout());
    tab.kill();
    const offline = env.browser.open(options);
    expect(await settle(1000, offline.manager.ready)).toMatchObject({ status: 'anonymous' });
    offline.kill();
    env.goOnline();
    env.service.failNext(logout, { status: 503 });
    const tabs = [env.browser.open(options), env.browser.open(options)];
    for (const { manager } of tabs)
      expect(await settle(2000, manager.ready)).toMatchObject({ status: 'anonymous' });
    expect(env.service.endReason(id)).toBe('logout');
    expect(env.service.rotations).toBe(0);
    expect(JSON.stringify([...env.browser.items])).not.toMatch(/access\.|refresh\.|demo@/);
  });

  test('repeats a refresh whose reply was lost, with the same attempt', async () => {
    const tab = await env.loggedIn(options);
    const { id } = tab.manager.state.session!;
    const { cookie } = env.service;
    await advance(minute);
    env.service.failNext(refresh, 'lost reply');
    await settle(1000, tab.manager.forceRefresh());
    tab.kill();
    env.service.cookie = cookie;
    await advance(minute);
    const { manager } = env.browser.open(options);
    await settle(1000, manager.ready);
    expect(identity(manager)).toMatchObject({ status: 'active', id });
    expect([...env.browser.items]).toEqual([]);
  });
});

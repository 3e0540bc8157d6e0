import { describe, expect, test } from 'vitest';
import { credentials, logout, minute, pass, refresh, scene, within } from './testing/scene.ts';
import type { Tab, TabOptions } from './testing/browser.ts';
import type { SessionManager } from './types.ts';

const stage = scene();
const status = 'GET sessions/status';
const login = 'POST sessions/login';

/** A session whose cookie is there, while the browser has cleared what scripts have stored. */
async function cleared(options: TabOptions = {}): Promise<string> {
  const tab = await stage.loggedIn({ cookie: true, ...options });
  const { id } = tab.manager.state.session!;
  tab.kill();
  stage.browser.items.clear();
  // Longer than the grace of the service.
  await pass(minute);
  return id;
}

const sent = (): string[] => stage.service.sent.map(({ route }) => route);
const identity = ({ state }: SessionManager): unknown => ({ status: state.status, email: state.account?.email, id: state.session?.id });

describe('a page of cookie mode that finds nothing stored', () => {
  test.each<TabOptions>([{}, { storage: 'memory' }, { hasLocks: false, hasChannel: false }])('goes on with the session of its cookie: %o', async options => {
    const id = await cleared(options);
    const { manager } = stage.browser.open({ cookie: true, ...options });
    expect(manager.state.status).toBe('starting');
    expect(await within(1000, manager.ready)).toMatchObject({ status: 'active' });
    expect(identity(manager)).toEqual({ status: 'active', email: credentials.email, id });
    expect(sent()).toEqual([refresh, status]);
    await pass(26 * minute);
    expect(stage.service.rotations).toBe(2);
    expect(await within(1000, manager.sessions())).toHaveLength(1);
    expect(JSON.stringify([...stage.browser.items])).not.toMatch(/access\.|refresh\./);
  });

  test('says so to the methods that are called meanwhile', async () => {
    await cleared();
    const { manager } = stage.browser.open({ cookie: true });
    expect(await within(1000, manager.sessions())).toHaveLength(1);
  });

  test('asks once, silently, where there is no cookie', async () => {
    const tab: Tab = stage.browser.open({ cookie: true });
    expect(await within(1000, tab.manager.ready)).toMatchObject({ status: 'anonymous', endReason: null });
    tab.happen('resumed');
    await pass(60 * minute);
    expect(sent()).toEqual([refresh]);
    expect([tab.count('ended'), tab.count('refreshing'), tab.count('retrying')]).toEqual([0, 0, 0]);
    expect([...stage.browser.items]).toEqual([]);
  });

  test('is anonymous where the session of its cookie is over', async () => {
    stage.service.end(await cleared(), 'admin');
    const { manager } = stage.browser.open({ cookie: true });
    expect(await within(1000, manager.ready)).toMatchObject({ status: 'anonymous' });
    expect(sent()).toEqual([refresh]);
  });

  test('asks again on return where no answer came, with the attempt of the first time, over a reload, too', async () => {
    const id = await cleared();
    const { cookie } = stage.service;
    stage.service.trouble(refresh, 'lost reply', 'lost reply');
    const first = stage.browser.open({ cookie: true });
    expect(await within(1000, first.manager.ready)).toMatchObject({ status: 'anonymous' });
    first.happen('online');
    await pass(1000);
    first.kill();
    // Its successor is lost with the reply. With another attempt the spent one would end the session.
    stage.service.cookie = cookie;
    await pass(60 * minute);
    const { manager } = stage.browser.open({ cookie: true });
    await within(1000, manager.ready);
    expect(identity(manager)).toMatchObject({ status: 'active', id });
    expect(new Set(stage.service.sent.filter(({ route }) => route === refresh).map(({ body }) => body['attempt'])).size).toBe(1);
    expect(stage.service.rotations).toBe(1);
  });

  test('asks once with all tabs that open together', async () => {
    await cleared();
    const all = Array.from({ length: 5 }, () => stage.browser.open({ cookie: true }));
    await pass(2000);
    expect(new Set(all.map(({ manager }) => manager.state.session?.id)).size).toBe(1);
    expect(all.map(({ manager }) => manager.state.status)).toEqual(all.map(() => 'active'));
    expect(sent()).toEqual([refresh, status]);
  });

  test('lets a login wait, and that one counts', async () => {
    await cleared();
    const { manager } = stage.browser.open({ cookie: true });
    await within(5000, manager.login({ ...credentials, email: 'other@example.com' }));
    expect(identity(manager)).toMatchObject({ status: 'active', email: 'other@example.com' });
    expect(sent().indexOf(login)).toBeGreaterThan(sent().indexOf(status));
  });
});

test.each<[string, TabOptions]>([['in body mode', {}], ['on a server', { cookie: true, surroundings: { page: null } }]])('%s nothing is asked where nothing is stored', async (_, options) => {
  const { manager } = stage.browser.open(options);
  expect(manager.state.status).toBe('anonymous');
  await pass(60 * minute);
  expect(stage.service.sent).toEqual([]);
  manager.close();
});

test('after a logout in cookie mode nothing is asked by the next page', async () => {
  const tab = await stage.loggedIn({ cookie: true });
  await within(1000, tab.manager.logout());
  tab.kill();
  const { manager } = stage.browser.open({ cookie: true });
  expect(manager.state.status).toBe('anonymous');
  await pass(60 * minute);
  expect(sent()).toEqual([logout]);
});

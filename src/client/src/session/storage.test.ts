import { describe, expect, test } from 'vitest';
import { advance, createEnvironment, credentials, minute, refresh, settle } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const env = createEnvironment();

describe('a storage', () => {
  test('that is full keeps the session in open tabs, and no spent token', async () => {
    const tab = await env.loggedIn();
    const other = env.browser.open();
    env.browser.storageFails = true;
    await advance(60 * minute);
    expect([tab, other].map(({ manager }) => manager.state.status)).toEqual(['active', 'active']);
    expect(env.service.rotations).toBe(env.service.count(refresh));
    expect(env.browser.stored).toBeNull();
  });

  test('that fails doesn\'t lose a logout', async () => {
    const tab = await env.loggedIn();
    const { id } = tab.manager.state.session!;
    env.browser.storageFails = true;
    env.goOffline();
    void tab.manager.logout();
    await advance(10);
    env.goOnline();
    await advance(1000);
    expect(env.service.endReason(id)).toBe('logout');
  });

  test('with invalid content counts as empty', () => {
    for (const text of ['', '{', 'null', '7', '{"revision":1}', '{"revision":1,"id":"a"}']) {
      env.browser.items.set(`serverless-sessions:${baseUrl}/`, text);
      const tab = env.browser.open();
      expect(tab.manager.state.status).toBe('anonymous');
      tab.kill();
    }
  });

  test('with an invalid queue of logouts delivers the valid ones, and stops no login', async () => {
    const tab = await env.loggedIn();
    const { id } = tab.manager.state.session!;
    const { refreshToken } = env.browser.stored!;
    tab.kill();
    env.browser.items.set(`serverless-sessions:${baseUrl}/:outbox`, JSON.stringify([null, 7, { id, refreshToken }]));
    const { manager } = env.browser.open();
    expect(await settle(1000, manager.login(credentials))).toMatchObject({ status: 'active' });
    expect(env.service.endReason(id)).toBe('logout');
    await advance(26 * minute);
    expect(env.service.rotations).toBe(1);
  });

  test('may be asynchronous', async () => {
    await env.loggedIn();
    const { manager } = env.browser.open({ storage: env.browser.asyncStorage() });
    expect(manager.state.status).toBe('starting');
    const asked = manager.fetch(`${baseUrl}/orders`);
    await advance(1000);
    expect((await asked).ok).toBe(true);
    expect(await manager.ready).toMatchObject({ status: 'active' });
    void manager.forceRefresh();
    await advance(2000);
    expect(env.browser.stored).toMatchObject({ generation: 1, pending: null });
  });

  test.each(['getItem', 'setItem', 'removeItem'])('whose %s never answers is skipped after a timeout', async hanging => {
    const slow = { getItem: () => Promise.resolve(null), setItem: () => Promise.resolve(), removeItem: () => Promise.resolve() };
    const { manager } = env.browser.open({ storage: { ...slow, [hanging]: () => new Promise(() => {}) } });
    expect(await settle(11_000, manager.ready)).toMatchObject({ status: 'anonymous' });
    expect(await settle(60_000, manager.login(credentials))).toMatchObject({ status: 'active' });
    expect(await settle(60_000, manager.forceRefresh())).toMatchObject({ status: 'active' });
    expect(env.service.rotations).toBe(1);
    await settle(60_000, manager.logout());
    expect(manager.state.status).toBe('anonymous');
  });

  test('may return thenables', async () => {
    await env.loggedIn();
    const { items } = env.browser;
    const thenable = { then: (done: (item: string | null) => void) => void setTimeout(() => done(items.get(`serverless-sessions:${baseUrl}/`)!), 100) } as unknown as Promise<string | null>;
    const { manager } = env.browser.open({ storage: { getItem: () => thenable, setItem() {}, removeItem() {} } });
    expect(await settle(1000, manager.ready)).toMatchObject({ status: 'active' });
  });

  test('that always throws is like none', async () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const tab = await env.loggedIn({ storage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
    await advance(60 * minute);
    expect(tab.manager.state.status).toBe('active');
    expect(env.service.rotations).toBeGreaterThan(0);
  });
});

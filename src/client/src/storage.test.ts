import { describe, expect, test } from 'vitest';
import { credentials, minute, pass, refresh, scene, within } from './testing/scene.ts';
import { baseUrl } from './testing/service.ts';

const stage = scene();

describe('a storage', () => {
  test('that is full costs nothing while a tab is open, and leaves no spent token behind', async () => {
    const tab = await stage.loggedIn();
    const other = stage.browser.open();
    stage.browser.storageFails = true;
    await pass(60 * minute);
    expect([tab, other].map(({ manager }) => manager.state.status)).toEqual(['active', 'active']);
    expect(stage.service.rotations).toBe(stage.service.count(refresh));
    expect(stage.browser.stored).toBeNull();
  });

  test('that keeps nothing still delivers a logout', async () => {
    const tab = await stage.loggedIn();
    const { id } = tab.manager.state.session!;
    stage.browser.storageFails = true;
    stage.goOffline();
    void tab.manager.logout();
    await pass(10);
    stage.comeBack();
    await pass(1000);
    expect(stage.service.endReason(id)).toBe('logout');
  });

  test('that holds nonsense is as good as empty', () => {
    for (const text of ['', '{', 'null', '7', '{"revision":1}', '{"revision":1,"id":"a"}']) {
      stage.browser.items.set(`serverless-sessions:${baseUrl}/`, text);
      const tab = stage.browser.open();
      expect(tab.manager.state.status).toBe('anonymous');
      tab.kill();
    }
  });

  test('that answers later is waited for', async () => {
    await stage.loggedIn();
    const slow = {
      getItem: async (key: string) => {
        await new Promise(done => setTimeout(done, 100));
        return stage.browser.items.get(key) ?? null;
      },
      setItem: async (key: string, value: string) => void stage.browser.items.set(key, value),
      removeItem: async (key: string) => void stage.browser.items.delete(key),
    };
    const { manager } = stage.browser.open({ storage: slow });
    expect(manager.state.status).toBe('starting');
    const asked = manager.fetch(`${baseUrl}/orders`);
    await pass(1000);
    expect((await asked).ok).toBe(true);
    expect(await manager.ready).toMatchObject({ status: 'active' });
    void manager.forceRefresh();
    await pass(2000);
    expect(stage.browser.stored).toMatchObject({ generation: 1, pending: null });
  });

  test.each(['getItem', 'setItem', 'removeItem'])('whose %s never answers is done without after a while', async hanging => {
    const slow = { getItem: () => Promise.resolve(null), setItem: () => Promise.resolve(), removeItem: () => Promise.resolve() };
    const { manager } = stage.browser.open({ storage: { ...slow, [hanging]: () => new Promise(() => {}) } });
    expect(await within(11_000, manager.ready)).toMatchObject({ status: 'anonymous' });
    expect(await within(60_000, manager.login(credentials))).toMatchObject({ status: 'active' });
    expect(await within(60_000, manager.forceRefresh())).toMatchObject({ status: 'active' });
    expect(stage.service.rotations).toBe(1);
    await within(60_000, manager.logout());
    expect(manager.state.status).toBe('anonymous');
  });

  test('whose promises are those of somebody else is waited for, too', async () => {
    await stage.loggedIn();
    const { items } = stage.browser;
    const thenable = { then: (done: (item: string | null) => void) => void setTimeout(() => done(items.get(`serverless-sessions:${baseUrl}/`)!), 100) } as unknown as Promise<string | null>;
    const { manager } = stage.browser.open({ storage: { getItem: () => thenable, setItem() {}, removeItem() {} } });
    expect(await within(1000, manager.ready)).toMatchObject({ status: 'active' });
  });

  test('that throws at every touch is no worse than none', async () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const tab = await stage.loggedIn({ storage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
    await pass(60 * minute);
    expect(tab.manager.state.status).toBe('active');
    expect(stage.service.rotations).toBeGreaterThan(0);
  });
});

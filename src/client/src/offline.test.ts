import { describe, expect, test } from 'vitest';
import { type Tab } from './testing/browser.ts';
import { credentials, logout, minute, pass, refresh, scene, within } from './testing/scene.ts';
import { baseUrl } from './testing/service.ts';

const stage = scene();

describe('a browser that says it is offline while it is connected', () => {
  test('has its session refreshed before the access token ends', async () => {
    const tab = await stage.loggedIn();
    stage.browser.online(false);
    await pass(29 * minute);
    expect(stage.service.rotations).toBe(1);
    expect(tab.manager.state).toMatchObject({ status: 'active', isOnline: false, retry: null });
    await pass(24 * 60 * minute);
    expect(stage.service.rotations).toBeGreaterThan(40);
  });

  test('has a logout sent at once', async () => {
    const { manager } = await stage.loggedIn();
    const { id } = manager.state.session!;
    stage.browser.online(false);
    void manager.logout();
    await pass(100);
    expect(stage.service.endReason(id)).toBe('logout');
  });

  test('gets a token that was asked for, its notices, and no warning of a service that can be reached', async () => {
    stage.service.rememberedHours = 1;
    const tab = await stage.loggedIn({ heartbeat: true });
    stage.browser.online(false);
    expect(await within(100, tab.manager.forceRefresh())).toMatchObject({ status: 'active' });
    tab.manager.on('notice', () => {});
    await pass(2 * 60 * minute);
    expect(stage.service.count('GET sessions/notices?after=0')).toBeGreaterThan(55);
    expect(stage.service.count('POST sessions/heartbeat')).toBeGreaterThan(1000);
    expect(tab.count('expiring')).toBe(0);
  });
});

describe('offline', () => {
  test('nobody is logged out, and what fails is tried less often than while the service is away', async () => {
    const asked: number[] = [];
    for (const isOnline of [true, false]) {
      stage.reset();
      const tab = await stage.loggedIn({ heartbeat: true });
      tab.manager.on('notice', () => {});
      stage.service.isAway = true;
      stage.browser.online(isOnline);
      await pass(2 * 60 * minute);
      expect(tab.manager.state).toMatchObject({ status: 'active', isOnline });
      asked.push(stage.service.sent.length);
      tab.manager.close();
    }
    expect(asked[1]).toBeLessThan(asked[0]! / 2);
  });

  test('what was put off is done on return', async () => {
    const tab = await stage.loggedIn();
    stage.goOffline();
    await pass(24 * 60 * minute);
    tab.told.length = stage.service.sent.length = 0;
    stage.comeBack();
    await pass(1000);
    expect(stage.service.count(refresh)).toBe(1);
    expect(tab.told.map(({ name }) => name).filter(name => name !== 'changed')).toEqual(['online', 'refreshing', 'refreshed']);
  });

  test('a page starts with the last known session', async () => {
    const tab = await stage.loggedIn();
    stage.goOffline();
    tab.kill();
    await pass(60 * minute);
    const { manager } = stage.browser.open();
    expect(manager.state).toMatchObject({ status: 'active', account: { email: credentials.email }, isOnline: false });
    await pass(60 * minute);
    expect(manager.state.status).toBe('active');
  });

  test.each([false, true])('a request is sent all the same, since a service worker may answer it', async cookie => {
    const tab = await stage.loggedIn({ cookie });
    stage.goOffline();
    tab.kill();
    await pass(60 * minute);
    const asked: (string | null)[] = [];
    const { manager } = stage.browser.open({
      cookie,
      surroundings: {
        page: { isOnline: () => false, isVisible: () => true, watch: () => () => {} }, locks: null, openChannel: null,
        fetch: async input => {
          if (typeof input === 'string')
            throw new TypeError('Failed to fetch');
          asked.push((input as Request).headers.get('authorization'));
          return Response.json({ from: 'a cache' });
        },
      },
      ...cookie ? {} : { storage: storedOnly() },
    });
    const answer = manager.fetch(`${baseUrl}/orders`);
    await pass(500);
    expect(await (await answer).json()).toEqual({ from: 'a cache' });
    expect(asked).toEqual([cookie ? null : expect.stringMatching(/^Bearer /)]);
    manager.close();
  });

  test('what needs the service says that it can\'t be reached', async () => {
    const { manager } = await stage.loggedIn();
    stage.goOffline();
    const asked = manager.sessions().catch((error: unknown) => error);
    await pass(100);
    expect(await asked).toMatchObject({ code: 'network_error' });
  });
});

describe('a logout', () => {
  test('ends the session here at once, and at the service', async () => {
    const tab = await stage.loggedIn();
    const { id } = tab.manager.state.session!;
    const ended = tab.manager.logout();
    await pass(1);
    expect(tab.manager.state).toMatchObject({ status: 'anonymous', endReason: 'logout' });
    await pass(100);
    await ended;
    expect(stage.service.endReason(id)).toBe('logout');
    expect(stage.service.sent).toMatchObject([{ route: logout, keepalive: true, bearer: null }]);
    expect([...stage.browser.items.values()].join()).not.toMatch(/refresh\.|access\.|demo@/);
  });

  test.each([false, true])('offline is delivered on return', async cookie => {
    const { manager } = await stage.loggedIn({ cookie });
    const { id } = manager.state.session!;
    stage.goOffline();
    const ended = manager.logout();
    await pass(100);
    await ended;
    expect(manager.state.status).toBe('anonymous');
    await pass(60 * minute);
    expect(stage.service.endReason(id)).toBeNull();
    expect(stage.service.count(logout)).toBeLessThanOrEqual(31);
    stage.comeBack();
    await pass(1000);
    expect(stage.service.endReason(id)).toBe('logout');
    stage.service.sent.length = 0;
    await pass(60 * minute);
    expect(stage.service.sent).toEqual([]);
  });

  test('offline is delivered by the next page when the first one is gone, days later', async () => {
    const tab = await stage.loggedIn();
    const { id } = tab.manager.state.session!;
    stage.goOffline();
    void tab.manager.logout();
    await pass(10);
    tab.kill();
    await pass(5 * 24 * 60 * minute);
    stage.service.isAway = false;
    stage.browser.isOnline = true;
    const next = stage.browser.open();
    await pass(1000);
    expect(stage.service.endReason(id)).toBe('logout');
    expect(next.manager.state.status).toBe('anonymous');
  });

  test('that the service doesn\'t answer is repeated until it does, after a reload, too', async () => {
    const tab = await stage.loggedIn();
    const { id } = tab.manager.state.session!;
    stage.service.trouble(logout, 'lost request', { status: 503, code: 'unavailable' }, { status: 429, code: 'rate_limited' }, 'lost reply');
    void tab.manager.logout();
    await pass(61_000);
    tab.kill();
    stage.browser.open();
    await pass(5 * minute);
    // The last one says that the session is over already, and that is enough.
    expect(stage.service.count(logout)).toBe(5);
    expect(stage.service.endReason(id)).toBe('logout');
  });

  test('in cookie mode is delivered before the next login, whose cookie it would end', async () => {
    const { manager } = await stage.loggedIn({ cookie: true });
    stage.service.trouble(logout, 'lost request');
    void manager.logout();
    await pass(100);
    void manager.login({ ...credentials, email: 'other@example.com' });
    await pass(60_000);
    expect(stage.service.sent.map(({ route }) => route)).toEqual([logout, logout, 'POST sessions/login']);
    expect(manager.state.account?.email).toBe('other@example.com');
    expect(stage.service.endReason(manager.state.session!.id)).toBeNull();
  });

  test('in cookie mode that couldn\'t be told before the next login doesn\'t end that one', async () => {
    const { manager } = await stage.loggedIn({ cookie: true });
    stage.service.trouble(logout, ...Array.from({ length: 2 }, () => ({ status: 503, code: 'unavailable' })));
    void manager.logout();
    await pass(100);
    void manager.login({ ...credentials, email: 'other@example.com' });
    await pass(60 * minute);
    expect(stage.service.count(logout)).toBe(2);
    expect(stage.service.endReason(manager.state.session!.id)).toBeNull();
    expect(manager.state.status).toBe('active');
  });

  test('survives a crash at any step', async () => {
    for (let steps = 1, isOver = false; !isOver; steps += 1) {
      stage.reset();
      let left = Infinity;
      const tab: Tab = await stage.loggedIn({
        step: () => {
          if ((left -= 1) < 0)
            tab.kill();
        },
      });
      const { id } = tab.manager.state.session!;
      left = steps;
      void tab.manager.logout();
      await pass(100);
      isOver = left > 0;
      tab.kill();
      const next = stage.browser.open();
      await pass(1000);
      const asked = next.manager.fetch(`${baseUrl}/orders`).catch(() => {});
      await pass(1000);
      await asked;
      expect([stage.service.endReason(id), next.manager.state.status], `killed after ${steps} steps`).toEqual(['logout', 'anonymous']);
      next.manager.close();
    }
  });

  test('of all sessions waits for the service', async () => {
    const { manager } = await stage.loggedIn();
    stage.service.isAway = true;
    const refused = manager.logoutAll().catch((error: unknown) => error);
    await pass(1000);
    expect(await refused).toMatchObject({ code: 'network_error' });
    expect(manager.state.status).toBe('active');
    stage.service.isAway = false;
    void manager.logoutAll({ others: true });
    await pass(1000);
    expect(manager.state.status).toBe('active');
    void manager.logoutAll();
    await pass(1000);
    expect(manager.state.endReason).toBe('logout_all');
  });

  test('of this device in the list of devices ends it here', async () => {
    const { manager } = await stage.loggedIn();
    void manager.revoke(manager.state.session!.id);
    await pass(1000);
    expect(manager.state.endReason).toBe('revoked');
  });
});

describe('the warning', () => {
  test('comes once, when the greatest age of a session is near', async () => {
    stage.service.absoluteHours = 1;
    const tab = await stage.loggedIn();
    await pass(54 * minute);
    expect(tab.count('expiring')).toBe(0);
    await pass(2 * minute);
    const { absoluteExpiresAt } = tab.manager.state.session!;
    expect(tab.told.filter(({ name }) => name === 'expiring').map(({ detail }) => detail)).toEqual([{ cause: 'absolute', at: Date.parse(absoluteExpiresAt) }]);
    expect(tab.manager.state.expiring).toMatchObject({ cause: 'absolute' });
  });

  test('comes when the service can\'t be reached for too long, and goes when it can', async () => {
    stage.service.rememberedHours = 1;
    const tab = await stage.loggedIn();
    stage.goOffline();
    await pass(56 * minute);
    expect(tab.manager.state.expiring).toMatchObject({ cause: 'unreachable' });
    stage.comeBack();
    await pass(1000);
    expect(tab.manager.state.expiring).toBeNull();
    expect(tab.count('expiring')).toBe(1);
  });

  test('never comes while a refresh can succeed', async () => {
    stage.service.rememberedHours = 1;
    const tab = await stage.loggedIn();
    await pass(24 * 60 * minute);
    expect(tab.count('expiring')).toBe(0);
  });
});

function storedOnly(): { getItem: (key: string) => string | null; setItem: () => void; removeItem: () => void } {
  return { getItem: key => stage.browser.items.get(key) ?? null, setItem: () => {}, removeItem: () => {} };
}

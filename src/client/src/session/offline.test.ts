import { describe, expect, test } from 'vitest';
import { type Tab } from '../testing/browser.ts';
import { advance, createEnvironment, credentials, logout, minute, refresh, settle } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const env = createEnvironment();

describe('a browser that reports offline although it is connected', () => {
  test('still refreshes the session in time', async () => {
    const tab = await env.loggedIn();
    env.browser.online(false);
    await advance(29 * minute);
    expect(env.service.rotations).toBe(1);
    expect(tab.manager.state).toMatchObject({ status: 'active', isOnline: false, retry: null });
    await advance(24 * 60 * minute);
    expect(env.service.rotations).toBeGreaterThan(40);
  });

  test('still sends a logout at once', async () => {
    const { manager } = await env.loggedIn();
    const { id } = manager.state.session!;
    env.browser.online(false);
    void manager.logout();
    await advance(100);
    expect(env.service.endReason(id)).toBe('logout');
  });

  test('still gets tokens and notices, and no expiry warning', async () => {
    env.service.idleHours = 1;
    const tab = await env.loggedIn({ heartbeat: true });
    env.browser.online(false);
    expect(await settle(100, tab.manager.forceRefresh())).toMatchObject({ status: 'active' });
    tab.manager.on('notice', () => {});
    await advance(2 * 60 * minute);
    expect(env.service.count('GET sessions/notices?after=0')).toBeGreaterThan(55);
    expect(env.service.count('POST sessions/heartbeat')).toBeGreaterThan(1000);
    expect(tab.count('expiring')).toBe(0);
  });
});

describe('offline', () => {
  test('nobody is logged out, and retries are rarer than while the service is down', async () => {
    const asked: number[] = [];
    for (const isOnline of [true, false]) {
      env.reset();
      const tab = await env.loggedIn({ heartbeat: true });
      tab.manager.on('notice', () => {});
      env.service.isDown = true;
      env.browser.online(isOnline);
      await advance(2 * 60 * minute);
      expect(tab.manager.state).toMatchObject({ status: 'active', isOnline });
      asked.push(env.service.sent.length);
      tab.manager.close();
    }
    expect(asked[1]).toBeLessThan(asked[0]! / 2);
  });

  test('pending work is done when the network is back', async () => {
    const tab = await env.loggedIn();
    env.goOffline();
    await advance(24 * 60 * minute);
    tab.events.length = env.service.sent.length = 0;
    env.goOnline();
    await advance(1000);
    expect(env.service.count(refresh)).toBe(1);
    expect(tab.events.map(({ name }) => name).filter(name => name !== 'changed')).toEqual(['online', 'refreshing', 'refreshed']);
  });

  test('a refresh that fails after the network is back is repeated at once', async () => {
    const tab = await env.loggedIn();
    env.goOffline();
    await advance(24 * 60 * minute);
    env.service.latency = 500;
    env.service.failNext(refresh, 'lost request');
    const failed = tab.manager.forceRefresh();
    await advance(100);
    env.goOnline();
    expect(await settle(500, failed)).toMatchObject({ code: 'network_error' });
    tab.events.length = 0;
    await advance(1500);
    expect(tab.events.map(({ name }) => name).filter(name => name !== 'changed')).toEqual(['refreshing', 'refreshed']);
  });

  test('a page starts with the last known session', async () => {
    const tab = await env.loggedIn();
    env.goOffline();
    tab.kill();
    await advance(60 * minute);
    const { manager } = env.browser.open();
    expect(manager.state).toMatchObject({ status: 'active', account: { email: credentials.email }, isOnline: false });
    await advance(60 * minute);
    expect(manager.state.status).toBe('active');
  });

  test.each([false, true])('a request is still sent, since a service worker may answer it', async cookie => {
    const tab = await env.loggedIn({ cookie });
    env.goOffline();
    tab.kill();
    await advance(60 * minute);
    const asked: (string | null)[] = [];
    const { manager } = env.browser.open({
      cookie,
      platform: {
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
    await advance(500);
    expect(await (await answer).json()).toEqual({ from: 'a cache' });
    expect(asked).toEqual([cookie ? null : expect.stringMatching(/^Bearer /)]);
    manager.close();
  });

  test('a method that needs the service rejects with network_error', async () => {
    const { manager } = await env.loggedIn();
    env.goOffline();
    const asked = manager.sessions().catch((error: unknown) => error);
    await advance(100);
    expect(await asked).toMatchObject({ code: 'network_error' });
  });
});

describe('a logout', () => {
  test('ends the session locally at once, and at the service', async () => {
    const tab = await env.loggedIn();
    const { id } = tab.manager.state.session!;
    const ended = tab.manager.logout();
    await advance(1);
    expect(tab.manager.state).toMatchObject({ status: 'anonymous', endReason: 'logout' });
    await advance(100);
    await ended;
    expect(env.service.endReason(id)).toBe('logout');
    expect(env.service.sent).toMatchObject([{ route: logout, keepalive: true, bearer: null }]);
    expect([...env.browser.items.values()].join()).not.toMatch(/refresh\.|access\.|demo@/);
  });

  test.each([false, true])('while offline is delivered when the network is back', async cookie => {
    const { manager } = await env.loggedIn({ cookie });
    const { id } = manager.state.session!;
    env.goOffline();
    const ended = manager.logout();
    await advance(100);
    await ended;
    expect(manager.state.status).toBe('anonymous');
    await advance(60 * minute);
    expect(env.service.endReason(id)).toBeNull();
    expect(env.service.count(logout)).toBeLessThanOrEqual(31);
    env.goOnline();
    await advance(1000);
    expect(env.service.endReason(id)).toBe('logout');
    env.service.sent.length = 0;
    await advance(60 * minute);
    expect(env.service.sent).toEqual([]);
  });

  test('while offline is delivered by the next page, days later', async () => {
    const tab = await env.loggedIn();
    const { id } = tab.manager.state.session!;
    env.goOffline();
    void tab.manager.logout();
    await advance(10);
    tab.kill();
    await advance(5 * 24 * 60 * minute);
    env.service.isDown = false;
    env.browser.isOnline = true;
    const next = env.browser.open();
    await advance(1000);
    expect(env.service.endReason(id)).toBe('logout');
    expect(next.manager.state.status).toBe('anonymous');
  });

  test('that fails is repeated until the service confirms it, after a reload, too', async () => {
    const tab = await env.loggedIn();
    const { id } = tab.manager.state.session!;
    env.service.failNext(logout, 'lost request', { status: 503, code: 'unavailable' }, { status: 429, code: 'rate_limited' }, 'lost reply');
    void tab.manager.logout();
    await advance(61_000);
    tab.kill();
    env.browser.open();
    await advance(5 * minute);
    // The last one is answered with session_ended.
    expect(env.service.count(logout)).toBe(5);
    expect(env.service.endReason(id)).toBe('logout');
  });

  test('in cookie mode is delivered before the next login replaces the cookie', async () => {
    const { manager } = await env.loggedIn({ cookie: true });
    env.service.failNext(logout, 'lost request');
    void manager.logout();
    await advance(100);
    void manager.login({ ...credentials, email: 'other@example.com' });
    await advance(60_000);
    expect(env.service.sent.map(({ route }) => route)).toEqual([logout, logout, 'POST sessions/login']);
    expect(manager.state.account?.email).toBe('other@example.com');
    expect(env.service.endReason(manager.state.session!.id)).toBeNull();
  });

  test('in cookie mode that wasn\'t delivered before the next login doesn\'t end that session', async () => {
    const { manager } = await env.loggedIn({ cookie: true });
    env.service.failNext(logout, ...Array.from({ length: 2 }, () => ({ status: 503, code: 'unavailable' })));
    void manager.logout();
    await advance(100);
    void manager.login({ ...credentials, email: 'other@example.com' });
    await advance(60 * minute);
    expect(env.service.count(logout)).toBe(2);
    expect(env.service.endReason(manager.state.session!.id)).toBeNull();
    expect(manager.state.status).toBe('active');
  });

  test('survives a crash at any step', async () => {
    for (let steps = 1, isOver = false; !isOver; steps += 1) {
      env.reset();
      let left = Infinity;
      const tab: Tab = await env.loggedIn({
        step: () => {
          if ((left -= 1) < 0)
            tab.kill();
        },
      });
      const { id } = tab.manager.state.session!;
      left = steps;
      void tab.manager.logout();
      await advance(100);
      isOver = left > 0;
      tab.kill();
      const next = env.browser.open();
      await advance(1000);
      const asked = next.manager.fetch(`${baseUrl}/orders`).catch(() => {});
      await advance(1000);
      await asked;
      expect([env.service.endReason(id), next.manager.state.status], `killed after ${steps} steps`).toEqual(['logout', 'anonymous']);
      next.manager.close();
    }
  });

  test('of all sessions needs the service', async () => {
    const { manager } = await env.loggedIn();
    env.service.isDown = true;
    const refused = manager.logoutAll().catch((error: unknown) => error);
    await advance(1000);
    expect(await refused).toMatchObject({ code: 'network_error' });
    expect(manager.state.status).toBe('active');
    env.service.isDown = false;
    void manager.logoutAll({ others: true });
    await advance(1000);
    expect(manager.state.status).toBe('active');
    void manager.logoutAll();
    await advance(1000);
    expect(manager.state.endReason).toBe('logout_all');
  });

  test('of this device by revoke ends the session locally', async () => {
    const { manager } = await env.loggedIn();
    void manager.revoke(manager.state.session!.id);
    await advance(1000);
    expect(manager.state.endReason).toBe('revoked');
  });
});

describe('the expiry warning', () => {
  test('is emitted once before the absolute expiry', async () => {
    env.service.absoluteHours = 1;
    const tab = await env.loggedIn();
    await advance(54 * minute);
    expect(tab.count('expiring')).toBe(0);
    await advance(2 * minute);
    const { absoluteExpiresAt } = tab.manager.state.session!;
    expect(tab.events.filter(({ name }) => name === 'expiring').map(({ detail }) => detail)).toEqual([{ cause: 'absolute', at: Date.parse(absoluteExpiresAt) }]);
    expect(tab.manager.state.expiring).toMatchObject({ cause: 'absolute' });
  });

  test('is set while the service is unreachable before the idle expiry, and cleared when it is back', async () => {
    env.service.idleHours = 1;
    const tab = await env.loggedIn();
    env.goOffline();
    await advance(56 * minute);
    expect(tab.manager.state.expiring).toMatchObject({ cause: 'unreachable' });
    env.goOnline();
    await advance(1000);
    expect(tab.manager.state.expiring).toBeNull();
    expect(tab.count('expiring')).toBe(1);
  });

  test('is never emitted while refreshes succeed', async () => {
    env.service.idleHours = 1;
    const tab = await env.loggedIn();
    await advance(24 * 60 * minute);
    expect(tab.count('expiring')).toBe(0);
  });
});

function storedOnly(): { getItem: (key: string) => string | null; setItem: () => void; removeItem: () => void } {
  return { getItem: key => env.browser.items.get(key) ?? null, setItem: () => {}, removeItem: () => {} };
}

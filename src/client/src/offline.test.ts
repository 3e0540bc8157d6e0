import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeBrowser, type Tab, type TabOptions } from './testing/browser.ts';
import { baseUrl, FakeService } from './testing/service.ts';

const minute = 60_000;
const credentials = { email: 'demo@example.com', password: 'right' };
const refresh = 'POST sessions/refresh';
const logout = 'POST sessions/logout';

let service: FakeService;
let browser: FakeBrowser;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-14T09:00:00.500Z') });
  service = new FakeService();
  browser = new FakeBrowser(service);
  return () => {
    browser.tabs.forEach(tab => tab.manager.close());
    vi.useRealTimers();
  };
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

async function loggedIn(options: TabOptions = {}): Promise<Tab> {
  const tab = browser.open(options);
  void tab.manager.login(credentials);
  await pass(1000);
  tab.told.length = 0;
  service.sent.length = 0;
  return tab;
}

function goOffline(): void {
  service.isAway = true;
  browser.online(false);
}

function comeBack(): void {
  service.isAway = false;
  browser.online(true);
}

describe('offline', () => {
  test('nothing is asked, and nobody is logged out', async () => {
    const tab = await loggedIn();
    goOffline();
    await pass(24 * 60 * minute);
    expect(service.sent).toEqual([]);
    expect(tab.manager.state).toMatchObject({ status: 'active', isOnline: false });
    comeBack();
    await pass(1000);
    expect(service.count(refresh)).toBe(1);
    expect(tab.told.map(({ name }) => name).filter(name => name !== 'changed' && name !== 'expiring')).toEqual(['offline', 'online', 'refreshing', 'refreshed']);
  });

  test('a page starts with the last known session', async () => {
    const tab = await loggedIn();
    goOffline();
    tab.kill();
    await pass(60 * minute);
    const { manager } = browser.open();
    expect(manager.state).toMatchObject({ status: 'active', account: { email: credentials.email }, isOnline: false });
    await pass(60 * minute);
    expect(service.sent).toEqual([]);
  });

  test.each([false, true])('a request is sent all the same, since a service worker may answer it', async cookie => {
    const tab = await loggedIn({ cookie });
    goOffline();
    tab.kill();
    await pass(60 * minute);
    const asked: (string | null)[] = [];
    const { manager } = browser.open({
      cookie,
      surroundings: {
        page: { isOnline: () => false, isVisible: () => true, watch: () => () => {} }, locks: null, openChannel: null,
        fetch: async input => {
          asked.push((input as Request).headers.get('authorization'));
          return Response.json({ from: 'a cache' });
        },
      },
      ...cookie ? {} : { storage: storedOnly() },
    });
    const answer = manager.fetch(`${baseUrl}/orders`);
    await pass(100);
    expect(await (await answer).json()).toEqual({ from: 'a cache' });
    expect(asked).toEqual([cookie ? null : expect.stringMatching(/^Bearer /)]);
    manager.close();
  });

  test('what needs the service says that it can\'t be reached', async () => {
    const { manager } = await loggedIn();
    goOffline();
    const asked = manager.sessions().catch((error: unknown) => error);
    await pass(100);
    expect(await asked).toMatchObject({ code: 'network_error' });
  });
});

describe('a logout', () => {
  test('ends the session here at once, and at the service', async () => {
    const tab = await loggedIn();
    const { id } = tab.manager.state.session!;
    const ended = tab.manager.logout();
    await pass(1);
    expect(tab.manager.state).toMatchObject({ status: 'anonymous', endReason: 'logout' });
    await pass(100);
    await ended;
    expect(service.endReason(id)).toBe('logout');
    expect(service.sent).toMatchObject([{ route: logout, keepalive: true, bearer: null }]);
    expect([...browser.items.values()].join()).not.toMatch(/refresh\.|access\.|demo@/);
  });

  test.each([false, true])('offline is delivered on return', async cookie => {
    const { manager } = await loggedIn({ cookie });
    const { id } = manager.state.session!;
    goOffline();
    const ended = manager.logout();
    await pass(10);
    await ended;
    expect(manager.state.status).toBe('anonymous');
    expect(service.sent).toEqual([]);
    await pass(60 * minute);
    comeBack();
    await pass(1000);
    expect(service.endReason(id)).toBe('logout');
    await pass(60 * minute);
    expect(service.count(logout)).toBe(1);
  });

  test('offline is delivered by the next page when the first one is gone, days later', async () => {
    const tab = await loggedIn();
    const { id } = tab.manager.state.session!;
    goOffline();
    void tab.manager.logout();
    await pass(10);
    tab.kill();
    await pass(5 * 24 * 60 * minute);
    service.isAway = false;
    browser.isOnline = true;
    const next = browser.open();
    await pass(1000);
    expect(service.endReason(id)).toBe('logout');
    expect(next.manager.state.status).toBe('anonymous');
  });

  test('that the service doesn\'t answer is repeated until it does, after a reload, too', async () => {
    const tab = await loggedIn();
    const { id } = tab.manager.state.session!;
    service.trouble(logout, 'lost request', { status: 503, code: 'unavailable' }, { status: 429, code: 'rate_limited' }, 'lost reply');
    void tab.manager.logout();
    await pass(61_000);
    tab.kill();
    browser.open();
    await pass(5 * minute);
    // The last one says that the session is over already, and that is enough.
    expect(service.count(logout)).toBe(5);
    expect(service.endReason(id)).toBe('logout');
  });

  test('in cookie mode is delivered before the next login, whose cookie it would end', async () => {
    const { manager } = await loggedIn({ cookie: true });
    service.trouble(logout, 'lost request');
    void manager.logout();
    await pass(100);
    void manager.login({ ...credentials, email: 'other@example.com' });
    await pass(60_000);
    expect(service.sent.map(({ route }) => route)).toEqual([logout, logout, 'POST sessions/login']);
    expect(manager.state.account?.email).toBe('other@example.com');
    expect(service.endReason(manager.state.session!.id)).toBeNull();
  });

  test('in cookie mode that couldn\'t be told before the next login doesn\'t end that one', async () => {
    const { manager } = await loggedIn({ cookie: true });
    service.trouble(logout, ...Array.from({ length: 2 }, () => ({ status: 503, code: 'unavailable' })));
    void manager.logout();
    await pass(100);
    void manager.login({ ...credentials, email: 'other@example.com' });
    await pass(60 * minute);
    expect(service.count(logout)).toBe(2);
    expect(service.endReason(manager.state.session!.id)).toBeNull();
    expect(manager.state.status).toBe('active');
  });

  test('survives a crash at any step', async () => {
    for (let steps = 1, isOver = false; !isOver; steps += 1) {
      service = new FakeService();
      browser = new FakeBrowser(service);
      let left = Infinity;
      const tab: Tab = await loggedIn({
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
      const next = browser.open();
      await pass(1000);
      const asked = next.manager.fetch(`${baseUrl}/orders`).catch(() => {});
      await pass(1000);
      await asked;
      expect([service.endReason(id), next.manager.state.status], `killed after ${steps} steps`).toEqual(['logout', 'anonymous']);
      next.manager.close();
    }
  });

  test('of all sessions waits for the service', async () => {
    const { manager } = await loggedIn();
    service.isAway = true;
    const refused = manager.logoutAll().catch((error: unknown) => error);
    await pass(1000);
    expect(await refused).toMatchObject({ code: 'network_error' });
    expect(manager.state.status).toBe('active');
    service.isAway = false;
    void manager.logoutAll({ others: true });
    await pass(1000);
    expect(manager.state.status).toBe('active');
    void manager.logoutAll();
    await pass(1000);
    expect(manager.state.endReason).toBe('logout_all');
  });

  test('of this device in the list of devices ends it here', async () => {
    const { manager } = await loggedIn();
    void manager.revoke(manager.state.session!.id);
    await pass(1000);
    expect(manager.state.endReason).toBe('revoked');
  });
});

describe('the warning', () => {
  test('comes once, when the greatest age of a session is near', async () => {
    service.absoluteHours = 1;
    const tab = await loggedIn();
    await pass(54 * minute);
    expect(tab.count('expiring')).toBe(0);
    await pass(2 * minute);
    const { absoluteExpiresAt } = tab.manager.state.session!;
    expect(tab.told.filter(({ name }) => name === 'expiring').map(({ detail }) => detail)).toEqual([{ cause: 'absolute', at: Date.parse(absoluteExpiresAt) }]);
    expect(tab.manager.state.expiring).toMatchObject({ cause: 'absolute' });
  });

  test('comes when the service can\'t be reached for too long, and goes when it can', async () => {
    service.rememberedHours = 1;
    const tab = await loggedIn();
    goOffline();
    await pass(56 * minute);
    expect(tab.manager.state.expiring).toMatchObject({ cause: 'unreachable' });
    comeBack();
    await pass(1000);
    expect(tab.manager.state.expiring).toBeNull();
    expect(tab.count('expiring')).toBe(1);
  });

  test('never comes while a refresh can succeed', async () => {
    service.rememberedHours = 1;
    const tab = await loggedIn();
    await pass(24 * 60 * minute);
    expect(tab.count('expiring')).toBe(0);
  });
});

describe('a storage', () => {
  test('that is full costs nothing while a tab is open, and leaves no spent token behind', async () => {
    const tab = await loggedIn();
    const other = browser.open();
    browser.storageFails = true;
    await pass(60 * minute);
    expect([tab, other].map(({ manager }) => manager.state.status)).toEqual(['active', 'active']);
    expect(service.rotations).toBe(service.count(refresh));
    expect(browser.stored).toBeNull();
  });

  test('that keeps nothing still delivers a logout', async () => {
    const tab = await loggedIn();
    const { id } = tab.manager.state.session!;
    browser.storageFails = true;
    goOffline();
    void tab.manager.logout();
    await pass(10);
    comeBack();
    await pass(1000);
    expect(service.endReason(id)).toBe('logout');
  });

  test('that holds nonsense is as good as empty', () => {
    for (const text of ['', '{', 'null', '7', '{"revision":1}', '{"revision":1,"id":"a"}']) {
      browser.items.set(`serverless-sessions:${baseUrl}/`, text);
      const tab = browser.open();
      expect(tab.manager.state.status).toBe('anonymous');
      tab.kill();
    }
  });

  test('that answers later is waited for', async () => {
    await loggedIn();
    const slow = {
      getItem: async (key: string) => {
        await new Promise(done => setTimeout(done, 100));
        return browser.items.get(key) ?? null;
      },
      setItem: async (key: string, value: string) => void browser.items.set(key, value),
      removeItem: async (key: string) => void browser.items.delete(key),
    };
    const { manager } = browser.open({ storage: slow });
    expect(manager.state.status).toBe('starting');
    const asked = manager.fetch(`${baseUrl}/orders`);
    await pass(1000);
    expect((await asked).ok).toBe(true);
    expect(await manager.ready).toMatchObject({ status: 'active' });
    void manager.forceRefresh();
    await pass(2000);
    expect(browser.stored).toMatchObject({ generation: 1, pending: null });
  });

  test('that throws at every touch is no worse than none', async () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const tab = await loggedIn({ storage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
    await pass(60 * minute);
    expect(tab.manager.state.status).toBe('active');
    expect(service.rotations).toBeGreaterThan(0);
  });
});

describe('what the service tells', () => {
  const notice = (number: number, createdAt: number): object => ({ number, kind: 'new_device', createdAt: new Date(createdAt).toISOString() });

  test('is asked only while somebody listens and looks', async () => {
    const tab = await loggedIn();
    const notices = (): number => service.sent.filter(({ route }) => route.startsWith('GET sessions/notices')).length;
    await pass(5 * minute);
    expect(notices()).toBe(0);
    const off = tab.manager.on('notice', () => {});
    await pass(5 * minute);
    const asked = notices();
    expect(asked).toBeGreaterThanOrEqual(10);
    browser.isVisible = false;
    tab.happen('hidden');
    await pass(5 * minute);
    expect(notices()).toBe(asked);
    browser.isVisible = true;
    tab.happen('resumed');
    await pass(100);
    expect(notices()).toBe(asked + 1);
    off();
    await pass(5 * minute);
    expect(notices()).toBe(asked + 1);
  });

  test('is told once, and not what is older than the session', async () => {
    service.notices = [notice(1, Date.now() - minute)];
    const { manager } = await loggedIn();
    const told: number[] = [];
    manager.on('notice', ({ number }) => told.push(number));
    await pass(minute);
    service.notices.push(notice(2, Date.now()), notice(3, Date.now()));
    await pass(2 * minute);
    expect(told).toEqual([2, 3]);
    manager.close();
    browser.open().manager.on('notice', ({ number }) => told.push(number));
    await pass(minute);
    expect(told).toEqual([2, 3]);
  });

  test('sets the pace of heartbeats, which are sent when asked for', async () => {
    const { manager } = await loggedIn();
    await pass(minute);
    expect(service.count('POST sessions/heartbeat')).toBe(0);
    manager.updateConfig({ heartbeat: true });
    await pass(minute);
    expect(service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(11);
    goOffline();
    service.sent.length = 0;
    await pass(minute);
    expect(service.sent).toEqual([]);
  });

  test('is left alone for as long behind a slow answer as behind a fast one', async () => {
    await loggedIn({ heartbeat: true });
    service.latency = 3000;
    await pass(minute);
    // An answer takes 6 seconds, and the next question comes 5 behind that.
    expect(service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(6);
  });

  test('is asked on when the clock is set back', async () => {
    const tab = await loggedIn({ heartbeat: true });
    await pass(minute);
    vi.setSystemTime(Date.now() - 120 * minute);
    tab.happen('resumed');
    service.sent.length = 0;
    await pass(minute);
    expect(service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(10);
  });

  test('goes to whoever debugs, and no token with it', async () => {
    const said: unknown[] = [];
    const { manager } = await loggedIn({ debug: (...what) => void said.push(...what) });
    service.trouble(refresh, 'lost reply');
    await pass(30 * minute);
    void manager.logout();
    await pass(100);
    expect(said.filter(what => typeof what === 'string' && what !== 'changed')).toEqual(['refreshing', 'retrying', 'refreshing', 'refreshed', 'ended']);
    expect(JSON.stringify(said)).not.toMatch(/access\.|refresh\./);
  });
});

test('state stays the same object while nothing changes', async () => {
  const { manager } = await loggedIn();
  const { state } = manager;
  let calls = 0;
  const off = manager.subscribe(() => void (calls += 1));
  await pass(10 * minute);
  expect(manager.state).toBe(state);
  expect(calls).toBe(0);
  void manager.logout();
  await pass(100);
  expect(manager.state).not.toBe(state);
  expect(calls).toBe(1);
  off();
});

test('a listener that throws stops nobody else, and its fault is seen', async () => {
  const { manager } = await loggedIn();
  const thrown: unknown[] = [];
  manager.on('ended', () => {
    throw new Error('a fault');
  });
  let isTold = false;
  manager.on('ended', () => void (isTold = true));
  void manager.logout();
  await pass(100).catch((error: unknown) => void thrown.push(error));
  expect(isTold).toBe(true);
  expect(thrown).toHaveLength(1);
});

function storedOnly(): { getItem: (key: string) => string | null; setItem: () => void; removeItem: () => void } {
  return { getItem: key => browser.items.get(key) ?? null, setItem: () => {}, removeItem: () => {} };
}

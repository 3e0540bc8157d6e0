import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeBrowser, type Tab, type TabOptions } from './testing/browser.ts';
import { baseUrl, FakeService } from './testing/service.ts';

const minute = 60_000;
const credentials = { email: 'demo@example.com', password: 'right' };
const refresh = 'POST sessions/refresh';

let service: FakeService;
let browser: FakeBrowser;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-14T09:00:00.500Z') });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  service = new FakeService();
  browser = new FakeBrowser(service);
  return () => {
    browser.tabs.forEach(tab => tab.manager.close());
    vi.useRealTimers();
    vi.restoreAllMocks();
  };
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** Waits for what needs the timers to go on. */
async function done<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  void work.catch(() => {}).finally(() => void (isDone = true));
  for (let i = 0; !isDone && i < 5000; i += 1)
    await pause10();
  expect(isDone, 'it ends within 50 s').toBe(true);
  return await work;
}

const pause10 = (): Promise<unknown> => pass(10);

async function loggedIn(options: TabOptions = {}): Promise<Tab> {
  const tab = browser.open(options);
  await done(tab.manager.login(credentials));
  tab.told.length = 0;
  service.sent.length = 0;
  return tab;
}

describe('a login', () => {
  test('opens a session that a later page finds at once', async () => {
    const tab = browser.open();
    expect(tab.manager.state.status).toBe('anonymous');
    const state = await done(tab.manager.login({ ...credentials, remember: true, device: 'My laptop' }));
    expect(state).toMatchObject({ status: 'active', account: { email: credentials.email }, endReason: null });
    expect(service.sent[0]?.body).toEqual({ ...credentials, remember: true, device: 'My laptop' });
    tab.manager.close();
    expect(browser.open().manager.state).toEqual(state);
  });

  test('that is refused says why, and changes nothing', async () => {
    const { manager } = browser.open();
    await expect(done(manager.login({ ...credentials, password: 'wrong' }))).rejects.toMatchObject({ code: 'invalid_credentials', status: 401 });
    expect(manager.state.status).toBe('anonymous');
    expect(browser.stored).toBeNull();
  });

  test('ends the session that was open here before', async () => {
    const { manager } = await loggedIn();
    const before = manager.state.session!.id;
    await done(manager.login({ ...credentials, email: 'other@example.com' }));
    await pass(300);
    expect(service.endReason(before)).toBe('logout');
    expect(manager.state.account?.email).toBe('other@example.com');
  });
});

describe('a refresh', () => {
  test('comes five minutes before the end of the access token, by itself and once', async () => {
    const tab = await loggedIn();
    await pass(24 * minute);
    expect(service.count(refresh)).toBe(0);
    await pass(2 * minute);
    expect(service.count(refresh)).toBe(1);
    expect(tab.told.map(({ name }) => name)).toEqual(['changed', 'refreshing', 'changed', 'refreshed', 'changed']);
  });

  test('goes on for weeks', async () => {
    const { manager } = await loggedIn({ checkInterval: 10 * minute });
    await pass(14 * 24 * 60 * minute);
    expect(manager.state.status).toBe('active');
    expect(service.count(refresh)).toBeLessThan(14 * 24 * 60 / 24);
    expect(service.rotations).toBe(service.count(refresh));
  });

  test('is due at half of the life of a short token, whatever the threshold is', async () => {
    service.accessTokenSeconds = 30;
    await loggedIn();
    await pass(14_000);
    expect(service.count(refresh)).toBe(0);
    await pass(2_000);
    expect(service.count(refresh)).toBe(1);
  });

  test('can be had at once', async () => {
    const { manager } = await loggedIn();
    const before = await done(manager.getAccessToken());
    await pass(1000);
    await done(manager.forceRefresh());
    expect(await done(manager.getAccessToken())).not.toBe(before);
  });

  test.each(['lost reply', 'cut reply', 'lost request'] as const)('with a %s is repeated with the same attempt, and rotates once', async trouble => {
    const tab = await loggedIn();
    service.trouble(refresh, trouble);
    await pass(25 * minute + 1000);
    expect(tab.manager.state.retry).toMatchObject({ tries: 1 });
    await pass(2 * minute);
    const [first, second] = service.sent.filter(({ route }) => route === refresh);
    expect(second!.body).toEqual(first!.body);
    expect(first!.body['attempt']).toMatch(/.{8,}/);
    expect([service.rotations, service.count(refresh)]).toEqual([1, 2]);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
    expect(browser.stored).toMatchObject({ pending: null });
  });

  test('after a lost reply gets the session even when the page comes back a day later', async () => {
    const tab = await loggedIn();
    service.trouble(refresh, 'lost reply');
    await pass(25 * minute + 100);
    tab.kill();
    await pass(24 * 60 * minute);
    const next = browser.open();
    await pass(1000);
    expect(next.manager.state).toMatchObject({ status: 'active', retry: null });
    expect(service.rotations).toBe(1);
  });

  test('has another attempt each time', async () => {
    const { manager } = await loggedIn();
    await done(manager.forceRefresh());
    await done(manager.forceRefresh());
    const [first, second] = service.sent.map(({ body }) => body['attempt']);
    expect(first).not.toBe(second);
  });

  test('that takes too long is given up, and its answer never used', async () => {
    const { manager } = await loggedIn({ requestTimeout: 1000 });
    service.latency = 2000;
    await expect(done(manager.forceRefresh())).rejects.toMatchObject({ code: 'network_error' });
    service.latency = 20;
    await pass(10_000);
    expect(manager.state.retry).toBeNull();
    expect(service.rotations).toBe(1);
  });
});

describe('while the service is away', () => {
  test('a refresh is repeated at a growing pace, and nobody is logged out', async () => {
    const tab = await loggedIn();
    service.isAway = true;
    await pass(30 * minute);
    const at = tab.told.filter(({ name }) => name === 'retrying').map(({ detail }) => (detail as { at: number }).at);
    expect(at.slice(1).map((time, i) => Math.round((time - at[i]!) / 1000))).toEqual([10, 20, ...Array.from({ length: at.length - 3 }, () => 40)]);
    service.isAway = false;
    await pass(41_000);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
    expect(tab.count('ended')).toBe(0);
  });

  test.each([[0, 2.5], [0.5, 5], [0.999, 7.5]])('the pause is half as long or half as long again by chance', async (chance, seconds) => {
    const { manager } = await loggedIn();
    vi.mocked(Math.random).mockReturnValue(chance);
    service.trouble(refresh, 'lost request');
    await done(manager.forceRefresh()).catch(() => {});
    expect((manager.state.retry!.at - manager.now()) / 1000).toBeCloseTo(seconds, 1);
  });

  test('the tabs together try no more often than one', async () => {
    await loggedIn();
    for (let i = 0; i < 9; i += 1)
      browser.open();
    service.isAway = true;
    await pass(30 * minute);
    expect(service.count(refresh)).toBeLessThan(12);
  });

  test('whoever comes back to the page doesn\'t wait for the next try', async () => {
    const tab = await loggedIn();
    service.isAway = true;
    await pass(30 * minute);
    service.isAway = false;
    tab.happen('resumed');
    await pass(100);
    expect(tab.manager.state.retry).toBeNull();
  });

  test('its wish to be left alone is granted', async () => {
    const { manager } = await loggedIn();
    service.trouble(refresh, { status: 503, code: 'unavailable', retryAfter: 120 });
    await expect(done(manager.forceRefresh())).rejects.toMatchObject({ code: 'unavailable', retryAfter: 120 });
    expect((manager.state.retry!.at - manager.now()) / 1000).toBeCloseTo(120, 0);
  });

  test('what a gateway says ends nothing', async () => {
    const { manager } = await loggedIn();
    service.trouble(refresh, { status: 502 }, { status: 401 }, { status: 403, code: 'origin_not_allowed' }, { status: 400, code: 'invalid_request' },
      { status: 403, code: 'token_invalid' });
    for (let i = 0; i < 5; i += 1)
      await done(manager.forceRefresh()).catch(() => {});
    expect(manager.state).toMatchObject({ status: 'active', retry: { tries: 5 } });
  });
});

describe('fetch', () => {
  const data = `${baseUrl}/orders`;

  test('adds the token, and asks nothing else', async () => {
    const { manager } = await loggedIn();
    expect((await done(manager.fetch(data))).status).toBe(200);
    expect(service.sent.map(({ route, bearer }) => [route, bearer])).toEqual([['GET orders', expect.stringMatching(/^Bearer access\./)]]);
  });

  test('refreshes a token that the service finds expired, and repeats the request with its body, once', async () => {
    const { manager } = await loggedIn();
    service.trouble('POST orders', { status: 401, code: 'token_expired' });
    const answer = await done(manager.fetch(data, { method: 'POST', body: '{"number":1}' }));
    expect(answer.status).toBe(200);
    expect(service.sent.map(({ route }) => route)).toEqual(['POST orders', refresh, 'POST orders']);
    expect(service.sent.at(-1)?.body).toEqual({ number: 1 });
  });

  test('doesn\'t refresh twice for one request', async () => {
    const { manager } = await loggedIn();
    service.trouble('GET orders', { status: 401, code: 'token_expired' }, { status: 401, code: 'token_expired' });
    expect((await done(manager.fetch(data))).status).toBe(401);
    expect(service.sent.map(({ route }) => route)).toEqual(['GET orders', refresh, 'GET orders']);
    expect(manager.state.status).toBe('active');
  });

  test('refreshes once for fifty requests', async () => {
    const { manager } = await loggedIn();
    service.trouble('GET orders', ...Array.from({ length: 50 }, () => ({ status: 401, code: 'token_expired' })));
    const answers = await done(Promise.all(Array.from({ length: 50 }, () => manager.fetch(data))));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(service.count(refresh)).toBe(1);
  });

  test('doesn\'t refresh again when an old token is refused behind a refresh', async () => {
    const { manager } = await loggedIn();
    service.trouble('GET orders', { status: 401, code: 'token_expired' });
    service.trouble('GET slow', { status: 401, code: 'token_expired' });
    service.latency = 500;
    const slow = manager.fetch(`${baseUrl}/slow`);
    await pass(100);
    service.latency = 20;
    await done(manager.fetch(data));
    expect((await done(slow)).ok).toBe(true);
    expect(service.count(refresh)).toBe(1);
  });

  test('tries one refresh at most, though the service is back by the time of the request', async () => {
    const tab = await loggedIn();
    tab.freeze();
    await pass(60 * minute);
    service.trouble(refresh, 'lost request');
    tab.thaw(true);
    expect((await done(tab.manager.fetch(data))).status).toBe(401);
    expect(service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(tab.manager.state.status).toBe('active');
  });

  test.each(['token_invalid', 'token_reused', 'session_ended'])('ends the session at %s, with one request and no more', async code => {
    const tab = await loggedIn();
    service.trouble('GET orders', { status: 401, code, ...code === 'session_ended' ? { reason: 'admin' } : {} });
    expect((await done(tab.manager.fetch(data))).status).toBe(401);
    await expect(done(tab.manager.fetch(data))).rejects.toMatchObject({ code: 'no_session' });
    await pass(60 * minute);
    expect(service.sent).toHaveLength(1);
    const reason = { session_ended: 'admin', token_reused: 'token_reuse', token_invalid: 'token_invalid' }[code];
    expect(tab.told.filter(({ name }) => name === 'ended')).toMatchObject([{ detail: { reason, account: { email: credentials.email } } }]);
    expect(tab.manager.state).toMatchObject({ status: 'anonymous', session: null, endReason: reason });
  });

  test('leaves the session alone at a 401 of somebody else, or of a service that is trusted', async () => {
    const other = 'https://orders.example.com/orders';
    const asked: string[] = [];
    const tab = await loggedIn({ trustedOrigins: ['https://orders.example.com'] });
    tab.manager.close();
    const { manager } = browser.open({
      trustedOrigins: ['https://orders.example.com'],
      surroundings: {
        page: null, locks: null, openChannel: null,
        fetch: async input => {
          asked.push((input as Request).headers.get('authorization') ?? '');
          return Response.json({ code: 'token_invalid', title: 'No' }, { status: 401 });
        },
      },
    });
    expect((await done(manager.fetch(other))).status).toBe(401);
    expect(asked).toEqual([expect.stringMatching(/^Bearer /)]);
    expect(manager.state.status).toBe('active');
  });

  test('never gives the token to a strange origin', async () => {
    const { manager } = await loggedIn();
    await expect(done(manager.fetch('https://sessions.example.com.evil.example/'))).rejects.toMatchObject({ code: 'untrusted_origin' });
    expect(service.sent).toEqual([]);
  });

  test('fails as any request does when nothing answers, and keeps the session', async () => {
    const { manager } = await loggedIn();
    service.isAway = true;
    await expect(done(manager.fetch(data))).rejects.toThrow(TypeError);
    expect(manager.state.status).toBe('active');
  });
});

describe('time', () => {
  test('a laptop that slept for two days refreshes before its first request', async () => {
    const tab = await loggedIn();
    tab.freeze();
    await pass(2 * 24 * 60 * minute);
    tab.thaw();
    const asked = tab.manager.fetch(`${baseUrl}/orders`);
    tab.happen('resumed');
    expect((await done(asked)).status).toBe(200);
    expect(service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(tab.manager.state.status).toBe('active');
  });

  test('a page that is looked at again refreshes, though no timer has run', async () => {
    const tab = await loggedIn();
    vi.setSystemTime(Date.now() + 2 * 24 * 60 * minute);
    tab.happen('resumed');
    await pass(300);
    expect(service.count(refresh)).toBe(1);
  });

  test.each([10, -10])('a clock that is %i minutes ahead makes no difference', async minutes => {
    const tab = await loggedIn({ ahead: minutes * minute });
    expect(Math.abs(tab.manager.now() - service.now())).toBeLessThan(1000);
    expect(await done(tab.manager.fetch(`${baseUrl}/orders`))).toMatchObject({ status: 200 });
    await pass(24 * minute);
    expect(service.count(refresh)).toBe(0);
    await pass(2 * minute);
    expect(service.count(refresh)).toBe(1);
    await pass(60 * minute);
    expect(service.sent.every(({ route }) => route === refresh || route === 'GET orders')).toBe(true);
    expect(service.count(refresh)).toBe(3);
  });

  test('where the date can\'t be read, the answer\'s own time does', async () => {
    service.tellsDate = false;
    const { manager } = await loggedIn({ ahead: 10 * minute });
    expect(Math.abs(manager.now() - service.now())).toBeLessThan(1000);
  });

  test('a clock that is set right while the page is open costs one refresh at most', async () => {
    const tab = await loggedIn();
    // The service's clock goes on by 40 minutes, this machine's doesn't.
    service.ahead = 40 * minute;
    expect((await done(tab.manager.fetch(`${baseUrl}/orders`))).status).toBe(200);
    expect((await done(tab.manager.fetch(`${baseUrl}/orders`))).status).toBe(200);
    expect(service.count(refresh)).toBe(1);
    expect(Math.abs(tab.manager.now() - service.now())).toBeLessThan(1000);
  });
});

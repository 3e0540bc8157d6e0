import { beforeEach, describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, credentials, finished, minute, refresh } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const env = createEnvironment();
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  return () => vi.restoreAllMocks();
});

describe('a login', () => {
  test('opens a session that a later page finds at once', async () => {
    const tab = env.browser.open();
    expect(tab.manager.state.status).toBe('anonymous');
    const state = await finished(tab.manager.login({ ...credentials, remember: true, device: 'My laptop' }));
    expect(state).toMatchObject({ status: 'active', account: { email: credentials.email }, endReason: null });
    expect(env.service.sent[0]?.body).toEqual({ ...credentials, remember: true, device: 'My laptop' });
    tab.manager.close();
    expect(env.browser.open().manager.state).toEqual(state);
  });

  test('that is refused says why, and changes nothing', async () => {
    const { manager } = env.browser.open();
    await expect(finished(manager.login({ ...credentials, password: 'wrong' }))).rejects.toMatchObject({ code: 'invalid_credentials', status: 401 });
    expect(manager.state.status).toBe('anonymous');
    expect(env.browser.stored).toBeNull();
  });

  test('ends the session that was open here before', async () => {
    const { manager } = await env.loggedIn();
    const before = manager.state.session!.id;
    await finished(manager.login({ ...credentials, email: 'other@example.com' }));
    await advance(300);
    expect(env.service.endReason(before)).toBe('logout');
    expect(manager.state.account?.email).toBe('other@example.com');
  });
});

describe('a refresh', () => {
  test('comes five minutes before the end of the access token, by itself and once', async () => {
    const tab = await env.loggedIn();
    await advance(24 * minute);
    expect(env.service.count(refresh)).toBe(0);
    await advance(2 * minute);
    expect(env.service.count(refresh)).toBe(1);
    expect(tab.events.map(({ name }) => name)).toEqual(['changed', 'refreshing', 'changed', 'refreshed', 'changed']);
  });

  test('goes on for weeks', async () => {
    const { manager } = await env.loggedIn({ checkInterval: 10 * minute });
    await advance(14 * 24 * 60 * minute);
    expect(manager.state.status).toBe('active');
    expect(env.service.count(refresh)).toBeLessThan(14 * 24 * 60 / 24);
    expect(env.service.rotations).toBe(env.service.count(refresh));
  });

  test('is due at half of the life of a short token, whatever the threshold is', async () => {
    env.service.accessTokenSeconds = 30;
    await env.loggedIn();
    await advance(13_000);
    expect(env.service.count(refresh)).toBe(0);
    await advance(2_000);
    expect(env.service.count(refresh)).toBe(1);
  });

  test('can be had at once', async () => {
    const { manager } = await env.loggedIn();
    const before = await finished(manager.getAccessToken());
    await advance(1000);
    await finished(manager.forceRefresh());
    expect(await finished(manager.getAccessToken())).not.toBe(before);
  });

  test.each(['lost reply', 'cut reply', 'lost request'] as const)('with a %s is repeated with the same attempt, and rotates once', async trouble => {
    const tab = await env.loggedIn();
    env.service.failNext(refresh, trouble);
    await advance(25 * minute + 1000);
    expect(tab.manager.state.retry).toMatchObject({ tries: 1 });
    await advance(2 * minute);
    const [first, second] = env.service.sent.filter(({ route }) => route === refresh);
    expect(second!.body).toEqual(first!.body);
    expect(first!.body['attempt']).toMatch(/.{8,}/);
    expect([env.service.rotations, env.service.count(refresh)]).toEqual([1, 2]);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
    expect(env.browser.stored).toMatchObject({ pending: null });
  });

  test('after a lost reply gets the session even when the page comes back a day later', async () => {
    const tab = await env.loggedIn();
    env.service.failNext(refresh, 'lost reply');
    await advance(25 * minute + 100);
    tab.kill();
    await advance(24 * 60 * minute);
    const next = env.browser.open();
    await advance(1000);
    expect(next.manager.state).toMatchObject({ status: 'active', retry: null });
    expect(env.service.rotations).toBe(1);
  });

  test('has another attempt each time', async () => {
    const { manager } = await env.loggedIn();
    await finished(manager.forceRefresh());
    await finished(manager.forceRefresh());
    const [first, second] = env.service.sent.map(({ body }) => body['attempt']);
    expect(first).not.toBe(second);
  });

  test('that takes too long is given up, and its answer never used', async () => {
    const { manager } = await env.loggedIn({ requestTimeout: 1000 });
    env.service.latency = 2000;
    await expect(finished(manager.forceRefresh())).rejects.toMatchObject({ code: 'network_error' });
    env.service.latency = 20;
    await advance(10_000);
    expect(manager.state.retry).toBeNull();
    expect(env.service.rotations).toBe(1);
  });
});

describe('while the service is away', () => {
  test('a refresh is repeated at a growing pace, and nobody is logged out', async () => {
    const tab = await env.loggedIn();
    env.service.isDown = true;
    await advance(30 * minute);
    const at = tab.events.filter(({ name }) => name === 'retrying').map(({ detail }) => (detail as { at: number }).at);
    expect(at.slice(1).map((time, i) => Math.round((time - at[i]!) / 1000))).toEqual([10, 20, ...Array.from({ length: at.length - 3 }, () => 40)]);
    env.service.isDown = false;
    await advance(41_000);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
    expect(tab.count('ended')).toBe(0);
  });

  test.each([[0, 2.5], [0.5, 5], [0.999, 7.5]])('the pause is half as long or half as long again by chance', async (chance, seconds) => {
    const { manager } = await env.loggedIn();
    vi.mocked(Math.random).mockReturnValue(chance);
    env.service.failNext(refresh, 'lost request');
    await finished(manager.forceRefresh()).catch(() => {});
    expect((manager.state.retry!.at - manager.now()) / 1000).toBeCloseTo(seconds, 1);
  });

  test('the tabs together try no more often than one', async () => {
    await env.loggedIn();
    for (let i = 0; i < 9; i += 1)
      env.browser.open();
    env.service.isDown = true;
    await advance(30 * minute);
    expect(env.service.count(refresh)).toBeLessThan(12);
  });

  test('whoever comes back to the page doesn\'t wait for the next try', async () => {
    const tab = await env.loggedIn();
    env.service.isDown = true;
    await advance(30 * minute);
    env.service.isDown = false;
    tab.dispatch('resumed');
    await advance(100);
    expect(tab.manager.state.retry).toBeNull();
  });

  test('its wish to be left alone is granted', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext(refresh, { status: 503, code: 'unavailable', retryAfter: 120 });
    await expect(finished(manager.forceRefresh())).rejects.toMatchObject({ code: 'unavailable', retryAfter: 120 });
    expect((manager.state.retry!.at - manager.now()) / 1000).toBeCloseTo(120, 0);
  });

  test('what a gateway says ends nothing', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext(refresh, { status: 502 }, { status: 401 }, { status: 403, code: 'origin_not_allowed' }, { status: 400, code: 'invalid_request' },
      { status: 403, code: 'token_invalid' });
    for (let i = 0; i < 5; i += 1)
      await finished(manager.forceRefresh()).catch(() => {});
    expect(manager.state).toMatchObject({ status: 'active', retry: { tries: 5 } });
  });
});

describe('fetch', () => {
  const data = `${baseUrl}/orders`;

  test('adds the token, and asks nothing else', async () => {
    const { manager } = await env.loggedIn();
    expect((await finished(manager.fetch(data))).status).toBe(200);
    expect(env.service.sent.map(({ route, bearer }) => [route, bearer])).toEqual([['GET orders', expect.stringMatching(/^Bearer access\./)]]);
  });

  test('refreshes a token that the service finds expired, and repeats the request with its body, once', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext('POST orders', { status: 401, code: 'token_expired' });
    const answer = await finished(manager.fetch(data, { method: 'POST', body: '{"number":1}' }));
    expect(answer.status).toBe(200);
    expect(env.service.sent.map(({ route }) => route)).toEqual(['POST orders', refresh, 'POST orders']);
    expect(env.service.sent.at(-1)?.body).toEqual({ number: 1 });
  });

  test('doesn\'t refresh twice for one request', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext('GET orders', { status: 401, code: 'token_expired' }, { status: 401, code: 'token_expired' });
    expect((await finished(manager.fetch(data))).status).toBe(401);
    expect(env.service.sent.map(({ route }) => route)).toEqual(['GET orders', refresh, 'GET orders']);
    expect(manager.state.status).toBe('active');
  });

  test('refreshes once for fifty requests', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext('GET orders', ...Array.from({ length: 50 }, () => ({ status: 401, code: 'token_expired' })));
    const answers = await finished(Promise.all(Array.from({ length: 50 }, () => manager.fetch(data))));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(env.service.count(refresh)).toBe(1);
  });

  test('doesn\'t refresh again when an old token is refused behind a refresh', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext('GET orders', { status: 401, code: 'token_expired' });
    env.service.failNext('GET slow', { status: 401, code: 'token_expired' });
    env.service.latency = 500;
    const slow = manager.fetch(`${baseUrl}/slow`);
    await advance(100);
    env.service.latency = 20;
    await finished(manager.fetch(data));
    expect((await finished(slow)).ok).toBe(true);
    expect(env.service.count(refresh)).toBe(1);
  });

  test('tries one refresh at most, though the service is back by the time of the request', async () => {
    const tab = await env.loggedIn();
    tab.freeze();
    await advance(60 * minute);
    env.service.failNext(refresh, 'lost request');
    tab.thaw(true);
    expect((await finished(tab.manager.fetch(data))).status).toBe(401);
    expect(env.service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(tab.manager.state.status).toBe('active');
  });

  test.each(['token_invalid', 'token_reused', 'session_ended'])('ends the session at %s, with one request and no more', async code => {
    const tab = await env.loggedIn();
    env.service.failNext('GET orders', { status: 401, code, ...code === 'session_ended' ? { reason: 'admin' } : {} });
    expect((await finished(tab.manager.fetch(data))).status).toBe(401);
    await expect(finished(tab.manager.fetch(data))).rejects.toMatchObject({ code: 'no_session' });
    await advance(60 * minute);
    expect(env.service.sent).toHaveLength(1);
    const reason = { session_ended: 'admin', token_reused: 'token_reuse', token_invalid: 'token_invalid' }[code];
    expect(tab.events.filter(({ name }) => name === 'ended')).toMatchObject([{ detail: { reason, account: { email: credentials.email } } }]);
    expect(tab.manager.state).toMatchObject({ status: 'anonymous', session: null, endReason: reason });
  });

  test('leaves the session alone at a 401 of somebody else, or of a service that is trusted', async () => {
    const other = 'https://orders.example.com/orders';
    const asked: string[] = [];
    const tab = await env.loggedIn({ trustedOrigins: ['https://orders.example.com'] });
    tab.manager.close();
    const { manager } = env.browser.open({
      trustedOrigins: ['https://orders.example.com'],
      platform: {
        page: null, locks: null, openChannel: null,
        fetch: async input => {
          asked.push((input as Request).headers.get('authorization') ?? '');
          return Response.json({ code: 'token_invalid', title: 'No' }, { status: 401 });
        },
      },
    });
    expect((await finished(manager.fetch(other))).status).toBe(401);
    expect(asked).toEqual([expect.stringMatching(/^Bearer /)]);
    expect(manager.state.status).toBe('active');
  });

  test('never gives the token to a strange origin', async () => {
    const { manager } = await env.loggedIn();
    await expect(finished(manager.fetch('https://sessions.example.com.evil.example/'))).rejects.toMatchObject({ code: 'untrusted_origin' });
    expect(env.service.sent).toEqual([]);
  });

  test('fails as any request does when nothing answers, and keeps the session', async () => {
    const { manager } = await env.loggedIn();
    env.service.isDown = true;
    await expect(finished(manager.fetch(data))).rejects.toThrow(TypeError);
    expect(manager.state.status).toBe('active');
  });
});

describe('time', () => {
  test('a laptop that slept for two days refreshes before its first request', async () => {
    const tab = await env.loggedIn();
    tab.freeze();
    await advance(2 * 24 * 60 * minute);
    tab.thaw();
    const asked = tab.manager.fetch(`${baseUrl}/orders`);
    tab.dispatch('resumed');
    expect((await finished(asked)).status).toBe(200);
    expect(env.service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(tab.manager.state.status).toBe('active');
  });

  test('a page that is looked at again refreshes, though no timer has run', async () => {
    const tab = await env.loggedIn();
    vi.setSystemTime(Date.now() + 2 * 24 * 60 * minute);
    tab.dispatch('resumed');
    await advance(300);
    expect(env.service.count(refresh)).toBe(1);
  });

  test.each([10, -10])('a clock that is %i minutes ahead makes no difference', async minutes => {
    const tab = await env.loggedIn({ ahead: minutes * minute });
    expect(Math.abs(tab.manager.now() - env.service.now())).toBeLessThan(1000);
    expect(await finished(tab.manager.fetch(`${baseUrl}/orders`))).toMatchObject({ status: 200 });
    await advance(24 * minute);
    expect(env.service.count(refresh)).toBe(0);
    await advance(2 * minute);
    expect(env.service.count(refresh)).toBe(1);
    await advance(60 * minute);
    expect(env.service.sent.every(({ route }) => route === refresh || route === 'GET orders')).toBe(true);
    expect(env.service.count(refresh)).toBe(3);
  });

  test('where the date can\'t be read, the answer\'s own time does', async () => {
    env.service.sendsDate = false;
    const { manager } = await env.loggedIn({ ahead: 10 * minute });
    expect(Math.abs(manager.now() - env.service.now())).toBeLessThan(1000);
  });

  test('a clock that is set right while the page is open costs one refresh at most', async () => {
    const tab = await env.loggedIn();
    // The service's clock goes on by 40 minutes, this machine's doesn't.
    env.service.ahead = 40 * minute;
    expect((await finished(tab.manager.fetch(`${baseUrl}/orders`))).status).toBe(200);
    expect((await finished(tab.manager.fetch(`${baseUrl}/orders`))).status).toBe(200);
    expect(env.service.count(refresh)).toBe(1);
    expect(Math.abs(tab.manager.now() - env.service.now())).toBeLessThan(1000);
  });
});

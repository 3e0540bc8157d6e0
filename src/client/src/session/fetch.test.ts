import { describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, credentials, finished, minute, refresh, settle } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const env = createEnvironment();

describe('fetch', () => {
  const data = `${baseUrl}/orders`;

  test('adds the access token, and sends no other request', async () => {
    const { manager } = await env.loggedIn();
    expect((await finished(manager.fetch(data))).status).toBe(200);
    expect(env.service.sent.map(({ route, bearer }) => [route, bearer])).toEqual([['GET orders', expect.stringMatching(/^Bearer access\./)]]);
  });

  test('refreshes a token that the service finds expired, and repeats the request with its body once', async () => {
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

  test('doesn\'t refresh again when a stale token is refused after a refresh', async () => {
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

  test('tries one refresh at most', async () => {
    const tab = await env.loggedIn();
    tab.freeze();
    await advance(60 * minute);
    env.service.failNext(refresh, 'lost request');
    tab.thaw(true);
    expect((await finished(tab.manager.fetch(data))).status).toBe(401);
    expect(env.service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(tab.manager.state.status).toBe('active');
  });

  test('never sends a request with the token of a user who has logged in since', async () => {
    const tab = await env.loggedIn({ hasLocks: false });
    tab.freeze();
    await advance(60 * minute);
    tab.thaw(true);
    env.service.failNext(refresh, 'lost request');
    env.service.latency = 1000;
    const order = tab.manager.fetch(data, { method: 'POST', body: '{"number":1}' }).catch((error: unknown) => error);
    await advance(500);
    env.service.latency = 20;
    await finished(tab.manager.login({ ...credentials, email: 'other@example.com' }));
    expect(await settle(5000, order)).toMatchObject({ code: 'no_session' });
    expect([env.service.count(refresh), env.service.count('POST orders')]).toEqual([1, 0]);
  });

  test.each(['token_invalid', 'token_reused', 'session_ended'])('ends the session at %s after one request', async code => {
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

  test('keeps the session at a 401 of another trusted origin', async () => {
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

  test('never sends the token to an untrusted origin', async () => {
    const { manager } = await env.loggedIn();
    await expect(finished(manager.fetch('https://sessions.example.com.evil.example/'))).rejects.toMatchObject({ code: 'untrusted_origin' });
    expect(env.service.sent).toEqual([]);
  });

  test('rejects as the browser\'s fetch does without a response, and keeps the session', async () => {
    const { manager } = await env.loggedIn();
    env.service.isDown = true;
    await expect(finished(manager.fetch(data))).rejects.toThrow(TypeError);
    expect(manager.state.status).toBe('active');
  });
});

describe('the clock', () => {
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

  test('a page that becomes visible refreshes, although no timer has run', async () => {
    const tab = await env.loggedIn();
    vi.setSystemTime(Date.now() + 2 * 24 * 60 * minute);
    tab.dispatch('resumed');
    await advance(300);
    expect(env.service.count(refresh)).toBe(1);
  });

  test.each([10, -10])('may be %i minutes ahead', async minutes => {
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

  test('is taken from the body of an answer if its Date can\'t be read', async () => {
    env.service.sendsDate = false;
    const { manager } = await env.loggedIn({ ahead: 10 * minute });
    expect(Math.abs(manager.now() - env.service.now())).toBeLessThan(1000);
  });

  test('costs one refresh at most when it is set while the page is open', async () => {
    const tab = await env.loggedIn();
    env.service.ahead = 40 * minute;
    expect((await finished(tab.manager.fetch(`${baseUrl}/orders`))).status).toBe(200);
    expect((await finished(tab.manager.fetch(`${baseUrl}/orders`))).status).toBe(200);
    expect(env.service.count(refresh)).toBe(1);
    expect(Math.abs(tab.manager.now() - env.service.now())).toBeLessThan(1000);
  });
});

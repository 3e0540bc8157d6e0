import { describe, expect, test } from 'vitest';
import type { SessionError } from '../api/error.ts';
import { baseUrl, type Fault } from '../testing/service.ts';
import { advance, createEnvironment, credentials, logout, minute, refresh, settle } from '../testing/environment.ts';

const env = createEnvironment();
const data = `${baseUrl}/orders`;
const many = (fault: Fault): Fault[] => Array.from({ length: 5000 }, () => fault);

describe('if a token can\'t be renewed, a refusal', () => {
  test('of a request without a token doesn\'t end the session', async () => {
    const tab = await env.loggedIn({ cookie: true });
    tab.kill();
    env.service.failNext(refresh, 'lost request');
    const { manager } = env.browser.open({ cookie: true });
    expect(await settle(1000, manager.fetch(data))).toMatchObject({ status: 401 });
    expect(env.service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(manager.state.status).toBe('active');
    await advance(minute);
    expect(await settle(1000, manager.fetch(data))).toMatchObject({ status: 200 });
  });

  test('of an old token, whose key is gone, doesn\'t end the session', async () => {
    const tab = await env.loggedIn();
    tab.freeze();
    await advance(60 * minute);
    env.service.failNext(refresh, 'lost request');
    env.service.failNext('GET orders', { status: 401, code: 'token_invalid' });
    tab.thaw(true);
    expect(await settle(1000, tab.manager.fetch(data))).toMatchObject({ status: 401 });
    expect(tab.manager.state.status).toBe('active');
  });

  test('is the response', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext('GET orders', { status: 401, code: 'token_expired' });
    env.service.failNext(refresh, 'lost request');
    expect(await settle(1000, manager.fetch(data))).toMatchObject({ status: 401 });
    expect(env.service.sent.map(({ route }) => route)).toEqual(['GET orders', refresh]);
    expect(manager.state.status).toBe('active');
  });
});

describe('a logout', () => {
  test.each<[string, Fault]>([
    ['a proxy', { status: 403 }], ['a site that is disabled', { status: 403, code: 'forbidden' }], ['a deployment', { status: 404, code: 'not_found' }],
    ['a network that wants a login first', 'captive portal'], ['a gateway', { status: 401 }],
  ])('that %s has answered is repeated until the service confirms it', async (_, fault) => {
    const { manager } = await env.loggedIn();
    const { id } = manager.state.session!;
    env.service.failNext(logout, fault);
    await settle(100, manager.logout());
    env.service.failNext(logout);
    await advance(minute);
    expect(env.service.endReason(id)).toBe('logout');
  });

  test('whose session is over already isn\'t repeated', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext(logout, 'lost reply');
    await settle(100, manager.logout());
    await advance(10 * minute);
    expect(env.service.count(logout)).toBe(2);
  });
});

describe('a response that isn\'t one of the service', () => {
  test('causes no request storm', async () => {
    const tab = await env.loggedIn({ heartbeat: true });
    const notices = 'GET sessions/notices?after=0';
    [refresh, notices, 'POST sessions/heartbeat'].forEach(route => env.service.failNext(route, ...many('captive portal')));
    tab.manager.on('notice', () => {});
    await advance(28 * minute);
    expect(env.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(2 * 28 + 2);
    expect(env.service.count(notices)).toBeLessThanOrEqual(2 * 28 + 2);
    // In the three minutes since it is due, with every random delay at its least: 2.5, 5, 10, then 20 seconds.
    expect(env.service.count(refresh)).toBeLessThanOrEqual(12);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: { tries: expect.any(Number) } });
    [refresh, notices, 'POST sessions/heartbeat'].forEach(route => env.service.failNext(route));
    await advance(2 * minute);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
  });

  test('rejects every method', async () => {
    const { manager } = await env.loggedIn();
    for (const route of [
      'POST sessions/login', refresh, 'GET sessions/status', 'GET sessions/my-sessions', 'GET sessions/my-session-logs?', 'POST sessions/heartbeat',
      'POST sessions/logout-all', 'DELETE sessions/b',
    ])
      env.service.failNext(route, 'captive portal');
    for (const work of [
      () => manager.login(credentials), manager.forceRefresh, manager.getSessionStatus, manager.sessions, manager.logs, manager.heartbeat,
      manager.logoutAll, () => manager.revoke('b'),
    ] as (() => Promise<unknown>)[])
      expect(await settle(500, work()), String(work)).toMatchObject({ code: 'unexpected_response' });
    expect(manager.state.status).toBe('active');
  });
});

describe('a refresh that got a Retry-After', () => {
  test('isn\'t repeated before by any tab', async () => {
    const tab = await env.loggedIn();
    const other = env.browser.open();
    [tab, other].forEach(each => each.freeze());
    await advance(60 * minute);
    [tab, other].forEach(each => each.thaw(true));
    env.service.failNext(refresh, { status: 503, code: 'unavailable', retryAfter: 120 });
    expect(await settle(1000, tab.manager.fetch(data))).toMatchObject({ code: 'unavailable', retryAfter: 120 });
    for (const { manager, dispatch } of [tab, other]) {
      dispatch('resumed');
      expect(await settle(1000, manager.fetch(data))).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) });
      expect(await settle(1000, manager.forceRefresh())).toMatchObject({ code: 'unavailable' });
    }
    env.browser.open();
    await advance(100_000);
    expect(env.service.sent.map(({ route }) => route)).toEqual([refresh]);
    await advance(30_000);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
  });
});

describe('Retry-After', () => {
  const date = (seconds: number): string => new Date(env.service.now() + seconds * 1000).toUTCString();
  const headers: [string, () => string | number, number | undefined][] = [
    ['seconds', () => '120', 120],
    ['a date', () => date(120), 120],
    ['a year in seconds', () => 31_536_000, 3600],
    ['a date in a year', () => date(31_536_000), 3600],
    ['a date that is over', () => date(-60), undefined],
    ['less than nothing', () => '-5', undefined],
    ['nonsense', () => 'soon', undefined],
    ['nothing', () => '', undefined],
  ];

  test.each(headers)('may be %s, from the service and from a gateway', async (_, retryAfter, expected) => {
    // The date is by the service's clock; this machine's is an hour ahead.
    const { manager } = await env.loggedIn({ ahead: 60 * minute });
    for (const code of ['unavailable', undefined]) {
      env.service.failNext('POST sessions/heartbeat', { status: 503, ...code && { code }, retryAfter: retryAfter() });
      const error = await settle(1000, manager.heartbeat()) as SessionError;
      expect([error.code, Math.round(error.retryAfter! / 2) * 2 || undefined]).toEqual([code ?? 'unexpected_response', expected]);
    }
  });

  test('of a gateway delays all tabs', async () => {
    const tab = await env.loggedIn();
    const other = env.browser.open();
    env.service.failNext(refresh, { status: 503, retryAfter: date(600) });
    await settle(1000, tab.manager.forceRefresh());
    for (const { manager } of [tab, other])
      expect(await settle(1000, manager.forceRefresh())).toMatchObject({ code: 'unexpected_response', retryAfter: expect.any(Number) });
    await advance(9 * minute);
    expect(env.service.count(refresh)).toBe(1);
    await advance(2 * minute);
    expect(env.service.rotations).toBe(1);
  });

  test.each([
    ['notices', 'GET sessions/notices?after=0'], ['a heartbeat', 'POST sessions/heartbeat'],
  ])('delays %s', async (_, route) => {
    const { manager } = await env.loggedIn();
    env.service.failNext(route, { status: 429, code: 'rate_limited', retryAfter: 300 });
    manager.updateConfig({ heartbeat: true });
    manager.on('notice', () => {});
    await advance(290_000);
    expect(env.service.count(route)).toBe(1);
    await advance(20_000);
    expect(env.service.count(route)).toBeGreaterThan(1);
  });

  test('delays the delivery of a logout', async () => {
    const { manager } = await env.loggedIn();
    const { id } = manager.state.session!;
    env.service.failNext(logout, { status: 503, retryAfter: 300 });
    await settle(1000, manager.logout());
    await advance(290_000);
    expect(env.service.count(logout)).toBe(1);
    await advance(60_000);
    expect(env.service.endReason(id)).toBe('logout');
  });
});

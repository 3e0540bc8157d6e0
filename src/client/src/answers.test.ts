import { describe, expect, test } from 'vitest';
import type { SessionError } from './error.ts';
import { baseUrl, type Trouble } from './testing/service.ts';
import { credentials, logout, minute, pass, refresh, scene, within } from './testing/scene.ts';

const stage = scene();
const data = `${baseUrl}/orders`;
const many = (trouble: Trouble): Trouble[] => Array.from({ length: 5000 }, () => trouble);

describe('where a token can\'t be renewed, what is said against the request', () => {
  test('without a token doesn\'t end a session whose cookie is good', async () => {
    const tab = await stage.loggedIn({ cookie: true });
    tab.kill();
    stage.service.trouble(refresh, 'lost request');
    const { manager } = stage.browser.open({ cookie: true });
    expect(await within(1000, manager.fetch(data))).toMatchObject({ status: 401 });
    expect(stage.service.sent.map(({ route }) => route)).toEqual([refresh, 'GET orders']);
    expect(manager.state.status).toBe('active');
    await pass(minute);
    expect(await within(1000, manager.fetch(data))).toMatchObject({ status: 200 });
  });

  test('with an old token, whose key is gone, doesn\'t end the session', async () => {
    const tab = await stage.loggedIn();
    tab.freeze();
    await pass(60 * minute);
    stage.service.trouble(refresh, 'lost request');
    stage.service.trouble('GET orders', { status: 401, code: 'token_invalid' });
    tab.thaw(true);
    expect(await within(1000, tab.manager.fetch(data))).toMatchObject({ status: 401 });
    expect(tab.manager.state.status).toBe('active');
  });

  test('is the answer, where the service is gone between the request and the refresh', async () => {
    const { manager } = await stage.loggedIn();
    stage.service.trouble('GET orders', { status: 401, code: 'token_expired' });
    stage.service.trouble(refresh, 'lost request');
    expect(await within(1000, manager.fetch(data))).toMatchObject({ status: 401 });
    expect(stage.service.sent.map(({ route }) => route)).toEqual(['GET orders', refresh]);
    expect(manager.state.status).toBe('active');
  });
});

describe('a logout', () => {
  test.each<[string, Trouble]>([
    ['a proxy', { status: 403 }], ['a site that is disabled', { status: 403, code: 'forbidden' }], ['a deployment', { status: 404, code: 'not_found' }],
    ['a network that wants a login first', 'foreign answer'], ['a gateway', { status: 401 }],
  ])('that %s has answered is repeated until the service does', async (_, trouble) => {
    const { manager } = await stage.loggedIn();
    const { id } = manager.state.session!;
    stage.service.trouble(logout, trouble);
    await within(100, manager.logout());
    stage.service.trouble(logout);
    await pass(minute);
    expect(stage.service.endReason(id)).toBe('logout');
  });

  test('that the service knows of already isn\'t repeated', async () => {
    const { manager } = await stage.loggedIn();
    stage.service.trouble(logout, 'lost reply');
    await within(100, manager.logout());
    await pass(10 * minute);
    expect(stage.service.count(logout)).toBe(2);
  });
});

describe('an answer that is no answer of the service', () => {
  test('makes nobody ask again and again', async () => {
    const tab = await stage.loggedIn({ heartbeat: true });
    const notices = 'GET sessions/notices?after=0';
    [refresh, notices, 'POST sessions/heartbeat'].forEach(route => stage.service.trouble(route, ...many('foreign answer')));
    tab.manager.on('notice', () => {});
    await pass(28 * minute);
    expect(stage.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(2 * 28 + 2);
    expect(stage.service.count(notices)).toBeLessThanOrEqual(2 * 28 + 2);
    expect(stage.service.count(refresh)).toBeLessThan(10);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: { tries: expect.any(Number) } });
    [refresh, notices, 'POST sessions/heartbeat'].forEach(route => stage.service.trouble(route));
    await pass(2 * minute);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
  });

  test('is an error of every method', async () => {
    const { manager } = await stage.loggedIn();
    for (const route of [
      'POST sessions/login', refresh, 'GET sessions/status', 'GET sessions/my-sessions', 'GET sessions/my-session-logs?', 'POST sessions/heartbeat',
      'POST sessions/logout-all', 'DELETE sessions/b',
    ])
      stage.service.trouble(route, 'foreign answer');
    for (const work of [
      () => manager.login(credentials), manager.forceRefresh, manager.getSessionStatus, manager.sessions, manager.logs, manager.heartbeat,
      manager.logoutAll, () => manager.revoke('b'),
    ] as (() => Promise<unknown>)[])
      expect(await within(500, work()), String(work)).toMatchObject({ code: 'unexpected_answer' });
    expect(manager.state.status).toBe('active');
  });
});

describe('a service that asks to be left alone', () => {
  test('is asked by nobody for as long, whatever happens', async () => {
    const tab = await stage.loggedIn();
    const other = stage.browser.open();
    [tab, other].forEach(each => each.freeze());
    await pass(60 * minute);
    [tab, other].forEach(each => each.thaw(true));
    stage.service.trouble(refresh, { status: 503, code: 'unavailable', retryAfter: 120 });
    expect(await within(1000, tab.manager.fetch(data))).toMatchObject({ code: 'unavailable', retryAfter: 120 });
    for (const { manager, happen } of [tab, other]) {
      happen('resumed');
      expect(await within(1000, manager.fetch(data))).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) });
      expect(await within(1000, manager.forceRefresh())).toMatchObject({ code: 'unavailable' });
    }
    stage.browser.open();
    await pass(100_000);
    expect(stage.service.sent.map(({ route }) => route)).toEqual([refresh]);
    await pass(30_000);
    expect(tab.manager.state).toMatchObject({ status: 'active', retry: null });
  });
});

describe('Retry-After', () => {
  const date = (seconds: number): string => new Date(stage.service.now() + seconds * 1000).toUTCString();
  const told: [string, () => string | number, number | undefined][] = [
    ['seconds', () => '120', 120],
    ['a date', () => date(120), 120],
    ['a year in seconds', () => 31_536_000, 3600],
    ['a date in a year', () => date(31_536_000), 3600],
    ['a date that is over', () => date(-60), undefined],
    ['less than nothing', () => '-5', undefined],
    ['nonsense', () => 'soon', undefined],
    ['nothing', () => '', undefined],
  ];

  test.each(told)('may be %s, from the service and from a gateway that answers in HTML', async (_, retryAfter, expected) => {
    // This machine's clock is an hour ahead, and a date is one of the service's.
    const { manager } = await stage.loggedIn({ ahead: 60 * minute });
    for (const code of ['unavailable', undefined]) {
      stage.service.trouble('POST sessions/heartbeat', { status: 503, ...code && { code }, retryAfter: retryAfter() });
      const error = await within(1000, manager.heartbeat()) as SessionError;
      expect([error.code, Math.round(error.retryAfter! / 2) * 2 || undefined]).toEqual([code ?? 'unexpected_answer', expected]);
    }
  });

  test('of a gateway that answers in HTML keeps every tab from asking before', async () => {
    const tab = await stage.loggedIn();
    const other = stage.browser.open();
    stage.service.trouble(refresh, { status: 503, retryAfter: date(600) });
    await within(1000, tab.manager.forceRefresh());
    for (const { manager } of [tab, other])
      expect(await within(1000, manager.forceRefresh())).toMatchObject({ code: 'unexpected_answer', retryAfter: expect.any(Number) });
    await pass(9 * minute);
    expect(stage.service.count(refresh)).toBe(1);
    await pass(2 * minute);
    expect(stage.service.rotations).toBe(1);
  });

  test.each([
    ['notices', 'GET sessions/notices?after=0'], ['a heartbeat', 'POST sessions/heartbeat'],
  ])('puts %s off', async (_, route) => {
    const { manager } = await stage.loggedIn();
    stage.service.trouble(route, { status: 429, code: 'rate_limited', retryAfter: 300 });
    manager.updateConfig({ heartbeat: true });
    manager.on('notice', () => {});
    await pass(290_000);
    expect(stage.service.count(route)).toBe(1);
    await pass(20_000);
    expect(stage.service.count(route)).toBeGreaterThan(1);
  });

  test('puts off what a logout has left to be delivered', async () => {
    const { manager } = await stage.loggedIn();
    const { id } = manager.state.session!;
    stage.service.trouble(logout, { status: 503, retryAfter: 300 });
    await within(1000, manager.logout());
    await pass(290_000);
    expect(stage.service.count(logout)).toBe(1);
    await pass(60_000);
    expect(stage.service.endReason(id)).toBe('logout');
  });
});

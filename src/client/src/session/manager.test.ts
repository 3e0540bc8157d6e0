import { beforeEach, describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, credentials, finished, minute, refresh, settle } from '../testing/environment.ts';
import type { SessionConfig } from './options.ts';

const env = createEnvironment();
const heartbeat = 'POST sessions/heartbeat';
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  return () => vi.restoreAllMocks();
});

describe('a login', () => {
  test('starts a session that the next page has at once', async () => {
    const tab = env.browser.open();
    expect(tab.manager.state.status).toBe('anonymous');
    const state = await finished(tab.manager.login({ ...credentials, remember: true, device: 'My laptop' }));
    expect(state).toMatchObject({ status: 'active', account: { email: credentials.email }, endReason: null });
    expect(env.service.sent[0]?.body).toEqual({ ...credentials, remember: true, device: 'My laptop' });
    tab.manager.close();
    expect(env.browser.open().manager.state).toEqual(state);
  });

  test('that is refused rejects with the reason, and changes nothing', async () => {
    const { manager } = env.browser.open();
    await expect(finished(manager.login({ ...credentials, password: 'wrong' }))).rejects.toMatchObject({ code: 'invalid_credentials', status: 401 });
    expect(manager.state.status).toBe('anonymous');
    expect(env.browser.stored).toBeNull();
  });

  test('ends the session that was active', async () => {
    const { manager } = await env.loggedIn();
    const before = manager.state.session!.id;
    await finished(manager.login({ ...credentials, email: 'other@example.com' }));
    await advance(300);
    expect(env.service.endReason(before)).toBe('logout');
    expect(manager.state.account?.email).toBe('other@example.com');
  });
});

describe('a refresh', () => {
  test('is sent once, five minutes before the access token expires', async () => {
    const tab = await env.loggedIn();
    await advance(24 * minute);
    expect(env.service.count(refresh)).toBe(0);
    await advance(2 * minute);
    expect(env.service.count(refresh)).toBe(1);
    expect(tab.events.map(({ name }) => name)).toEqual(['changed', 'refreshing', 'changed', 'refreshed', 'changed']);
  });

  test('keeps a session active for weeks', async () => {
    const { manager } = await env.loggedIn({ checkInterval: 10 * minute });
    await advance(14 * 24 * 60 * minute);
    expect(manager.state.status).toBe('active');
    expect(env.service.count(refresh)).toBeLessThan(14 * 24 * 60 / 24);
    expect(env.service.rotations).toBe(env.service.count(refresh));
  });

  test('is due after half the lifetime of a short-lived token', async () => {
    env.service.accessTokenSeconds = 30;
    await env.loggedIn();
    await advance(13_000);
    expect(env.service.count(refresh)).toBe(0);
    await advance(2_000);
    expect(env.service.count(refresh)).toBe(1);
  });

  test('can be forced', async () => {
    const { manager } = await env.loggedIn();
    const before = await finished(manager.getAccessToken());
    await advance(1000);
    await finished(manager.forceRefresh());
    expect(await finished(manager.getAccessToken())).not.toBe(before);
  });

  test.each(['lost reply', 'cut reply', 'lost request'] as const)('with a %s is retried with the same attempt and rotates once', async fault => {
    const tab = await env.loggedIn();
    env.service.failNext(refresh, fault);
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

  test('whose reply was lost succeeds a day later with the same attempt', async () => {
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

  test('has a new attempt each time', async () => {
    const { manager } = await env.loggedIn();
    await finished(manager.forceRefresh());
    await finished(manager.forceRefresh());
    const [first, second] = env.service.sent.map(({ body }) => body['attempt']);
    expect(first).not.toBe(second);
  });

  test('that times out is aborted, and its answer is never used', async () => {
    const { manager } = await env.loggedIn({ requestTimeout: 1000 });
    env.service.latency = 2000;
    await expect(finished(manager.forceRefresh())).rejects.toMatchObject({ code: 'network_error' });
    env.service.latency = 20;
    await advance(10_000);
    expect(manager.state.retry).toBeNull();
    expect(env.service.rotations).toBe(1);
  });
});

describe('while the service is down', () => {
  test('a refresh is retried with exponential backoff, and nobody is logged out', async () => {
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

  test.each([[0, 2.5], [0.5, 5], [0.999, 7.5]])('the retry delay has 50 %% jitter', async (chance, seconds) => {
    const { manager } = await env.loggedIn();
    vi.mocked(Math.random).mockReturnValue(chance);
    env.service.failNext(refresh, 'lost request');
    await finished(manager.forceRefresh()).catch(() => {});
    expect((manager.state.retry!.at - manager.now()) / 1000).toBeCloseTo(seconds, 1);
  });

  test('all tabs together retry as often as one', async () => {
    await env.loggedIn();
    for (let i = 0; i < 9; i += 1)
      env.browser.open();
    env.service.isDown = true;
    await advance(30 * minute);
    expect(env.service.count(refresh)).toBeLessThan(12);
  });

  test('a user who returns doesn\'t wait for the next retry', async () => {
    const tab = await env.loggedIn();
    env.service.isDown = true;
    await advance(30 * minute);
    env.service.isDown = false;
    tab.dispatch('resumed');
    await advance(100);
    expect(tab.manager.state.retry).toBeNull();
  });

  test('Retry-After is respected', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext(refresh, { status: 503, code: 'unavailable', retryAfter: 120 });
    await expect(finished(manager.forceRefresh())).rejects.toMatchObject({ code: 'unavailable', retryAfter: 120 });
    expect((manager.state.retry!.at - manager.now()) / 1000).toBeCloseTo(120, 0);
  });

  test('an error of a gateway doesn\'t end the session', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext(refresh, { status: 502 }, { status: 401 }, { status: 403, code: 'origin_not_allowed' }, { status: 400, code: 'invalid_request' },
      { status: 403, code: 'token_invalid' });
    for (let i = 0; i < 5; i += 1)
      await finished(manager.forceRefresh()).catch(() => {});
    expect(manager.state).toMatchObject({ status: 'active', retry: { tries: 5 } });
  });
});

test('an option that is undefined counts as absent', async () => {
  const nothing = { checkInterval: undefined, requestTimeout: undefined } as unknown as Partial<SessionConfig>;
  const { manager } = await env.loggedIn({ ...nothing, heartbeat: true });
  manager.updateConfig(nothing);
  env.service.failNext(heartbeat, ...Array.from({ length: 1000 }, () => ({ status: 503, code: 'unavailable' })));
  await advance(5 * minute);
  expect(env.service.count(heartbeat)).toBeLessThanOrEqual(12);
  expect(await settle(500, manager.logs({ after: undefined } as unknown as { after: string }))).not.toHaveProperty('code');
  expect(env.service.sent.at(-1)?.route).toBe('GET sessions/my-session-logs?');
});

test('request takes no headers, since it would drop them', async () => {
  const { manager } = await env.loggedIn();
  // @ts-expect-error TypeScript refuses them.
  expect(await settle(500, manager.request('sessions/logout-all?others=true', undefined, { method: 'POST', headers: {} }))).toBeUndefined();
});

test('forceRefresh is sent although the browser reports offline', async () => {
  const { manager } = await env.loggedIn();
  env.browser.online(false);
  expect(await settle(500, manager.forceRefresh())).toMatchObject({ status: 'active' });
  expect(env.service.rotations).toBe(1);
});

test('logoutAll, called before an asynchronous storage has answered, ends this session', async () => {
  const tab = await env.loggedIn();
  tab.kill();
  const { manager } = env.browser.open({ storage: env.browser.asyncStorage() });
  await settle(2000, manager.logoutAll());
  expect(manager.state.endReason).toBe('logout_all');
  expect(env.service.count(refresh)).toBe(0);
});

test('a storage that becomes full keeps the logouts of earlier pages', async () => {
  const first = await env.loggedIn();
  const ids = [first.manager.state.session!.id];
  env.service.failNext('POST sessions/logout', ...Array.from({ length: 20 }, () => 'lost request' as const));
  await settle(100, first.manager.logout());
  await settle(500, first.manager.login({ email: 'other@example.com', password: 'right' }));
  first.kill();
  const { manager } = env.browser.open();
  await advance(500);
  ids.push(manager.state.session!.id);
  env.browser.storageFails = true;
  await settle(100, manager.logout());
  env.service.failNext('POST sessions/logout');
  await advance(2 * minute);
  expect(ids.map(id => env.service.endReason(id))).toEqual(['logout', 'logout']);
});

test('closing during a refresh stores the new tokens, and nothing else happens', async () => {
  const tab = await env.loggedIn();
  env.service.latency = 500;
  await advance(25 * minute + 300);
  expect(env.service.count(refresh)).toBe(1);
  tab.manager.close();
  await advance(15_000);
  expect(env.browser.stored).toMatchObject({ generation: 1, pending: null });
  expect(vi.getTimerCount()).toBe(0);
  await advance(120 * minute);
  expect(env.service.sent).toHaveLength(1);
});

test('closing during a heartbeat makes it the last one', async () => {
  const tab = await env.loggedIn({ heartbeat: true });
  env.service.latency = 500;
  for (env.service.sent.length = 0; env.service.count(heartbeat) === 0;)
    await advance(100);
  const sent = env.service.count(heartbeat);
  tab.manager.close();
  await advance(30 * minute);
  expect(env.service.count(heartbeat)).toBe(sent);
});

test('closing before the storage has answered starts nothing', async () => {
  const tab = await env.loggedIn();
  tab.kill();
  const { manager, dispatch, events } = env.browser.open({ storage: env.browser.asyncStorage(), heartbeat: true });
  manager.close();
  await advance(60 * minute);
  dispatch('resumed');
  dispatch('online');
  await advance(60 * minute);
  expect([env.service.sent, events.filter(({ name }) => name !== 'changed')]).toEqual([[], []]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a closed manager ignores updateConfig and on', async () => {
  const { manager } = await env.loggedIn();
  manager.close();
  manager.updateConfig({ heartbeat: true });
  manager.on('notice', () => {});
  await advance(60 * minute);
  expect(env.service.sent).toEqual([]);
});

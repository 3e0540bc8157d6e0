import { describe, expect, test } from 'vitest';
import { type Tab, type TabOptions } from '../testing/browser.ts';
import { advance, createEnvironment, credentials, minute, refresh } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const env = createEnvironment();

// What the tabs share.
const places: [string, TabOptions][] = [
  ['localStorage', {}],
  ['memory', { storage: 'memory' }],
  ['a cookie', { cookie: true }],
];

test('tabs whose messages are late, in cookie mode, refresh once', async () => {
  const all = await env.openTabs(10, { cookie: true });
  env.browser.messageDelay = 400;
  await advance(26 * minute);
  expect(all.map(tab => tab.count('refreshed'))).toEqual(all.map(() => 1));
  expect(env.service.count(refresh)).toBe(1);
});

describe.each(places)('ten tabs that share %s', (_, options) => {
  test('refresh once, and all get the new token', async () => {
    const all = await env.openTabs(10, options);
    const before = all[0].manager.state.accessTokenExpiresAt;
    await advance(26 * minute);
    expect(env.service.count(refresh)).toBe(1);
    expect(new Set(all.map(({ manager }) => manager.state.accessTokenExpiresAt)).size).toBe(1);
    expect(all[0].manager.state.accessTokenExpiresAt).toBeGreaterThan(before!);
    expect(all.map(tab => tab.count('refreshed'))).toEqual(all.map(() => 1));
  });

  test('refresh once when all need it at the same moment', async () => {
    const all = await env.openTabs(10, options);
    all.forEach(tab => tab.freeze());
    await advance(60 * minute);
    all.forEach(tab => tab.thaw());
    const asked = Promise.all(all.map(({ manager }) => manager.fetch(`${baseUrl}/orders`)));
    await advance(5000);
    expect((await asked).every(({ ok }) => ok)).toBe(true);
    expect(env.service.count(refresh)).toBe(1);
  });

  test('survive a crash of the refreshing one at any step, with one rotation', async () => {
    let steps = 1;
    // Until it crashes after its last step.
    for (let isOver = false; !isOver; steps += 1) {
      env.reset();
      let left = Infinity;
      let leader: Tab | null = null;
      const others = await env.openTabs(3, options);
      leader = env.browser.open({
        ...options,
        step: () => {
          if ((left -= 1) < 0)
            leader?.kill();
        },
      });
      await advance(1000);
      left = steps;
      void leader.manager.forceRefresh();
      // Without a shared storage it listens to the others first.
      await advance(400);
      isOver = left > 0;
      leader.kill();
      await advance(40 * minute);
      const asked = Promise.all(others.map(({ manager }) => manager.fetch(`${baseUrl}/orders`)));
      await advance(1000);
      expect((await asked).every(({ ok }) => ok), `killed after ${steps} steps`).toBe(true);
      expect(others.every(tab => tab.count('ended') === 0)).toBe(true);
      // One by the crashed tab, if it got that far, and one after half an hour.
      expect(env.service.rotations).toBeLessThanOrEqual(2);
      others.forEach(tab => tab.manager.close());
    }
    expect(steps).toBeGreaterThanOrEqual(6);
  });

  test.each([
    ['session_ended', 'admin'], ['token_reused', 'token_reuse'], ['token_invalid', 'token_invalid'],
  ])('end together when a refresh is refused with %s, and stop polling', async (code, reason) => {
    const all = await env.openTabs(5, { ...options, heartbeat: true });
    all.forEach(({ manager }) => manager.on('notice', () => {}));
    await advance(24 * minute);
    env.service.failNext(refresh, { status: 401, code, ...code === 'session_ended' ? { reason } : {} });
    await advance(minute);
    expect(env.service.sent.at(-1)?.route).toBe(refresh);
    expect(env.service.count(refresh)).toBe(1);
    env.service.sent.length = 0;
    await advance(120 * minute);
    expect(env.service.sent).toEqual([]);
    expect(all.map(({ manager }) => manager.state.endReason)).toEqual(all.map(() => reason));
    expect(all.map(tab => tab.count('ended'))).toEqual(all.map(() => 1));
  });

  test('end together with the reason, and send nothing more', async () => {
    const all = await env.openTabs(10, options);
    env.service.end(all[0].manager.state.session!.id, 'token_reuse');
    void all[3]!.manager.fetch(`${baseUrl}/orders`);
    await advance(100);
    expect(all.map(({ events }) => events.filter(({ name }) => name === 'ended').map(({ detail }) => (detail as { reason: string }).reason)))
      .toEqual(all.map(() => ['token_reuse']));
    await advance(120 * minute);
    expect(env.service.sent).toHaveLength(1);
  });

  test('log in and out together', async () => {
    const all = await env.openTabs(3, options);
    void all[1]!.manager.logout();
    await advance(100);
    expect(all.map(({ manager }) => manager.state)).toMatchObject(all.map(() => ({ status: 'anonymous', endReason: 'logout' })));
    void all[2]!.manager.login({ ...credentials, email: 'other@example.com' });
    await advance(200);
    expect(all.map(({ manager }) => manager.state.account?.email)).toEqual(all.map(() => 'other@example.com'));
  });

  test('update one that slept and missed their messages', async () => {
    const all = await env.openTabs(3, options);
    all[0].freeze();
    await advance(3 * 60 * minute);
    all[0].thaw(true);
    const asked = all[0].manager.fetch(`${baseUrl}/orders`);
    await advance(2000);
    expect((await asked).ok).toBe(true);
    expect(env.service.endReason(all[1]!.manager.state.session!.id)).toBeNull();
    expect(env.service.rotations).toBe(env.service.count(refresh));
  });
});

test('a page from the back/forward cache reads what it missed from the storage, and sends nothing', async () => {
  const all = await env.openTabs(2);
  all[1]!.freeze();
  await advance(minute);
  void all[0].manager.logout();
  await advance(100);
  env.service.sent.length = 0;
  all[1]!.thaw(true);
  expect(all[1]!.manager.state.status).toBe('active');
  all[1]!.dispatch('resumed');
  await advance(100);
  expect(all[1]!.manager.state.endReason).toBe('logout');
  expect(env.service.sent).toEqual([]);
});

test('a page that missed everything while the storage was full asks the other tabs before it uses a spent token', async () => {
  const all = await env.openTabs(2);
  all[1]!.freeze();
  env.browser.storageFails = true;
  await advance(3 * 60 * minute);
  all[1]!.thaw(true);
  const asked = all[1]!.manager.fetch(`${baseUrl}/orders`);
  await advance(1000);
  expect((await asked).ok).toBe(true);
  expect(all.map(({ manager }) => manager.state.status)).toEqual(['active', 'active']);
});

test('a page of cookie mode gets the access token from the other tabs', async () => {
  await env.openTabs(2, { cookie: true });
  const opened = env.browser.open({ cookie: true });
  await advance(500);
  expect(opened.manager.state.accessTokenExpiresAt).not.toBeNull();
  expect(env.service.count(refresh)).toBe(0);
  expect(JSON.stringify([...env.browser.items])).not.toMatch(/access\.|refresh\./);
});

test('a single page of cookie mode continues with the cookie', async () => {
  const [tab] = await env.openTabs(1, { cookie: true });
  tab.kill();
  const { manager } = env.browser.open({ cookie: true });
  expect(manager.state).toMatchObject({ status: 'active', account: { email: credentials.email }, accessTokenExpiresAt: null });
  await advance(500);
  expect(manager.state.accessTokenExpiresAt).not.toBeNull();
  expect(env.service.count(refresh)).toBe(1);
  env.service.cookie = null;
  void manager.forceRefresh().catch(() => {});
  await advance(500);
  expect(manager.state).toMatchObject({ status: 'anonymous', endReason: 'cookie_missing' });
});

test('a cookie that another page of the host has replaced ends the session', async () => {
  const all = await env.openTabs(2, { cookie: true });
  // Another page logs in to another account.
  const request = new Request(`${baseUrl}/sessions/login`, { method: 'POST', body: JSON.stringify({ ...credentials, email: 'admin@example.com', cookie: true }) });
  void env.service.answer(request);
  await advance(26 * minute);
  expect(all.map(({ manager }) => manager.state)).toMatchObject(all.map(() => ({ status: 'anonymous', endReason: 'cookie_missing' })));
  expect(env.service.count(refresh)).toBe(1);
});

test.each<TabOptions>([{ storage: 'memory' }, { hasStorage: false }])('the old record of a tab that slept doesn\'t end the next user\'s session: %o', async options => {
  const [slept] = await env.openTabs(1, options);
  const renewed = slept.manager.forceRefresh();
  await advance(1000);
  await renewed;
  void slept.manager.logout();
  await advance(1000);
  slept.freeze();
  const { manager } = env.browser.open(options);
  await advance(1000);
  void manager.login({ ...credentials, email: 'other@example.com' });
  await advance(1000);
  slept.thaw();
  await advance(1000);
  expect([manager, slept.manager].map(({ state }) => state.account?.email)).toEqual(['other@example.com', 'other@example.com']);
});

test('without localStorage, a page that missed everything asks the other tabs', async () => {
  const all = await env.openTabs(2, { hasStorage: false });
  all[0].freeze();
  await advance(3 * 60 * minute);
  all[0].thaw(true);
  const asked = all[0].manager.fetch(`${baseUrl}/orders`);
  await advance(2000);
  expect((await asked).ok).toBe(true);
});

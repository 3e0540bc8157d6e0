import { describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, credentials, minute, refresh } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const lock = `serverless-sessions:${baseUrl}/`;
const env = createEnvironment();

describe('without BroadcastChannel', () => {
  test('storage events update the other tabs', async () => {
    const all = await env.openTabs(2, { hasChannel: false });
    void all[0].manager.logout();
    await advance(10);
    all[1]!.dispatch('storage', lock, env.browser.items.get(lock)!);
    expect(all[1]!.manager.state.endReason).toBe('logout');
  });

  test('ten tabs refresh once', async () => {
    await env.openTabs(10, { hasChannel: false });
    await advance(26 * minute);
    expect(env.service.count(refresh)).toBe(1);
  });
});

describe('without locks', () => {
  test('ten tabs that need a token at the same moment send a few requests, and rotate once', async () => {
    let chance = 0;
    const random = vi.spyOn(Math, 'random').mockImplementation(() => (chance += 0.1) % 1);
    const all = await env.openTabs(10, { hasLocks: false });
    all.forEach(tab => tab.freeze());
    await advance(60 * minute);
    all.forEach(tab => tab.thaw());
    const asked = Promise.all(all.map(({ manager }) => manager.fetch(`${baseUrl}/orders`)));
    await advance(12_000);
    expect((await asked).every(({ ok }) => ok)).toBe(true);
    expect(env.service.count(refresh)).toBeLessThan(4);
    expect(env.service.rotations).toBe(1);
    random.mockRestore();
  });

  test('a tab that waits for one that crashed continues after a timeout', async () => {
    const all = await env.openTabs(2, { hasLocks: false });
    env.service.latency = 500;
    void all[0].manager.forceRefresh();
    await advance(400);
    all[0].kill();
    const renewed = all[1]!.manager.forceRefresh();
    await advance(12_000);
    expect(await renewed).toMatchObject({ status: 'active' });
    expect(env.service.rotations).toBe(1);
  });
});

test('a request that is sent without a token, since the storage of cookie mode has none, doesn\'t end the session', async () => {
  const options = { cookie: true, hasLocks: false, hasChannel: false };
  await env.openTabs(1, options);
  env.service.latency = 1000;
  const { manager, dispatch } = env.browser.open(options);
  const asked = manager.getSessionStatus().catch((error: unknown) => error);
  await advance(1500);
  const stored = env.browser.stored as unknown as { revision: number; generation: number };
  dispatch('storage', lock, JSON.stringify({ ...stored, revision: stored.revision + 1, generation: stored.generation + 1 }));
  await advance(4000);
  expect(await asked).toMatchObject({ code: 'token_invalid' });
  expect(manager.state.status).toBe('active');
});

describe('a lock', () => {
  test('that is never released is ignored after a timeout', async () => {
    const [tab] = await env.openTabs(1);
    void env.browser.locks.request(lock, new AbortController(), () => new Promise(() => {}));
    const renewed = tab.manager.forceRefresh();
    await advance(16_000);
    expect(await renewed).toMatchObject({ status: 'active' });
    expect(env.service.rotations).toBe(1);
  });

  test('that is stolen does no harm', async () => {
    const [one, two] = await env.openTabs(2);
    const renewed = Promise.all([one.manager.forceRefresh(), two!.manager.forceRefresh()]);
    await advance(10);
    env.browser.locks.steal(lock);
    await advance(1000);
    expect(await renewed).toMatchObject([{ status: 'active' }, { status: 'active' }]);
    expect(env.service.rotations).toBe(1);
  });

  test('that is refused isn\'t needed', async () => {
    const [tab] = await env.openTabs(1);
    tab.kill();
    const { manager } = env.browser.open({
      platform: {
        locks: {
          request() {
            throw new DOMException('no', 'SecurityError');
          },
        },
        openChannel: null, page: null, fetch: (input, init) => env.service.answer(new Request(input, init)),
      },
    });
    const renewed = manager.forceRefresh();
    await advance(1000);
    expect(await renewed).toMatchObject({ status: 'active' });
    manager.close();
  });
});

describe('a late answer', () => {
  test('doesn\'t undo a logout', async () => {
    const [tab, other] = await env.openTabs(2);
    env.service.latency = 1000;
    const renewed = tab.manager.forceRefresh().catch((error: unknown) => error);
    await advance(500);
    void other!.manager.logout();
    await advance(5000);
    await renewed;
    expect([tab, other!].map(({ manager }) => manager.state.status)).toEqual(['anonymous', 'anonymous']);
    expect(env.browser.stored).toMatchObject({ endReason: 'logout' });
  });

  test('doesn\'t replace another login', async () => {
    const [tab] = await env.openTabs(1, { hasLocks: false });
    env.service.latency = 1000;
    const renewed = tab.manager.forceRefresh().catch((error: unknown) => error);
    await advance(500);
    env.service.latency = 10;
    void tab.manager.login({ ...credentials, email: 'other@example.com' });
    await advance(5000);
    await renewed;
    expect(tab.manager.state.account?.email).toBe('other@example.com');
  });

  test('that refuses one session doesn\'t end the next', async () => {
    const [tab] = await env.openTabs(1);
    env.service.end(tab.manager.state.session!.id, 'revoked');
    env.service.latency = 1000;
    const asked = tab.manager.fetch(`${baseUrl}/orders`);
    await advance(500);
    env.service.latency = 10;
    void tab.manager.login(credentials);
    await advance(5000);
    expect((await asked).status).toBe(401);
    expect(tab.manager.state.status).toBe('active');
  });
});

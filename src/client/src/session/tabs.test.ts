import { describe, expect, test, vi } from 'vitest';
import { type Tab, type TabOptions } from '../testing/browser.ts';
import { credentials, minute, advance, refresh, createEnvironment } from '../testing/environment.ts';
import { baseUrl } from '../testing/service.ts';

const lock = `serverless-sessions:${baseUrl}/`;
const env = createEnvironment();

async function tabs(count: number, options: TabOptions = {}): Promise<[Tab, ...Tab[]]> {
  const first = env.browser.open(options);
  void first.manager.login({ ...credentials, remember: true });
  await advance(1000);
  const all = [first, ...Array.from({ length: count - 1 }, () => env.browser.open(options))] as [Tab, ...Tab[]];
  await advance(1000);
  env.service.sent.length = 0;
  all.forEach(tab => void (tab.events.length = 0));
  return all;
}

// Where the tabs of a page share what they hold.
const places: [string, TabOptions][] = [
  ['localStorage', {}],
  ['memory', { storage: 'memory' }],
  ['a cookie', { cookie: true }],
];

describe.each(places)('ten tabs that share %s', (_, options) => {
  test('refresh once, and all have the new token', async () => {
    const all = await tabs(10, options);
    const before = all[0].manager.state.accessTokenExpiresAt;
    await advance(26 * minute);
    expect(env.service.count(refresh)).toBe(1);
    expect(new Set(all.map(({ manager }) => manager.state.accessTokenExpiresAt)).size).toBe(1);
    expect(all[0].manager.state.accessTokenExpiresAt).toBeGreaterThan(before!);
    expect(all.map(tab => tab.count('refreshed'))).toEqual(all.map(() => 1));
  });

  test('refresh once when all of them need it at the same moment', async () => {
    const all = await tabs(10, options);
    all.forEach(tab => tab.freeze());
    await advance(60 * minute);
    all.forEach(tab => tab.thaw());
    const asked = Promise.all(all.map(({ manager }) => manager.fetch(`${baseUrl}/orders`)));
    await advance(5000);
    expect((await asked).every(({ ok }) => ok)).toBe(true);
    expect(env.service.count(refresh)).toBe(1);
  });

  test('lose the one that refreshes at any step, and go on with one rotation', async () => {
    let steps = 1;
    // Until it dies behind its last step, and nothing is left to die of.
    for (let isOver = false; !isOver; steps += 1) {
      env.reset();
      let left = Infinity;
      let leader: Tab | null = null;
      const others = await tabs(3, options);
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
      // It listens to the others first, where they share no storage.
      await advance(400);
      isOver = left > 0;
      leader.kill();
      await advance(40 * minute);
      const asked = Promise.all(others.map(({ manager }) => manager.fetch(`${baseUrl}/orders`)));
      await advance(1000);
      expect((await asked).every(({ ok }) => ok), `killed after ${steps} steps`).toBe(true);
      expect(others.every(tab => tab.count('ended') === 0)).toBe(true);
      // The one that died may have got as far as the rotation, and each half hour has one.
      expect(env.service.rotations).toBeLessThanOrEqual(2);
      others.forEach(tab => tab.manager.close());
    }
    expect(steps).toBeGreaterThanOrEqual(6);
  });

  test.each([
    ['session_ended', 'admin'], ['token_reused', 'token_reuse'], ['token_invalid', 'token_invalid'],
  ])('end together when a refresh is refused with %s, and ask nothing more, though they heard notices and events that somebody is there', async (code, reason) => {
    const all = await tabs(5, { ...options, heartbeat: true });
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

  test('end together, each with the reason, and ask nothing more', async () => {
    const all = await tabs(10, options);
    env.service.end(all[0].manager.state.session!.id, 'token_reuse');
    void all[3]!.manager.fetch(`${baseUrl}/orders`);
    await advance(100);
    expect(all.map(({ events }) => events.filter(({ name }) => name === 'ended').map(({ detail }) => (detail as { reason: string }).reason)))
      .toEqual(all.map(() => ['token_reuse']));
    await advance(120 * minute);
    expect(env.service.sent).toHaveLength(1);
  });

  test('log in and out together', async () => {
    const all = await tabs(3, options);
    void all[1]!.manager.logout();
    await advance(100);
    expect(all.map(({ manager }) => manager.state)).toMatchObject(all.map(() => ({ status: 'anonymous', endReason: 'logout' })));
    void all[2]!.manager.login({ ...credentials, email: 'other@example.com' });
    await advance(200);
    expect(all.map(({ manager }) => manager.state.account?.email)).toEqual(all.map(() => 'other@example.com'));
  });

  test('have one that slept, and missed what the others did, and it goes on with theirs', async () => {
    const all = await tabs(3, options);
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

test('a page that comes out of the browser\'s cache finds in the storage what it missed, and asks nothing', async () => {
  const all = await tabs(2);
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

test('a page that missed everything, while the storage was full, asks the others before it uses a spent token', async () => {
  const all = await tabs(2);
  all[1]!.freeze();
  env.browser.storageFails = true;
  await advance(3 * 60 * minute);
  all[1]!.thaw(true);
  const asked = all[1]!.manager.fetch(`${baseUrl}/orders`);
  await advance(1000);
  expect((await asked).ok).toBe(true);
  expect(all.map(({ manager }) => manager.state.status)).toEqual(['active', 'active']);
});

test('a page of cookie mode that is opened beside others gets the token from them', async () => {
  await tabs(2, { cookie: true });
  const opened = env.browser.open({ cookie: true });
  await advance(500);
  expect(opened.manager.state.accessTokenExpiresAt).not.toBeNull();
  expect(env.service.count(refresh)).toBe(0);
  expect(JSON.stringify([...env.browser.items])).not.toMatch(/access\.|refresh\./);
});

test('a page of cookie mode that is opened alone goes on with the cookie', async () => {
  const [tab] = await tabs(1, { cookie: true });
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

test('a cookie that another page of the host has replaced is never taken for this session\'s', async () => {
  const all = await tabs(2, { cookie: true });
  // The other page logs in by itself, to another account.
  const request = new Request(`${baseUrl}/sessions/login`, { method: 'POST', body: JSON.stringify({ ...credentials, email: 'admin@example.com', cookie: true }) });
  void env.service.answer(request);
  await advance(26 * minute);
  expect(all.map(({ manager }) => manager.state)).toMatchObject(all.map(() => ({ status: 'anonymous', endReason: 'cookie_missing' })));
  expect(env.service.count(refresh)).toBe(1);
});

test.each<TabOptions>([{ storage: 'memory' }, { hasStorage: false }])('what a tab that slept has of an earlier session doesn\'t end the one of the next user: %o', async options => {
  const [slept] = await tabs(1, options);
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

test('where localStorage is refused, a page that missed everything asks the others, too', async () => {
  const all = await tabs(2, { hasStorage: false });
  all[0].freeze();
  await advance(3 * 60 * minute);
  all[0].thaw(true);
  const asked = all[0].manager.fetch(`${baseUrl}/orders`);
  await advance(2000);
  expect((await asked).ok).toBe(true);
});

describe('without BroadcastChannel', () => {
  test('the storage tells the other tabs', async () => {
    const all = await tabs(2, { hasChannel: false });
    void all[0].manager.logout();
    await advance(10);
    all[1]!.dispatch('storage', lock, env.browser.items.get(lock)!);
    expect(all[1]!.manager.state.endReason).toBe('logout');
  });

  test('ten tabs refresh once', async () => {
    await tabs(10, { hasChannel: false });
    await advance(26 * minute);
    expect(env.service.count(refresh)).toBe(1);
  });
});

describe('without locks', () => {
  test('ten tabs that need a token at the same moment ask a few times at most, rotate once and go on', async () => {
    let chance = 0;
    const random = vi.spyOn(Math, 'random').mockImplementation(() => (chance += 0.1) % 1);
    const all = await tabs(10, { hasLocks: false });
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

  test('who waits for a tab that died in the middle goes on when its time is over', async () => {
    const all = await tabs(2, { hasLocks: false });
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

test('a request that goes without a token, since the storage of cookie mode tells of a renewal without it, ends nothing', async () => {
  const options = { cookie: true, hasLocks: false, hasChannel: false };
  await tabs(1, options);
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
  test('that somebody never gives back is passed by', async () => {
    const [tab] = await tabs(1);
    void env.browser.locks.request(lock, new AbortController(), () => new Promise(() => {}));
    const renewed = tab.manager.forceRefresh();
    await advance(16_000);
    expect(await renewed).toMatchObject({ status: 'active' });
    expect(env.service.rotations).toBe(1);
  });

  test('that is stolen in the middle harms nothing', async () => {
    const [one, two] = await tabs(2);
    const renewed = Promise.all([one.manager.forceRefresh(), two!.manager.forceRefresh()]);
    await advance(10);
    env.browser.locks.steal(lock);
    await advance(1000);
    expect(await renewed).toMatchObject([{ status: 'active' }, { status: 'active' }]);
    expect(env.service.rotations).toBe(1);
  });

  test('that is refused is done without', async () => {
    const [tab] = await tabs(1);
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

describe('an old answer', () => {
  test('doesn\'t bring back who has logged out', async () => {
    const [tab, other] = await tabs(2);
    env.service.latency = 1000;
    const renewed = tab.manager.forceRefresh().catch((error: unknown) => error);
    await advance(500);
    void other!.manager.logout();
    await advance(5000);
    await renewed;
    expect([tab, other!].map(({ manager }) => manager.state.status)).toEqual(['anonymous', 'anonymous']);
    expect(env.browser.stored).toMatchObject({ endReason: 'logout' });
  });

  test('doesn\'t take the place of another login', async () => {
    const [tab] = await tabs(1, { hasLocks: false });
    env.service.latency = 1000;
    const renewed = tab.manager.forceRefresh().catch((error: unknown) => error);
    await advance(500);
    env.service.latency = 10;
    void tab.manager.login({ ...credentials, email: 'other@example.com' });
    await advance(5000);
    await renewed;
    expect(tab.manager.state.account?.email).toBe('other@example.com');
  });

  test('of a session that ended doesn\'t end the next one', async () => {
    const [tab] = await tabs(1);
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

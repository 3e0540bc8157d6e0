import { expect, test } from 'vitest';
import type { SessionConfig } from './options.ts';
import { minute, advance, refresh, createEnvironment, settle } from '../testing/environment.ts';

const env = createEnvironment();

test('what is given as undefined is as good as not given', async () => {
  const nothing = { checkInterval: undefined, requestTimeout: undefined } as unknown as Partial<SessionConfig>;
  const { manager } = await env.loggedIn({ ...nothing, heartbeat: true });
  manager.updateConfig(nothing);
  env.service.failNext('POST sessions/heartbeat', ...Array.from({ length: 1000 }, () => ({ status: 503, code: 'unavailable' })));
  await advance(5 * minute);
  expect(env.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(12);
  expect(await settle(500, manager.logs({ after: undefined } as unknown as { after: string }))).not.toHaveProperty('code');
  expect(env.service.sent.at(-1)?.route).toBe('GET sessions/my-session-logs?');
});

test('a refresh that is asked for while the browser says offline is sent', async () => {
  const { manager } = await env.loggedIn();
  env.browser.online(false);
  expect(await settle(500, manager.forceRefresh())).toMatchObject({ status: 'active' });
  expect(env.service.rotations).toBe(1);
});

test('the end of all sessions, asked for before the storage has answered, ends this one', async () => {
  const tab = await env.loggedIn();
  tab.kill();
  const { items } = env.browser;
  const slow = {
    getItem: async (key: string) => {
      await new Promise(done => setTimeout(done, 100));
      return items.get(key) ?? null;
    },
    setItem: async (key: string, value: string) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
  };
  const { manager } = env.browser.open({ storage: slow });
  await settle(2000, manager.logoutAll());
  expect(manager.state.endReason).toBe('logout_all');
  expect(env.service.count(refresh)).toBe(0);
});

test('a storage that becomes full loses no logout of an earlier page', async () => {
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

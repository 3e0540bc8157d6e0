import { expect, test } from 'vitest';
import type { SessionConfig } from './options.ts';
import { minute, pass, refresh, scene, within } from './testing/scene.ts';

const stage = scene();

test('what is given as undefined is as good as not given', async () => {
  const nothing = { checkInterval: undefined, requestTimeout: undefined } as unknown as Partial<SessionConfig>;
  const { manager } = await stage.loggedIn({ ...nothing, heartbeat: true });
  manager.updateConfig(nothing);
  stage.service.trouble('POST sessions/heartbeat', ...Array.from({ length: 1000 }, () => ({ status: 503, code: 'unavailable' })));
  await pass(5 * minute);
  expect(stage.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(12);
  expect(await within(500, manager.logs({ after: undefined } as unknown as { after: string }))).not.toHaveProperty('code');
  expect(stage.service.sent.at(-1)?.route).toBe('GET sessions/my-session-logs?');
});

test('a refresh that is asked for while the browser says offline is sent', async () => {
  const { manager } = await stage.loggedIn();
  stage.browser.online(false);
  expect(await within(500, manager.forceRefresh())).toMatchObject({ status: 'active' });
  expect(stage.service.rotations).toBe(1);
});

test('the end of all sessions, asked for before the storage has answered, ends this one', async () => {
  const tab = await stage.loggedIn();
  tab.kill();
  const { items } = stage.browser;
  const slow = {
    getItem: async (key: string) => {
      await new Promise(done => setTimeout(done, 100));
      return items.get(key) ?? null;
    },
    setItem: async (key: string, value: string) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
  };
  const { manager } = stage.browser.open({ storage: slow });
  await within(2000, manager.logoutAll());
  expect(manager.state.endReason).toBe('logout_all');
  expect(stage.service.count(refresh)).toBe(0);
});

test('a storage that becomes full loses no logout of an earlier page', async () => {
  const first = await stage.loggedIn();
  const ids = [first.manager.state.session!.id];
  stage.service.trouble('POST sessions/logout', ...Array.from({ length: 20 }, () => 'lost request' as const));
  await within(100, first.manager.logout());
  await within(500, first.manager.login({ email: 'other@example.com', password: 'right' }));
  first.kill();
  const { manager } = stage.browser.open();
  await pass(500);
  ids.push(manager.state.session!.id);
  stage.browser.storageFails = true;
  await within(100, manager.logout());
  stage.service.trouble('POST sessions/logout');
  await pass(2 * minute);
  expect(ids.map(id => stage.service.endReason(id))).toEqual(['logout', 'logout']);
});

import { expect, test, vi } from 'vitest';
import { minute, advance, refresh, createEnvironment } from '../testing/environment.ts';

const env = createEnvironment();
const beat = 'POST sessions/heartbeat';

test('a manager that is closed while it refreshes keeps the new tokens, and does nothing more', async () => {
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

test('a manager that is closed while it tells that the user is there tells it no more', async () => {
  const tab = await env.loggedIn({ heartbeat: true });
  env.service.latency = 500;
  for (env.service.sent.length = 0; env.service.count(beat) === 0;)
    await advance(100);
  const sent = env.service.count(beat);
  tab.manager.close();
  await advance(30 * minute);
  expect(env.service.count(beat)).toBe(sent);
});

test('a manager that is closed before its storage has answered never begins', async () => {
  const tab = await env.loggedIn();
  tab.kill();
  const slow = {
    getItem: async (key: string) => {
      await new Promise(done => setTimeout(done, 100));
      return env.browser.items.get(key) ?? null;
    },
    setItem: async () => {}, removeItem: async () => {},
  };
  const { manager, dispatch, events } = env.browser.open({ storage: slow, heartbeat: true });
  manager.close();
  await advance(60 * minute);
  dispatch('resumed');
  dispatch('online');
  await advance(60 * minute);
  expect([env.service.sent, events.filter(({ name }) => name !== 'changed')]).toEqual([[], []]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is called on a manager that is closed wakes nothing', async () => {
  const { manager } = await env.loggedIn();
  manager.close();
  manager.updateConfig({ heartbeat: true });
  manager.on('notice', () => {});
  await advance(60 * minute);
  expect(env.service.sent).toEqual([]);
});

import { expect, test, vi } from 'vitest';
import { minute, pass, refresh, scene } from './testing/scene.ts';

const stage = scene();
const beat = 'POST sessions/heartbeat';

test('a manager that is closed while it refreshes keeps the new tokens, and does nothing more', async () => {
  const tab = await stage.loggedIn();
  stage.service.latency = 500;
  await pass(25 * minute + 300);
  expect(stage.service.count(refresh)).toBe(1);
  tab.manager.close();
  await pass(15_000);
  expect(stage.browser.stored).toMatchObject({ generation: 1, pending: null });
  expect(vi.getTimerCount()).toBe(0);
  await pass(120 * minute);
  expect(stage.service.sent).toHaveLength(1);
});

test('a manager that is closed while it tells that the user is there tells it no more', async () => {
  const tab = await stage.loggedIn({ heartbeat: true });
  stage.service.latency = 500;
  for (stage.service.sent.length = 0; stage.service.count(beat) === 0;)
    await pass(100);
  const sent = stage.service.count(beat);
  tab.manager.close();
  await pass(30 * minute);
  expect(stage.service.count(beat)).toBe(sent);
});

test('a manager that is closed before its storage has answered never begins', async () => {
  const tab = await stage.loggedIn();
  tab.kill();
  const slow = {
    getItem: async (key: string) => {
      await new Promise(done => setTimeout(done, 100));
      return stage.browser.items.get(key) ?? null;
    },
    setItem: async () => {}, removeItem: async () => {},
  };
  const { manager, happen, told } = stage.browser.open({ storage: slow, heartbeat: true });
  manager.close();
  await pass(60 * minute);
  happen('resumed');
  happen('online');
  await pass(60 * minute);
  expect([stage.service.sent, told.filter(({ name }) => name !== 'changed')]).toEqual([[], []]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is called on a manager that is closed wakes nothing', async () => {
  const { manager } = await stage.loggedIn();
  manager.close();
  manager.updateConfig({ heartbeat: true });
  manager.on('notice', () => {});
  await pass(60 * minute);
  expect(stage.service.sent).toEqual([]);
});

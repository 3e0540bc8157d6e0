import { describe, expect, test } from 'vitest';
import { credentials, minute, pass, refresh, scene, within } from './testing/scene.ts';

const stage = scene();
const somebodyElse = { ...credentials, email: 'other@example.com' };

describe('a login while a session is open', () => {
  test('tells in every tab that that one is over', async () => {
    const all = [await stage.loggedIn(), stage.browser.open()];
    const { id } = all[0]!.manager.state.session!;
    await pass(100);
    await within(500, all[1]!.manager.login(somebodyElse));
    for (const { told, manager } of all) {
      expect(told.filter(({ name }) => name === 'ended')).toMatchObject([{ detail: { reason: 'logout', session: { id }, account: { email: credentials.email } } }]);
      expect(manager.state).toMatchObject({ status: 'active', account: { email: somebodyElse.email } });
    }
  });

  test.each([false, true])('ends that one at the service, though its access token has expired', async cookie => {
    const tab = await stage.loggedIn({ cookie });
    const { id } = tab.manager.state.session!;
    tab.freeze();
    await pass(60 * minute);
    tab.thaw(true);
    await within(1000, tab.manager.login(somebodyElse));
    expect(stage.service.endReason(id)).not.toBeNull();
    expect(stage.service.endReason(tab.manager.state.session!.id)).toBeNull();
  });
});

test('a page that changes to cookie mode leaves no token in the storage', async () => {
  const tab = await stage.loggedIn();
  tab.kill();
  const { manager } = stage.browser.open({ cookie: true });
  await within(1000, manager.forceRefresh());
  expect(stage.service.count(refresh)).toBe(1);
  expect(JSON.stringify([...stage.browser.items])).not.toMatch(/access\.|refresh\./);
});

test('tabs that share no storage know of a logout before they were opened, and of the login behind it', async () => {
  const first = await stage.loggedIn({ storage: 'memory' });
  await within(500, first.manager.forceRefresh());
  await within(100, first.manager.logout());
  const second = stage.browser.open({ storage: 'memory' });
  await pass(100);
  expect(second.manager.state.endReason).toBe('logout');
  await within(500, second.manager.login(somebodyElse));
  expect(first.manager.state.account?.email).toBe(somebodyElse.email);
});

test('no tokens are left in the storage when one tab logs out while another stores what it got', async () => {
  for (let milliseconds = 0; milliseconds <= 100; milliseconds += 5) {
    const tab = await stage.loggedIn();
    const other = stage.browser.open();
    await pass(300);
    const renewed = tab.manager.forceRefresh().catch(() => {});
    await pass(milliseconds);
    await within(2000, other.manager.logout());
    await renewed;
    expect(JSON.stringify([...stage.browser.items]), `logged out ${milliseconds} ms later`).not.toMatch(/access\.|refresh\./);
    [tab, other].forEach(each => each.kill());
  }
});

test('a tab with a storage of its own, restored later, goes on with what the others have', async () => {
  const storage = (items = new Map<string, string>()) => ({
    items, getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => items.set(key, value), removeItem: (key: string) => items.delete(key),
  });
  const mine = storage();
  const tab = await stage.loggedIn({ storage: mine });
  const other = stage.browser.open({ storage: storage(new Map(mine.items)) });
  tab.kill();
  await pass(3 * 60 * minute);
  const restored = stage.browser.open({ storage: mine });
  await pass(1000);
  expect([restored, other].map(({ manager }) => manager.state)).toMatchObject([{ status: 'active' }, { status: 'active' }]);
  expect(stage.service.rotations).toBe(stage.service.count(refresh));
});

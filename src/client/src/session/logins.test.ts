import { describe, expect, test } from 'vitest';
import { advance, createEnvironment, credentials, minute, refresh, settle } from '../testing/environment.ts';

const env = createEnvironment();
const somebodyElse = { ...credentials, email: 'other@example.com' };
const ownStorage = (items = new Map<string, string>()) => ({
  items, getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => items.set(key, value), removeItem: (key: string) => items.delete(key),
});

describe('a login while a session is active', () => {
  test('emits ended for the previous session in every tab', async () => {
    const all = [await env.loggedIn(), env.browser.open()];
    const { id } = all[0]!.manager.state.session!;
    await advance(100);
    await settle(500, all[1]!.manager.login(somebodyElse));
    for (const { events, manager } of all) {
      expect(events.filter(({ name }) => name === 'ended')).toMatchObject([{ detail: { reason: 'logout', session: { id }, account: { email: credentials.email } } }]);
      expect(manager.state).toMatchObject({ status: 'active', account: { email: somebodyElse.email } });
    }
  });

  test.each([false, true])('ends the previous session at the service, although its access token has expired', async cookie => {
    const tab = await env.loggedIn({ cookie });
    const { id } = tab.manager.state.session!;
    tab.freeze();
    await advance(60 * minute);
    tab.thaw(true);
    await settle(1000, tab.manager.login(somebodyElse));
    expect(env.service.endReason(id)).not.toBeNull();
    expect(env.service.endReason(tab.manager.state.session!.id)).toBeNull();
  });
});

test('a page that switches to cookie mode leaves no token in the storage', async () => {
  const tab = await env.loggedIn();
  tab.kill();
  const { manager } = env.browser.open({ cookie: true });
  await settle(1000, manager.forceRefresh());
  expect(env.service.count(refresh)).toBe(1);
  expect(JSON.stringify([...env.browser.items])).not.toMatch(/access\.|refresh\./);
});

test('tabs without a shared storage learn about an earlier logout and the next login', async () => {
  const first = await env.loggedIn({ storage: 'memory' });
  await settle(500, first.manager.forceRefresh());
  await settle(100, first.manager.logout());
  const second = env.browser.open({ storage: 'memory' });
  await advance(100);
  expect(second.manager.state.endReason).toBe('logout');
  await settle(500, second.manager.login(somebodyElse));
  expect(first.manager.state.account?.email).toBe(somebodyElse.email);
});

test('a logout during another tab\'s refresh leaves no tokens in the storage', async () => {
  for (let milliseconds = 0; milliseconds <= 100; milliseconds += 5) {
    const tab = await env.loggedIn();
    const other = env.browser.open();
    await advance(300);
    const renewed = tab.manager.forceRefresh().catch(() => {});
    await advance(milliseconds);
    await settle(2000, other.manager.logout());
    await renewed;
    expect(JSON.stringify([...env.browser.items]), `logged out ${milliseconds} ms later`).not.toMatch(/access\.|refresh\./);
    [tab, other].forEach(each => each.kill());
  }
});

test.each([true, false])('tabs with sessionStorage have sessions of their own, with a channel: %s', async hasChannel => {
  const first = await env.loggedIn({ storage: ownStorage(), hasChannel });
  const { id } = first.manager.state.session!;
  const second = env.browser.open({ storage: ownStorage(), hasChannel });
  const third = env.browser.open({ hasChannel });
  await settle(1000, third.manager.login(credentials));
  expect([first, second].map(({ manager }) => manager.state.session?.id)).toEqual([id, undefined]);
  await settle(500, second.manager.login(somebodyElse));
  await settle(500, second.manager.logout());
  await settle(500, third.manager.logout());
  await advance(60 * minute);
  expect([first.manager.state.session?.id, first.count('ended'), env.service.endReason(id)]).toEqual([id, 0, null]);
});

test('tabs that share a storage of the page\'s own notice each other\'s logins when they are shown', async () => {
  const storage = ownStorage();
  const first = await env.loggedIn({ storage });
  const second = env.browser.open({ storage });
  await settle(500, second.manager.login(somebodyElse));
  first.dispatch('resumed');
  await advance(100);
  expect(first.manager.state.account?.email).toBe(somebodyElse.email);
  await settle(500, second.manager.logout());
  expect(first.manager.state.endReason).toBe('logout');
});

test('a duplicated tab, whose storage is a copy, adopts the tokens of the first one', async () => {
  const mine = ownStorage();
  const tab = await env.loggedIn({ storage: mine });
  const other = env.browser.open({ storage: ownStorage(new Map(mine.items)) });
  tab.kill();
  await advance(3 * 60 * minute);
  const restored = env.browser.open({ storage: mine });
  await advance(1000);
  expect([restored, other].map(({ manager }) => manager.state)).toMatchObject([{ status: 'active' }, { status: 'active' }]);
  expect(env.service.rotations).toBe(env.service.count(refresh));
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { Tab } from '../testing/browser.ts';
import { advance, createEnvironment, finished, minute, refresh, settle } from '../testing/environment.ts';

const env = createEnvironment();
const heartbeat = 'POST sessions/heartbeat';
const timeout = 15;
beforeEach(() => {
  env.service.inactivitySeconds = timeout * 60;
});

const refreshes = () => env.service.sent.filter(({ route }) => route === refresh).map(({ body }) => body['idleFor'] ?? 0);
const warnings = (tab: Tab) => tab.events.filter(({ name }) => name === 'expiring').map(({ detail }) => (detail as { cause: string }).cause);
/** Moves the pointer for some minutes. */
async function use(tab: Tab, minutes: number): Promise<void> {
  for (let i = 0; i < minutes * 6; i += 1) {
    await advance(minute / 6);
    tab.dispatch('activity');
  }
}

describe('a session with an inactivity timeout', () => {
  test('ends with reason inactive in all tabs, although they stay open, and the service is asked once', async () => {
    const tabs = await env.openTabs(3);
    await advance(timeout * minute - 1000);
    expect(refreshes()).toEqual([]);
    await advance(3000);
    expect(tabs.map(({ manager }) => [manager.state.status, manager.state.endReason])).toEqual(tabs.map(() => ['anonymous', 'inactive']));
    expect(refreshes()).toEqual([timeout * 60]);
    await advance(60 * minute);
    expect(env.service.sent).toHaveLength(1);
  });

  test('goes on for days while its user is active', async () => {
    const tab = await env.loggedIn();
    await use(tab, 2 * 24 * 60);
    expect(tab.manager.state.status).toBe('active');
    expect(warnings(tab)).toEqual([]);
    // Ten minutes each: the access token lives as long as the session.
    expect(env.service.count(refresh)).toBeLessThanOrEqual(2 * 24 * 6 + 6);
    expect(env.service.rotations).toBe(env.service.count(refresh));
  });

  test('counts from the last activity, not from the last refresh', async () => {
    const tab = await env.loggedIn();
    await advance(4 * minute);
    tab.dispatch('activity');
    await advance(7 * minute);
    expect(refreshes()).toEqual([expect.closeTo(6 * 60, -1)]);
    expect(Date.parse(tab.manager.state.session!.expiresAt) - Date.now()).toBeCloseTo(8 * minute, -4);
    await advance(8 * minute + 5000);
    expect(tab.manager.state.endReason).toBe('inactive');
    expect(env.service.count(refresh)).toBe(2);
  });

  test('warns its user, and one click stays', async () => {
    const tab = await env.loggedIn();
    await advance(10.5 * minute);
    expect(tab.manager.state.expiring?.cause).toBe('inactive');
    expect(tab.manager.state.expiring!.at - tab.manager.now()).toBeCloseTo(4.5 * minute, -4);
    tab.dispatch('activity');
    expect(tab.manager.state.expiring).toBeNull();
    await advance(1000);
    expect(refreshes()).toEqual([0]);
    await advance(9 * minute);
    expect(tab.manager.state).toMatchObject({ status: 'active', expiring: null });
    await advance(2 * minute);
    expect(warnings(tab)).toEqual(['inactive', 'inactive']);
  });

  test('with a short timeout warns for half of it', async () => {
    env.service.inactivitySeconds = 120;
    const tab = await env.loggedIn();
    await advance(0.9 * minute);
    expect(tab.manager.state.expiring).toBeNull();
    await advance(0.6 * minute);
    expect(tab.manager.state.expiring?.cause).toBe('inactive');
  });

  test('is kept by the app\'s word', async () => {
    const { manager } = await env.loggedIn();
    for (let i = 0; i < 60; i += 1) {
      await advance(minute);
      manager.noteActivity();
    }
    expect(manager.state).toMatchObject({ status: 'active', expiring: null });
  });

  test('is kept in all tabs by activity in one of them', async () => {
    const [first, second] = await env.openTabs(2);
    await use(first, 60);
    expect(second!.manager.state).toMatchObject({ status: 'active', expiring: null });
    await advance(5 * minute);
    env.service.sent.length = 0;
    // The tab that was idle knows, too, and so does one that is opened later.
    await finished(second!.manager.forceRefresh());
    expect(refreshes()[0]).toBeCloseTo(5 * 60, -1);
    first.kill();
    second!.dispatch('activity');
    const third = env.browser.open();
    await advance(1000);
    await finished(third.manager.forceRefresh());
    expect(refreshes()[1] ?? 0).toBeLessThan(5);
  });

  test.each(['without channels', 'without locks'])('is kept by one of two tabs %s', async what => {
    const [first, second] = await env.openTabs(2, what === 'without locks' ? { hasLocks: false } : { hasChannel: false });
    await use(first, 60);
    expect(second!.manager.state).toMatchObject({ status: 'active' });
    expect(first.count('ended') + second!.count('ended')).toBe(0);
  });

  test('isn\'t kept by requests of an idle page, which tell how long it is', async () => {
    const { manager } = await env.loggedIn({ heartbeat: true });
    for (let i = 0; i < timeout * 6 && manager.state.session; i += 1)
      await settle(10_000, manager.sessions());
    await advance(5000);
    expect(manager.state.endReason).toBe('inactive');
  });

  test('is over for a user who returns after a sleep, whatever they touch first', async () => {
    const tab = await env.loggedIn();
    tab.freeze();
    await advance(60 * minute);
    tab.thaw(true);
    tab.dispatch('activity');
    tab.dispatch('resumed');
    await advance(1000);
    expect(tab.manager.state.endReason).toBe('inactive');
  });

  test('ends while the service is unreachable, and the client learns of it afterwards', async () => {
    const tab = await env.loggedIn();
    env.service.isDown = true;
    await use(tab, 20);
    expect(tab.manager.state).toMatchObject({ status: 'active', expiring: { cause: 'unreachable' } });
    env.service.isDown = false;
    await use(tab, 2);
    expect(tab.manager.state.endReason).toBe('inactive');
  });

  test('never waits for activity that a platform without a page can\'t report, until the app reports some', async () => {
    const { manager } = await env.loggedIn({ platform: { page: null, fetch: (input, init) => env.service.answer(new Request(input, init)) } });
    await advance(60 * minute);
    expect(manager.state).toMatchObject({ status: 'active', expiring: null });
    manager.noteActivity();
    await advance(timeout * minute + 5000);
    expect(manager.state.endReason).toBe('inactive');
  });

  test('of cookie mode ends in the same way', async () => {
    const tab = await env.loggedIn({ cookie: true });
    await use(tab, 30);
    expect(tab.manager.state.status).toBe('active');
    await advance(timeout * minute + 5000);
    expect(tab.manager.state.endReason).toBe('inactive');
  });

  test('gets and loses the timeout with a refresh, when the policy changes', async () => {
    env.service.inactivitySeconds = 0;
    const tab = await env.loggedIn();
    env.service.inactivitySeconds = timeout * 60;
    await finished(tab.manager.forceRefresh());
    tab.dispatch('activity');
    await advance(11 * minute);
    expect(tab.manager.state.expiring?.cause).toBe('inactive');
    env.service.inactivitySeconds = 0;
    await finished(tab.manager.forceRefresh());
    await advance(60 * minute);
    expect(tab.manager.state).toMatchObject({ status: 'active', expiring: null });
  });
});

test('a session without a timeout tells nothing of its user\'s activity', async () => {
  env.service.inactivitySeconds = 0;
  const tab = await env.loggedIn();
  tab.dispatch('activity');
  await advance(60 * minute);
  expect(tab.manager.state.status).toBe('active');
  expect(env.service.sent.filter(({ body }) => 'idleFor' in body)).toEqual([]);
});

test('a heartbeat says whether the user has done something since the last one, or since the page was opened', async () => {
  const tab = await env.loggedIn({ heartbeat: true });
  await advance(4900);
  const active = () => env.service.sent.filter(({ route }) => route === heartbeat).map(({ body }) => body['active']);
  await advance(5000);
  tab.dispatch('activity');
  await advance(10_000);
  expect(active()).toEqual([false, false, true, false]);
});

test('activity reported by a failed heartbeat is reported again', async () => {
  const tab = await env.loggedIn();
  const active = () => env.service.sent.filter(({ route }) => route === heartbeat).map(({ body }) => body['active']);
  tab.dispatch('activity');
  await advance(1000);
  env.service.failNext(heartbeat, { status: 503, code: 'unavailable' });
  expect(await settle(1000, tab.manager.heartbeat())).toMatchObject({ code: 'unavailable' });
  await finished(tab.manager.heartbeat());
  await finished(tab.manager.heartbeat());
  expect(active()).toEqual([true, true, false]);
});

import { describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, minute, refresh } from '../testing/environment.ts';

const env = createEnvironment();

describe('polling', () => {
  const notice = (number: number, createdAt: number): object => ({ number, kind: 'new_device', createdAt: new Date(createdAt).toISOString() });

  test('for notices needs a listener and a visible page', async () => {
    const tab = await env.loggedIn();
    const notices = (): number => env.service.sent.filter(({ route }) => route.startsWith('GET sessions/notices')).length;
    await advance(5 * minute);
    expect(notices()).toBe(0);
    const off = tab.manager.on('notice', () => {});
    await advance(5 * minute);
    const asked = notices();
    expect(asked).toBeGreaterThanOrEqual(10);
    env.browser.isVisible = false;
    tab.dispatch('hidden');
    await advance(5 * minute);
    expect(notices()).toBe(asked);
    env.browser.isVisible = true;
    tab.dispatch('resumed');
    await advance(100);
    expect(notices()).toBe(asked + 1);
    off();
    await advance(5 * minute);
    expect(notices()).toBe(asked + 1);
  });

  test('emits each notice once, and none that is older than the session', async () => {
    env.service.notices = [notice(1, Date.now() - minute)];
    const { manager } = await env.loggedIn();
    const numbers: number[] = [];
    manager.on('notice', ({ number }) => numbers.push(number));
    await advance(minute);
    env.service.notices.push(notice(2, Date.now()), notice(3, Date.now()));
    await advance(2 * minute);
    expect(numbers).toEqual([2, 3]);
    manager.close();
    env.browser.open().manager.on('notice', ({ number }) => numbers.push(number));
    await advance(minute);
    expect(numbers).toEqual([2, 3]);
  });

  test('sends heartbeats if enabled, at the interval that the service sets', async () => {
    const { manager } = await env.loggedIn();
    await advance(minute);
    expect(env.service.count('POST sessions/heartbeat')).toBe(0);
    manager.updateConfig({ heartbeat: true });
    await advance(minute);
    expect(env.service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(11);
    env.goOffline();
    env.service.sent.length = 0;
    await advance(10 * minute);
    expect(env.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(5);
    env.goOnline();
    env.service.sent.length = 0;
    await advance(minute);
    expect(env.service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(6);
  });

  test('waits the full interval after a slow answer', async () => {
    await env.loggedIn({ heartbeat: true });
    env.service.latency = 3000;
    await advance(minute);
    // A request takes 6 seconds, and the interval is 5.
    expect(env.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(6);
  });

  test('continues when the clock is set back', async () => {
    const tab = await env.loggedIn({ heartbeat: true });
    await advance(minute);
    vi.setSystemTime(Date.now() - 120 * minute);
    tab.dispatch('resumed');
    env.service.sent.length = 0;
    await advance(minute);
    expect(env.service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(10);
  });

  test('debug gets the events, without tokens', async () => {
    const said: unknown[] = [];
    const { manager } = await env.loggedIn({ debug: (...what) => void said.push(...what) });
    env.service.failNext(refresh, 'lost reply');
    await advance(30 * minute);
    void manager.logout();
    await advance(100);
    expect(said.filter(what => typeof what === 'string' && what !== 'changed')).toEqual(['refreshing', 'retrying', 'refreshing', 'refreshed', 'ended']);
    expect(JSON.stringify(said)).not.toMatch(/access\.|refresh\./);
  });
});

test('a debug function that throws changes nothing', async () => {
  const { manager } = await env.loggedIn({ debug: () => expect.fail('a fault') });
  expect(env.browser.stored).toMatchObject({ id: manager.state.session!.id });
});

test('a function that listens twice can stop once', async () => {
  const { manager } = await env.loggedIn();
  let calls = 0;
  const count = (): void => void (calls += 1);
  const offs = [manager.on('ended', count), manager.on('ended', count)];
  offs[0]!();
  offs[0]!();
  void manager.logout();
  await advance(100);
  expect(calls).toBe(1);
});

test('state is the same object while nothing changes', async () => {
  const { manager } = await env.loggedIn();
  const { state } = manager;
  let calls = 0;
  const off = manager.subscribe(() => void (calls += 1));
  await advance(10 * minute);
  expect(manager.state).toBe(state);
  expect(calls).toBe(0);
  void manager.logout();
  await advance(100);
  expect(manager.state).not.toBe(state);
  expect(calls).toBe(1);
  off();
});

test('a listener that throws doesn\'t stop the others, and its error is reported', async () => {
  const { manager } = await env.loggedIn();
  const thrown: unknown[] = [];
  manager.on('ended', () => {
    throw new Error('a fault');
  });
  let isTold = false;
  manager.on('ended', () => void (isTold = true));
  void manager.logout();
  await advance(100).catch((error: unknown) => void thrown.push(error));
  expect(isTold).toBe(true);
  expect(thrown).toHaveLength(1);
});

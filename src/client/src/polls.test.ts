import { describe, expect, test, vi } from 'vitest';
import { minute, pass, refresh, scene } from './testing/scene.ts';

const stage = scene();

describe('what the service tells', () => {
  const notice = (number: number, createdAt: number): object => ({ number, kind: 'new_device', createdAt: new Date(createdAt).toISOString() });

  test('is asked only while somebody listens and looks', async () => {
    const tab = await stage.loggedIn();
    const notices = (): number => stage.service.sent.filter(({ route }) => route.startsWith('GET sessions/notices')).length;
    await pass(5 * minute);
    expect(notices()).toBe(0);
    const off = tab.manager.on('notice', () => {});
    await pass(5 * minute);
    const asked = notices();
    expect(asked).toBeGreaterThanOrEqual(10);
    stage.browser.isVisible = false;
    tab.happen('hidden');
    await pass(5 * minute);
    expect(notices()).toBe(asked);
    stage.browser.isVisible = true;
    tab.happen('resumed');
    await pass(100);
    expect(notices()).toBe(asked + 1);
    off();
    await pass(5 * minute);
    expect(notices()).toBe(asked + 1);
  });

  test('is told once, and not what is older than the session', async () => {
    stage.service.notices = [notice(1, Date.now() - minute)];
    const { manager } = await stage.loggedIn();
    const told: number[] = [];
    manager.on('notice', ({ number }) => told.push(number));
    await pass(minute);
    stage.service.notices.push(notice(2, Date.now()), notice(3, Date.now()));
    await pass(2 * minute);
    expect(told).toEqual([2, 3]);
    manager.close();
    stage.browser.open().manager.on('notice', ({ number }) => told.push(number));
    await pass(minute);
    expect(told).toEqual([2, 3]);
  });

  test('sets the pace of heartbeats, which are sent when asked for', async () => {
    const { manager } = await stage.loggedIn();
    await pass(minute);
    expect(stage.service.count('POST sessions/heartbeat')).toBe(0);
    manager.updateConfig({ heartbeat: true });
    await pass(minute);
    expect(stage.service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(11);
    stage.goOffline();
    stage.service.sent.length = 0;
    await pass(10 * minute);
    expect(stage.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(5);
    stage.comeBack();
    stage.service.sent.length = 0;
    await pass(minute);
    expect(stage.service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(6);
  });

  test('is left alone for as long behind a slow answer as behind a fast one', async () => {
    await stage.loggedIn({ heartbeat: true });
    stage.service.latency = 3000;
    await pass(minute);
    // An answer takes 6 seconds, and the next question comes 5 behind that.
    expect(stage.service.count('POST sessions/heartbeat')).toBeLessThanOrEqual(6);
  });

  test('is asked on when the clock is set back', async () => {
    const tab = await stage.loggedIn({ heartbeat: true });
    await pass(minute);
    vi.setSystemTime(Date.now() - 120 * minute);
    tab.happen('resumed');
    stage.service.sent.length = 0;
    await pass(minute);
    expect(stage.service.count('POST sessions/heartbeat')).toBeGreaterThanOrEqual(10);
  });

  test('goes to whoever debugs, and no token with it', async () => {
    const said: unknown[] = [];
    const { manager } = await stage.loggedIn({ debug: (...what) => void said.push(...what) });
    stage.service.trouble(refresh, 'lost reply');
    await pass(30 * minute);
    void manager.logout();
    await pass(100);
    expect(said.filter(what => typeof what === 'string' && what !== 'changed')).toEqual(['refreshing', 'retrying', 'refreshing', 'refreshed', 'ended']);
    expect(JSON.stringify(said)).not.toMatch(/access\.|refresh\./);
  });
});

test('state stays the same object while nothing changes', async () => {
  const { manager } = await stage.loggedIn();
  const { state } = manager;
  let calls = 0;
  const off = manager.subscribe(() => void (calls += 1));
  await pass(10 * minute);
  expect(manager.state).toBe(state);
  expect(calls).toBe(0);
  void manager.logout();
  await pass(100);
  expect(manager.state).not.toBe(state);
  expect(calls).toBe(1);
  off();
});

test('a listener that throws stops nobody else, and its fault is seen', async () => {
  const { manager } = await stage.loggedIn();
  const thrown: unknown[] = [];
  manager.on('ended', () => {
    throw new Error('a fault');
  });
  let isTold = false;
  manager.on('ended', () => void (isTold = true));
  void manager.logout();
  await pass(100).catch((error: unknown) => void thrown.push(error));
  expect(isTold).toBe(true);
  expect(thrown).toHaveLength(1);
});

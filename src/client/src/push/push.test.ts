import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Account, ActiveState, Session, SessionEvents } from '../index.ts';
import { memoryStorage } from '../platform/storage.ts';
import { advance, createEnvironment, credentials, finished } from '../testing/environment.ts';
import { createPush, handlePush, type PushOptions } from './index.ts';

const env = createEnvironment();
// The service's key, as bytes.
const key = new Uint8Array([4, 1, 2]).buffer;

/** A browser's push manager with at most one subscription. */
class FakePushManager {
  subscription: object | null = null;
  readonly keys: string[] = [];
  refuses = false;

  async getSubscription(): Promise<object | null> {
    return await Promise.resolve(this.subscription);
  }

  async subscribe({ applicationServerKey, userVisibleOnly }: { applicationServerKey: string; userVisibleOnly: boolean }): Promise<object> {
    if (this.refuses || !userVisibleOnly)
      throw new DOMException('No push service.', 'AbortError');
    this.keys.push(applicationServerKey);
    return await Promise.resolve(this.subscription ??= this.make(key));
  }

  make(applicationServerKey: ArrayBuffer): object {
    return {
      options: { applicationServerKey },
      toJSON: () => ({ endpoint: 'https://push.example.com/1', expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: () => Promise.resolve(this.subscription = null),
    };
  }
}

let pushManager: FakePushManager;
let permission: NotificationPermission;
beforeEach(() => {
  pushManager = new FakePushManager();
  permission = 'granted';
});
afterEach(() => vi.unstubAllGlobals());

const openPage = (manager: Parameters<typeof createPush>[0]) => createPush(manager, { pushManager } as unknown as ServiceWorkerRegistration);

async function open() {
  const { manager } = await env.loggedIn();
  vi.stubGlobal('Notification', class {
    static requestPermission = () => Promise.resolve(permission);
  });
  vi.stubGlobal('localStorage', memoryStorage());
  return { manager, push: openPage(manager) };
}

describe('a subscription', () => {
  test('tells the service where to send, and ends', async () => {
    const { push } = await open();
    expect([push.isSupported, await push.isSubscribed()]).toEqual([true, false]);
    await finished(push.subscribe());
    expect(env.service.pushSubscription).toEqual({ endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } });
    expect([pushManager.keys, await push.isSubscribed()]).toEqual([['BAEC'], true]);
    await finished(push.unsubscribe());
    expect([env.service.pushSubscription, await push.isSubscribed()]).toEqual([null, false]);
  });

  test('with an earlier key of the service is replaced, and one with its key is kept', async () => {
    const { push } = await open();
    await finished(push.subscribe());
    const first = pushManager.subscription;
    await finished(push.subscribe());
    expect(pushManager.subscription).toBe(first);
    pushManager.subscription = pushManager.make(new ArrayBuffer(3));
    await finished(push.subscribe());
    expect(pushManager.subscription).toMatchObject({ options: { applicationServerKey: key } });
  });

  test('is removed from the browser when its session ends', async () => {
    const { manager, push } = await open();
    await finished(push.subscribe());
    await finished(manager.login({ ...credentials, email: 'other@example.com' }));
    await advance(100);
    expect(await push.isSubscribed()).toBe(false);
  });

  test('outlasts the end of another session, which a page may learn of late', async () => {
    const { manager, push } = await open();
    await finished(push.subscribe());
    let end: (detail: SessionEvents['ended']) => void;
    openPage({ ...manager, on: (_event, listener) => {
      end = listener as never;
      return () => {};
    } });
    const { session, account } = manager.state as { session: Session; account: Account };
    end!({ reason: 'logout', session: { ...session, id: 'another' }, account });
    await advance(100);
    expect(await push.isSubscribed()).toBe(true);
    end!({ reason: 'logout', session, account });
    await advance(100);
    expect([pushManager.subscription, await push.isSubscribed()]).toEqual([null, false]);
  });

  test('that outlasted its session is not of the next one, until that subscribes', async () => {
    const { manager, push } = await open();
    await finished(push.subscribe());
    // No page was open when the session ended.
    const next = openPage({ ...manager, state: { ...manager.state as ActiveState, session: { ...manager.state.session!, id: 'next' } } });
    expect([await push.isSubscribed(), await next.isSubscribed()]).toEqual([true, false]);
    await finished(next.subscribe());
    expect([await push.isSubscribed(), await next.isSubscribed()]).toEqual([false, true]);
  });

  test('that the service refuses doesn\'t stay in the browser', async () => {
    const { push } = await open();
    env.service.failNext('POST sessions/push', { status: 400, code: 'invalid_request' });
    await expect(finished(push.subscribe())).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await push.isSubscribed()).toBe(false);
  });

  test.each(['denied', 'default'] as const)('without permission (%s) is refused, and the service isn\'t asked', async answer => {
    permission = answer;
    const { push } = await open();
    await expect(finished(push.subscribe())).rejects.toMatchObject({ code: 'push_denied' });
    expect(env.service.sent).toEqual([]);
  });

  test('is refused where the browser or its push service can\'t', async () => {
    const { manager, push } = await open();
    pushManager.refuses = true;
    await expect(finished(push.subscribe())).rejects.toMatchObject({ code: 'push_unsupported' });
    const without = createPush(manager, {} as ServiceWorkerRegistration);
    expect([without.isSupported, await without.isSubscribed()]).toEqual([false, false]);
    await expect(without.subscribe()).rejects.toMatchObject({ code: 'push_unsupported' });
  });

  test('is refused where the service sends none', async () => {
    const { push } = await open();
    env.service.failNext('GET sessions/push', { status: 404, code: 'not_found' });
    await expect(finished(push.subscribe())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a push message', () => {
  const alert = { kind: 'new_device', at: '2026-03-14T09:26:53.589Z', sessionId: 'a'.repeat(32), device: 'Firefox on Windows', country: 'DE' };
  let shown: { title: string; options: NotificationOptions & { actions: { action: string; title: string }[] } }[];
  let opened: string[];
  let closed: number;
  let listeners: Map<string, (event: object) => void>;

  function start(options: Partial<PushOptions> = {}): void {
    [shown, opened, closed, listeners] = [[], [], 0, new Map()];
    handlePush({
      location: new URL('https://example.com/app/session-sw.js'),
      registration: { showNotification: (title: string, given: never) => Promise.resolve(shown.push({ title, options: given })) },
      clients: { openWindow: (url: string) => Promise.resolve(opened.push(url)) },
      addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
    } as unknown as EventTarget, { url: 'account', ...options });
  }

  const receive = (data: unknown) => {
    const work: Promise<unknown>[] = [];
    listeners.get('push')!({ data, waitUntil: (each: Promise<unknown>) => work.push(each) });
    expect(work).toHaveLength(1);
  };
  const click = (action: string) => listeners.get('notificationclick')!({
    action, notification: { data: shown[0]!.options.data as string, close: () => closed += 1 }, waitUntil: () => {},
  });
  const textOf = (body: unknown) => ({ text: () => JSON.stringify(body) });

  test('is shown with what happened, where and when', () => {
    start();
    receive(textOf(alert));
    expect(shown[0]!.title).toBe('Login from a new device');
    expect(shown[0]!.options.body).toMatch(/^Firefox on Windows, Germany, .*2026/);
    expect(shown[0]!.options.actions.map(({ title }) => title)).toEqual(['That was me', 'Not me']);
  });

  test.each([['mine', []], ['not-mine', [`https://example.com/app/account#not-me=${alert.sessionId}`]], ['', ['https://example.com/app/account']]])(
    'that is answered with "%s" opens %o', (action, pages) => {
      start();
      receive(textOf(alert));
      click(action);
      expect([opened, closed]).toEqual([pages, 1]);
    });

  test('of an unknown kind, or without a session, is shown, too', () => {
    start();
    receive(textOf({ kind: 'moon_landing', at: alert.at }));
    expect(shown[0]).toMatchObject({ title: 'Security notice for your account', options: { actions: [] } });
  });

  test.each([null, { text: () => 'not JSON' }, textOf(null), textOf([1]), textOf({ ...alert, country: 'nowhere', at: 'whenever' })])(
    'that can\'t be read (%#) is shown all the same, as browsers require', data => {
      start();
      receive(data);
      expect(shown).toHaveLength(1);
    });

  test('can be translated', () => {
    start({ texts: { title: kind => `Titel ${kind}`, mine: 'Das war ich', notMine: 'Ich nicht' }, icon: '/icon.png' });
    receive(textOf(alert));
    expect(shown[0]).toMatchObject({
      title: 'Titel new_device', options: { icon: '/icon.png', actions: [{ title: 'Das war ich' }, { title: 'Ich nicht' }] },
    });
  });
});

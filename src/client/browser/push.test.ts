import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin } from './harness/api.ts';
import { button, dialog, expectReadable, heading, logIn, withDemo, workerReady } from './harness/demo.ts';
import { activeWorker } from './harness/service-worker.ts';

/** Delivers a message as a push service does. */
async function deliver(context: BrowserContext, page: Page, data: string): Promise<void> {
  const { devtools, registrationId } = await activeWorker(context, page);
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId, data });
}

/** Replaces the browser's push service, which tests can't reach. */
const withoutPushService = (context: BrowserContext): Promise<unknown> => context.addInitScript(() => {
  let subscription: object | null = null;
  Object.assign(PushManager.prototype, {
    getSubscription: () => Promise.resolve(subscription),
    async subscribe({ applicationServerKey }: { applicationServerKey: string }) {
      const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
      const point = String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
      const keys = { p256dh: btoa(point).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), auth: 'A'.repeat(22) };
      const own = atob(applicationServerKey.replaceAll('-', '+').replaceAll('_', '/'));
      return subscription = {
        options: { applicationServerKey: Uint8Array.from(own, text => text.charCodeAt(0)).buffer },
        toJSON: () => ({ endpoint: 'https://fcm.googleapis.com/fcm/send/example', keys }),
        async unsubscribe() {
          subscription = null;
          return true;
        },
      };
    },
  });
  Notification.requestPermission = () => Promise.resolve('granted');
});

test('a push message becomes a notification, whose "Not me" opens the page that ends the session', () => withDemo(async ({ context, proxy, who, demo }) => {
  await context.grantPermissions(['notifications'], { origin: proxy.base.slice(0, -1) });
  const page = await demo();
  await logIn(page, who);
  await workerReady(page);
  const worker = context.serviceWorkers()[0]!;
  await worker.evaluate(() => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration; clients: object; shown: object[]; opened: string[] };
    [scope.shown, scope.opened] = [[], []];
    scope.registration.showNotification = (title, options) => Promise.resolve(void scope.shown.push({ title, ...options }));
    Object.defineProperty(scope.clients, 'openWindow', { value: (url: string) => Promise.resolve(scope.opened.push(url)) });
  });
  const sessionId = 'a'.repeat(32);
  await deliver(context, page, JSON.stringify({ kind: 'new_device', at: new Date().toISOString(), sessionId, device: 'Firefox on Windows', country: 'DE' }));
  await deliver(context, page, 'not JSON');
  await expect.poll(() => worker.evaluate('shown')).toMatchObject([
    { title: 'Login from a new device', body: expect.stringMatching(/^Firefox on Windows, Germany, /), actions: [{ title: 'That was me' }, { title: 'Not me' }] },
    { title: 'Security notice for your account' },
  ]);
  await worker.evaluate(id => {
    for (const action of ['mine', 'not-mine'])
      dispatchEvent(Object.assign(new Event('notificationclick'), { action, notification: { data: id, close() {} }, waitUntil() {} }));
  }, sessionId);
  expect(await worker.evaluate('opened')).toEqual([`${proxy.base}api/demo#not-me=${sessionId}`]);
}));

test('the page of "Not me" ends that session at once, and offers to change the password', () => withDemo(async ({ api, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const stranger = await api.login(who, 'a stranger');
  const notMe = await demo(`#not-me=${stranger.session.id}`);
  await heading(notMe, 'That session has ended').waitFor();
  await expect(api.call('GET', 'api/sessions/status', { accessToken: stranger.accessToken })).rejects.toThrow('"reason":"revoked"');
  expect(notMe.url()).not.toContain(stranger.session.id);
  await notMe.emulateMedia({ reducedMotion: 'reduce' });
  await expectReadable(notMe, 'not-me');
  await notMe.getByLabel('Current password').fill(who.password);
  await notMe.getByLabel('New password').fill('another donkey capacitor');
  await button(notMe, 'Change password').click();
  await heading(notMe, 'Your password is changed').waitFor();
  await button(notMe, 'Continue').click();
  await heading(notMe, who.email).waitFor();
  // A second click, on a notification that is still there.
  await (await demo(`#not-me=${stranger.session.id}`)).getByRole('heading', { name: 'That session has ended' }).waitFor();
}));

test('"Not me" of a session of another account says so, and ends nothing', () => withDemo(async ({ api, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const other = await api.login(admin);
  await heading(await demo(`#not-me=${other.session.id}`), 'This account has no such session').waitFor();
  await api.call('GET', 'api/sessions/status', { accessToken: other.accessToken });
}));

test('"Not me" waits for a login where nobody is logged in', () => withDemo(async ({ api, who, demo }) => {
  const stranger = await api.login(who, 'a stranger');
  const page = await demo(`#not-me=${stranger.session.id}`);
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await button(page, 'Log in').click();
  await heading(page, 'That session has ended').waitFor();
  await expect(api.call('GET', 'api/sessions/status', { accessToken: stranger.accessToken })).rejects.toThrow('"reason":"revoked"');
}));

test('push is turned on and off, and what is told is chosen', () => withDemo(async ({ context, proxy, who, demo }) => {
  await withoutPushService(context);
  const page = await demo();
  await logIn(page, who);
  await workerReady(page);
  await button(page, 'Notifications').click();
  await button(page, 'Turn on in this browser').click();
  await page.getByText('This browser shows notifications from now on.').waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expectReadable(page, 'notifications');
  await dialog(page).getByRole('group', { name: 'By mail' }).getByLabel('A login from a new country').check();
  await button(page, 'Save').click();
  await page.getByText('Saved.').waitFor();
  await button(page, 'Close').click();

  await button(page, 'Notifications').click();
  expect(await dialog(page).getByRole('group', { name: 'By mail' }).getByLabel('A login from a new country').isChecked()).toBe(true);
  expect(await dialog(page).getByRole('group', { name: 'On my devices' }).getByLabel('A login from a new country').isChecked()).toBe(true);
  await button(page, 'Turn off in this browser').click();
  await page.getByText('This browser shows no notifications any more.').waitFor();
  expect(proxy.requests.filter(({ line }) => line.includes('sessions/push'))).toEqual(
    ['GET', 'POST', 'DELETE'].map(method => ({ line: `${method} sessions/push`, status: method === 'GET' ? 200 : 204 })));
}));

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { SessionManager } from '../src/index.ts';
import { cacheEntries } from './harness/demo.ts';
import { withTabs } from './harness/tabs.ts';
import { activeWorker, withWorker } from './harness/service-worker.ts';

const devices = 'sessions/my-sessions';
const status = 'sessions/status';

const kept = async (page: Page): Promise<string[]> => (await cacheEntries(page)).map(({ address }) => new URL(address).pathname.replace('/api/', ''));
// The number of devices, or the error code.
const ask = (page: Page): Promise<unknown> => page.evaluate(() => window.manager.sessions().then(({ length }) => length, (error: { code: string }) => error.code));

test('a periodic sync makes open pages check the clock, and sends no request', () => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  await page.evaluate(async () => {
    const looks: unknown[] = [];
    // The manager's own timers would check, too.
    const manager: SessionManager = Object.create(window.manager, { updateConfig: { value: (config: unknown) => looks.push(config) } }) as SessionManager;
    Object.assign(window, { looks });
    await window.registerServiceWorker(manager, { baseUrl: '/api', script: '/session-sw.js' }).ready;
    await navigator.serviceWorker.ready;
  });
  const { devtools, registrationId } = await activeWorker(context, page);
  proxy.requests.length = 0;
  const sync = (tag: string) => devtools.send('ServiceWorker.dispatchPeriodicSyncEvent', { origin: proxy.base.slice(0, -1), registrationId, tag });
  await sync('somebody else\'s');
  await sync('serverless-sessions');
  await expect.poll(() => page.evaluate('looks'), { timeout: 8000 }).toEqual([{}]);
  expect(proxy.lines()).toEqual([]);
}));

test('the worker leaves other requests alone, and deleted or broken caches do no harm', () => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  await withWorker(page, { routes: [devices, status] });
  proxy.requests.length = 0;
  expect(await page.evaluate(() => window.manager.getSessionStatus())).toMatchObject({ active: true });
  expect(await page.evaluate(() => window.manager.heartbeat())).toMatchObject({ online: true });
  expect(await ask(page)).toBe(1);
  await expect.poll(() => kept(page)).toContain(devices);
  const [worker] = context.serviceWorkers();
  await worker!.evaluate(() => {
    const broken = (): never => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
    Cache.prototype.put = broken;
    CacheStorage.prototype.match = broken;
  });
  expect(await ask(page)).toBe(1);
  proxy.isDown = true;
  expect(await ask(page)).toBe('network_error');
  proxy.isDown = false;
  await page.evaluate(async () => {
    for (const name of await caches.keys())
      await caches.delete(name);
  });
  expect(await ask(page)).toBe(1);
  expect(await page.evaluate(() => window.manager.forceRefresh())).toMatchObject({ status: 'active' });
  const asked = `GET ${devices}`;
  // The browser repeats requests that were cut off.
  expect(proxy.requests.filter(request => request.status !== null)).toEqual(
    [`GET ${status}`, 'POST sessions/heartbeat', asked, asked, asked, 'POST sessions/refresh'].map(line => ({ line, status: 200 })),
  );
}));

test('if the network hangs, the cached response comes before the timeout, and never to the next user', () => withTabs(async ({ proxy, context, api, who, loggedIn }) => {
  const [page] = await loggedIn(1);
  await withWorker(page, { routes: [devices] });
  // The worker's timers run ten times as fast.
  await context.serviceWorkers()[0]!.evaluate(() => {
    const { setTimeout: slow } = globalThis;
    Object.assign(globalThis, { setTimeout: (call: () => void, milliseconds: number) => slow(call, milliseconds / 10) });
  });
  expect(await ask(page)).toBe(1);
  await expect.poll(() => kept(page)).toContain(devices);
  proxy.failNext(`GET ${devices}`, new Promise(() => {}));
  expect(await ask(page)).toBe(1);
  expect(proxy.requests.filter(({ line }) => line === `GET ${devices}`)).toHaveLength(2);

  const next = await api.register(`b-${who.email}`);
  await page.evaluate(credentials => window.manager.login(credentials), next);
  proxy.isDown = true;
  expect(await ask(page)).toBe('network_error');
  await expect.poll(() => kept(page)).toEqual(['session-cache']);
  // Nor does a request without a token.
  expect(await page.evaluate(() => fetch('/api/sessions/my-sessions').then(() => 'an answer', () => 'none'))).toBe('none');
}));

test('a newer worker takes over at once', () => withTabs(async ({ proxy, loggedIn }) => {
  const [page] = await loggedIn(1);
  await withWorker(page, { routes: [devices] });
  expect(await ask(page)).toBe(1);
  await expect.poll(() => kept(page)).toContain(devices);
  await withWorker(page, { routes: [status] });
  expect(await page.evaluate(() => window.manager.getSessionStatus())).toMatchObject({ active: true });
  await expect.poll(() => kept(page)).toContain(status);
  proxy.isDown = true;
  expect(await page.evaluate(() => window.manager.getSessionStatus())).toMatchObject({ active: true });
  expect(await ask(page)).toBe('network_error');
}));

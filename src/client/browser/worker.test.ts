import { expect, test } from 'vitest';
import type { SessionManager } from '../src/index.ts';
import { withTabs } from './harness/tabs.ts';

test('a periodic sync asks the open pages to look at their clock, and sends nothing by itself', () => withTabs(async ({ front, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  await page.evaluate(async () => {
    const looks: unknown[] = [];
    // Its own timers would look, too.
    const manager: SessionManager = Object.create(window.manager, { updateConfig: { value: (config: unknown) => looks.push(config) } }) as SessionManager;
    Object.assign(window, { looks });
    await window.registerServiceWorker(manager, { baseUrl: '/api', script: '/session-sw.js' }).ready;
    await navigator.serviceWorker.ready;
  });
  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>(done => {
    devtools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const active = versions.find(({ status }) => status === 'activated');
      if (active)
        done(active.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;
  front.passed.length = 0;
  const sync = (tag: string) => devtools.send('ServiceWorker.dispatchPeriodicSyncEvent', { origin: front.base.slice(0, -1), registrationId, tag });
  await sync('somebody else\'s');
  await sync('serverless-sessions');
  await expect.poll(() => page.evaluate('looks'), { timeout: 8000 }).toEqual([{}]);
  expect(front.lines()).toEqual([]);
}));

test('a page with the worker is none the worse: what it doesn\'t know goes to the network, and a broken cache harms nobody', () => withTabs(async ({ front, loggedIn }) => {
  const [page] = await loggedIn(1);
  await page.evaluate(async () => {
    await window.registerServiceWorker(window.manager, { baseUrl: '/api', script: '/session-sw.js' }).ready;
    await new Promise<void>(done => {
      if (navigator.serviceWorker.controller)
        done();
      navigator.serviceWorker.addEventListener('controllerchange', () => done());
    });
  });
  front.passed.length = 0;
  expect(await page.evaluate(() => window.manager.getSessionStatus())).toMatchObject({ active: true });
  expect(await page.evaluate(() => window.manager.heartbeat())).toMatchObject({ online: true });
  await page.evaluate(async () => {
    for (const name of await caches.keys())
      await caches.delete(name);
  });
  expect(await page.evaluate(() => window.manager.sessions())).toHaveLength(1);
  expect(await page.evaluate(() => window.manager.forceRefresh())).toMatchObject({ status: 'active' });
  expect(front.lines()).toEqual(['GET sessions/status', 'POST sessions/heartbeat', 'GET sessions/my-sessions', 'POST sessions/refresh']);
  expect(front.passed.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
}));

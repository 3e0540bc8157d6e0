import { expect, inject, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { cacheEntries } from './harness/demo.ts';
import { each, refresh, withTabs } from './harness/tabs.ts';
import { withWorker } from './harness/service-worker.ts';

// In one file, so in sequence: they share the port that may use the cookie.
test('in cookie mode scripts see no refresh token, ten tabs refresh once, and a reload continues the session', () => withTabs(async ({ proxy, context, loggedIn, open }) => {
  const pages = await loggedIn(10, { cookie: true });
  expect(await pages[0].evaluate(() => JSON.stringify(localStorage) + document.cookie)).not.toMatch(/ey[\w-]+\.|refreshToken":"/);
  // A fresh cookie isn't rotated.
  await delay(1200);
  await context.clock.fastForward(26_000);
  await expect.poll(() => each(pages, page => page.evaluate(() => window.events.map(({ name }) => name))))
    .toEqual(pages.map(() => expect.arrayContaining(['refreshed'])));
  expect(proxy.lines()).toEqual([refresh]);

  await Promise.all(pages.slice(1).map(page => page.close()));
  await pages[0].close();
  const page = await open({ cookie: true });
  expect(await page.evaluate(() => window.manager.state.status)).toBe('active');
  expect(await page.evaluate(() => window.manager.getSessionStatus())).toMatchObject({ active: true });
  await page.evaluate(() => window.manager.logout());
  expect(await context.cookies()).toEqual([]);
  expect(proxy.requests.at(-1)).toEqual({ line: 'POST sessions/logout', status: 204 });
}, { port: inject('cookiePort') }));

test('in cookie mode a page that opens offline has the cached responses of its session', () => withTabs(async ({ proxy, context, who, loggedIn }) => {
  const [page] = await loggedIn(1, { cookie: true });
  const pages = ['/', '/page.js', '/index.js', '/drafts/index.js', '/service-worker/index.js'];
  const worker = { routes: ['sessions/my-sessions'], pages };
  await withWorker(page, worker);
  await page.evaluate(() => window.manager.sessions());
  await expect.poll(async () => (await cacheEntries(page)).map(({ address }) => address)).toEqual(expect.arrayContaining(
    [...pages, '/api/sessions/my-sessions'].map(file => new URL(file, proxy.base).href),
  ));

  proxy.isDown = true;
  await context.setOffline(true);
  await page.reload();
  await page.waitForFunction(() => 'openManager' in window);
  await page.evaluate(() => window.openManager({ cookie: true }));
  await withWorker(page, worker);
  expect(await page.evaluate(() => window.manager.state)).toMatchObject({ status: 'active', account: { email: who.email }, isOnline: false });
  expect(await page.evaluate(async () => {
    const answer = await window.manager.fetch('/api/sessions/my-sessions');
    return [answer.headers.has('x-session-cache'), (await answer.json() as { sessions: unknown[] }).sessions.length];
  })).toEqual([true, 1]);
}, { port: inject('cookiePort') }));

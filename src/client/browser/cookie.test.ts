import { expect, inject, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { cached } from './harness/demo.ts';
import { each, refresh, withTabs } from './harness/tabs.ts';
import { withWorker } from './harness/service-worker.ts';

// One after the other: they share the one port whose pages may use the cookie.
test('in cookie mode no script sees a refresh token, ten tabs refresh once, and a reload goes on', () => withTabs(async ({ proxy, context, loggedIn, open }) => {
  const pages = await loggedIn(10, { cookie: true });
  expect(await pages[0].evaluate(() => JSON.stringify(localStorage) + document.cookie)).not.toMatch(/ey[\w-]+\.|refreshToken":"/);
  // Until the cookie is old enough to be rotated.
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

test('in cookie mode a page that opens offline, and so has no token, has the last answers of its session', () => withTabs(async ({ proxy, context, who, loggedIn }) => {
  const [page] = await loggedIn(1, { cookie: true });
  const pages = ['/', '/page.js', '/index.js', '/drafts/index.js', '/service-worker/index.js'];
  const worker = { routes: ['sessions/my-sessions'], pages };
  await withWorker(page, worker);
  await page.evaluate(() => window.manager.sessions());
  await expect.poll(async () => (await cached(page)).map(({ address }) => address)).toEqual(expect.arrayContaining(
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

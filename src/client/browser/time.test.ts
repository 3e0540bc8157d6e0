import { expect, inject, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { refresh, withTabs } from './harness/tabs.ts';

const status = 'GET sessions/status';

test.each([10, -10])('with a clock that is %i minutes ahead the refresh is on time', minutes => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  // Little beside the ten minutes, and time enough between the two clocks on a busy machine.
  expect(Math.abs(await page.evaluate(() => window.manager.now()) - Date.now())).toBeLessThan(10_000);
  expect(Math.abs(await page.evaluate(() => Date.now()) - Date.now() - minutes * 60_000)).toBeLessThan(10_000);
  for (let i = 0; i < 3; i += 1)
    await page.evaluate(() => window.manager.getSessionStatus());
  expect(proxy.lines()).toEqual([status, status, status]);
  await context.clock.fastForward(26_000);
  // Until it is answered.
  await expect.poll(() => proxy.requests.filter(({ line }) => line === refresh).map(request => request.status)).toEqual([200]);
  await page.evaluate(() => window.manager.getSessionStatus());
  expect(proxy.requests.every(request => request.status === 200)).toBe(true);
  expect(proxy.count(refresh)).toBe(1);
}, { time: Date.now() + minutes * 60_000 }));

test('a page that wakes after two days refreshes before its first request', () => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  // Sets the clock without running timers, as when a laptop wakes.
  await context.clock.setSystemTime(Date.now() + 2 * 24 * 60 * 60_000);
  expect(await page.evaluate(async () => (await window.manager.fetch('/api/sessions/status')).status)).toBe(200);
  expect(proxy.requests).toEqual([{ line: refresh, status: 200 }, { line: status, status: 200 }]);
}));

test('an access token that only the service finds expired is refreshed once, and the request repeated', () => withTabs(async ({ proxy, open, who }) => {
  const { answer, expiredAt } = inject('early');
  await delay(Math.max(0, expiredAt - Date.now()));
  const page = await open();
  proxy.failNext('POST sessions/login', { answer });
  await page.evaluate(credentials => window.manager.login(credentials), who);
  proxy.requests.length = 0;
  expect(await page.evaluate(async () => (await window.manager.fetch('/api/sessions/status')).status)).toBe(200);
  expect(proxy.requests).toEqual([{ line: status, status: 401 }, { line: refresh, status: 200 }, { line: status, status: 200 }]);
}), 60_000);

import { expect, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { each, refresh, eventNames, withTabs } from './harness/tabs.ts';

test('a refresh whose reply is lost is repeated, and the session goes on', () => withTabs(async ({ proxy, context, loggedIn, rotations }) => {
  const [page] = await loggedIn(1);
  const before = await page.evaluate(() => window.manager.state.session!.id);
  proxy.failNext(refresh, 'cut');
  await context.clock.fastForward(26_000);
  await expect.poll(() => eventNames(page)).toContain('retrying');
  // After the grace period.
  await delay(1500);
  await context.clock.fastForward(8000);

  await expect.poll(() => eventNames(page)).toContain('refreshed');
  expect(proxy.requests).toEqual([{ line: refresh, status: 200 }, { line: refresh, status: 200 }]);
  expect(await page.evaluate(() => window.manager.state.session!.id)).toBe(before);
  expect(await rotations(page)).toBe(1);
}));

test('everything goes on after the service was down for five minutes', () => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page, other] = await loggedIn(2);
  proxy.isDown = true;
  let refusals = 0;
  for (let seconds = 0; seconds < 300; seconds += 10) {
    await context.clock.fastForward(10_000);
    // Time for a retry.
    await delay(50);
    if (seconds % 60 === 0 && await page.evaluate(() => window.manager.fetch('/api/sessions/status').then(() => false, (error: unknown) => error instanceof TypeError)))
      refusals += 1;
  }
  expect(refusals).toBe(5);
  // One per request, and the retries of both tabs together: after 5, 10, 20 and then every 40 seconds, or half of that.
  expect(proxy.count(refresh)).toBeLessThanOrEqual(5 + 14);
  expect((await eventNames(page)).filter(name => name === 'ended')).toEqual([]);
  expect(await page.evaluate(() => window.manager.state)).toMatchObject({ status: 'active', retry: { tries: expect.any(Number) } });

  proxy.isDown = false;
  await context.clock.fastForward(61_000);
  await expect.poll(() => each([page, other!], tab => tab.evaluate(() => window.manager.state.retry))).toEqual([null, null]);
  expect(await page.evaluate(() => window.manager.getSessionStatus())).toMatchObject({ active: true });
}));

test('an offline logout ends the session at once, and at the service when the network is back', () => withTabs(async ({ proxy, context, api, open, loggedIn }) => {
  const [page] = await loggedIn(1);
  const accessToken = await page.evaluate(() => window.manager.getAccessToken());
  await context.setOffline(true);
  await expect.poll(() => eventNames(page)).toEqual(['offline']);
  await page.evaluate(() => window.manager.logout());
  expect(await page.evaluate(() => window.manager.state)).toMatchObject({ status: 'anonymous', endReason: 'logout', isOnline: false });
  expect(await api.call('GET', 'api/sessions/status', { accessToken })).toMatchObject({ active: true });
  // Closed before the network is back.
  await page.close();
  expect(proxy.lines()).toEqual([]);

  await context.setOffline(false);
  await open();
  await expect.poll(() => proxy.requests).toEqual([{ line: 'POST sessions/logout', status: 204 }]);
  await expect(api.call('GET', 'api/sessions/status', { accessToken })).rejects.toThrow('"reason":"logout"');
}));

test('a page that opens offline has the last known session, and refreshes it when the network is back', () => withTabs(async ({ proxy, context, who, loggedIn }) => {
  const [page] = await loggedIn(1);
  await context.setOffline(true);
  await context.clock.fastForward(10 * 60_000);
  // The script can't be loaded offline, so the same page creates another manager.
  await page.evaluate(() => {
    window.manager.close();
    window.openManager({});
  });
  expect(await page.evaluate(() => window.manager.state)).toMatchObject({ status: 'active', account: { email: who.email }, isOnline: false });
  expect(proxy.lines()).toEqual([]);
  await context.setOffline(false);
  // A try that began offline may fail and be repeated in between.
  await expect.poll(async () => (await eventNames(page)).filter(name => name !== 'retrying').slice(-3)).toEqual(['online', 'refreshing', 'refreshed']);
}));

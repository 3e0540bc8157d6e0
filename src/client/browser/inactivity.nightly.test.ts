import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { withTabs } from './harness/tabs.ts';

// Tellers are logged out after ten seconds.
test('by a real clock a session lasts while its user is active, and ends ten seconds later, however much its page asks', () => withTabs(async ({ api, open, proxy }) => {
  const page = await open({ expiryWarning: 3, checkInterval: 500, heartbeat: true });
  await page.evaluate(credentials => window.manager.login(credentials), await api.create(`${randomUUID()}@tellers.example.com`, 'teller'));
  for (const end = Date.now() + 15_000; Date.now() < end; await delay(1000))
    await page.mouse.move(Math.random() * 100, 10);
  expect(await page.evaluate(() => window.manager.state)).toMatchObject({ status: 'active', expiring: null });

  const idleSince = Date.now();
  await expect.poll(() => page.evaluate(() => window.manager.state.expiring?.cause), { timeout: 9000 }).toBe('inactive');
  await expect.poll(() => page.evaluate(() => window.manager.state.endReason), { timeout: 9000 }).toBe('inactive');
  expect(Date.now() - idleSince).toBeGreaterThan(8000);
  expect(await page.evaluate(() => window.events.filter(({ name }) => name === 'ended').length)).toBe(1);
  proxy.requests.length = 0;
  await delay(1500);
  expect(proxy.lines()).toEqual([]);
}, { hasRealClock: true }));

import { expect, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { each, refresh, withTabs } from './harness/tabs.ts';

const polls = ['GET sessions/notices', 'POST sessions/heartbeat'];
// Polls as soon as a page is open, and every second.
const busy = { heartbeat: true, checkInterval: 1000 };

test.each([
  ['token_reused', 'token_reuse'], ['token_invalid', 'token_invalid'],
])('after a refresh that is refused with %s no tab polls any more', (code, reason) => withTabs(async ({ proxy, context, loggedIn }) => {
  const pages = await loggedIn(2);
  const lines = (): string[] => proxy.lines().map(line => line.replace(/\?.*/, ''));
  const stored = await pages[0].evaluate(() => Object.entries(localStorage).find(([, text]) => String(text).includes('refreshToken')) as [string, string]);
  const spent = JSON.parse(stored[1]) as { refreshToken: string };
  if (code === 'token_reused') {
    await pages[0].evaluate(() => window.manager.forceRefresh());
    // After the grace period.
    await delay(1500);
  }
  const token = code === 'token_reused' ? spent.refreshToken : `${spent.refreshToken.slice(0, -8)}AAAAAAAA`;
  await each(pages, page => page.evaluate(() => window.manager.close()));
  await pages[0].evaluate(([name, refreshToken]) => {
    localStorage.setItem(name!, JSON.stringify({ ...JSON.parse(localStorage.getItem(name!)!) as object, refreshToken }));
  }, [stored[0], token]);
  proxy.requests.length = 0;
  await each(pages, page => page.evaluate(options => {
    window.openManager(options);
    window.manager.on('notice', () => {});
  }, busy));
  await expect.poll(() => polls.every(line => lines().includes(line))).toBe(true);

  await context.clock.fastForward(26_000);
  await expect.poll(() => each(pages, page => page.evaluate(() => window.manager.state.endReason))).toEqual(pages.map(() => reason));
  expect(proxy.requests.filter(({ line }) => line === refresh)).toEqual([{ line: refresh, status: 401 }]);
  // Requests in flight are answered, too.
  await delay(300);
  expect(proxy.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(1 + pages.length * polls.length);
  proxy.requests.length = 0;
  await context.clock.fastForward(60 * 60_000);
  await delay(500);
  expect(proxy.lines()).toEqual([]);
}));

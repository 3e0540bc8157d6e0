import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { refresh, eventNames, withTabs } from './harness/tabs.ts';

const anHour = 60 * 60_000;

// The events of a page that the user returns to.
const returns: Record<string, (page: Page) => Promise<void>> = {
  focus: page => page.evaluate(() => void window.dispatchEvent(new Event('focus'))),
  visibilitychange: page => page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange'))),
  resume: page => page.evaluate(() => void document.dispatchEvent(new Event('resume'))),
  pageshow: page => page.evaluate(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))),
};

test('a page checks the clock whenever the user returns', () => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  for (const [i, [name, dispatch]] of Object.entries(returns).entries()) {
    // Without running timers.
    await context.clock.setSystemTime(Date.now() + (i + 1) * anHour);
    await delay(300);
    expect(proxy.lines(), name).toEqual([]);
    await dispatch(page);
    await expect.poll(() => eventNames(page), { message: name }).toEqual(['refreshing', 'refreshed']);
    expect(proxy.lines(), name).toEqual([refresh]);
    proxy.requests.length = 0;
    await page.evaluate(() => void (window.events.length = 0));
  }
}));

test('a hidden page doesn\'t poll notices, and polls at once when it is visible again', () => withTabs(async ({ proxy, context, loggedIn }) => {
  const [page] = await loggedIn(1);
  const hide = (isHidden: boolean): Promise<void> => page.evaluate(given => {
    Object.defineProperty(document, 'hidden', { value: given, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
  const notices = (): number => proxy.lines().filter(line => line.startsWith('GET sessions/notices')).length;
  await page.evaluate(() => void window.manager.on('notice', () => {}));
  await expect.poll(notices).toBe(1);
  // Until the page has the answer, from which the interval counts.
  await delay(300);
  await hide(true);
  await context.clock.fastForward(10 * 60_000);
  await delay(300);
  expect(notices()).toBe(1);
  await hide(false);
  await expect.poll(notices).toBe(2);
}));

test.each([
  ['BroadcastChannel', ['BroadcastChannel']], ['locks', ['locks']],
])('without %s tabs refresh with one rotation, and end together', (_, lacking) => withTabs(async ({ proxy, context, loggedIn, rotations, who }) => {
  await context.addInitScript(names => {
    if (names.includes('BroadcastChannel'))
      Object.defineProperty(window, 'BroadcastChannel', { value: undefined });
    if (names.includes('locks'))
      Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  }, lacking);
  const pages = await loggedIn(3);
  expect(await pages[0].evaluate(() => [typeof BroadcastChannel, typeof navigator.locks])).toEqual([
    lacking.includes('BroadcastChannel') ? 'undefined' : 'function', lacking.includes('locks') ? 'undefined' : 'object',
  ]);
  await context.clock.fastForward(26_000);
  await expect.poll(() => Promise.all(pages.map(eventNames))).toEqual(pages.map(() => expect.arrayContaining(['refreshed'])));
  expect(proxy.count(refresh)).toBeLessThanOrEqual(lacking.includes('locks') ? pages.length : 1);
  expect(await rotations(pages[0])).toBe(1);
  await pages[1]!.evaluate(() => window.manager.logout());
  await expect.poll(() => Promise.all(pages.map(page => page.evaluate(() => window.manager.state.endReason)))).toEqual(pages.map(() => 'logout'));
  await pages[2]!.evaluate(credentials => window.manager.login(credentials), who);
  await expect.poll(() => Promise.all(pages.map(page => page.evaluate(() => window.manager.state.account?.email)))).toEqual(pages.map(() => who.email));
}));

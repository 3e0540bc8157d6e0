import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { each, refresh, eventNames, withTabs } from './harness/tabs.ts';

test('ten tabs whose access token is about to expire refresh once, and all get the new one', () => withTabs(async ({ proxy, context, loggedIn, rotations }) => {
  const pages = await loggedIn(10);
  await context.clock.fastForward(26_000);

  await expect.poll(() => each(pages, eventNames)).toEqual(pages.map(() => expect.arrayContaining(['refreshed'])));
  expect(new Set(await each(pages, page => page.evaluate(() => window.manager.getAccessToken()))).size).toBe(1);
  expect(proxy.lines()).toEqual([refresh]);
  expect(await rotations(pages[0])).toBe(1);
}));

test('the other tabs continue the refresh of a tab that is closed, with one rotation', () => withTabs(async ({ proxy, context, loggedIn, rotations }) => {
  const pages = await loggedIn(10);
  let answer = (): void => {};
  proxy.failNext(refresh, new Promise(done => void (answer = done)));
  await context.clock.fastForward(26_000);
  // The service has rotated, and the response is held back.
  await expect.poll(() => proxy.requests[0]?.status).toBe(200);
  const leaders = await each(pages, async page => (await eventNames(page)).includes('refreshing'));
  expect(leaders.filter(Boolean)).toHaveLength(1);
  // After the grace period only the attempt identifies the refresh.
  await delay(1200);
  await pages[leaders.indexOf(true)]!.close();
  answer();

  const others = pages.filter((_, i) => !leaders[i]);
  await expect.poll(() => each(others, eventNames), { timeout: 15_000 }).toEqual(others.map(() => expect.arrayContaining(['refreshed'])));
  expect((await each(others, eventNames)).flat()).not.toContain('ended');
  expect(proxy.lines()).toEqual([refresh, refresh]);
  expect(await rotations(others[0]!)).toBe(1);
}));

test('all tabs get refreshed and ended within 100 ms of each other', () => withTabs(async ({ who, loggedIn }) => {
  const pages = await loggedIn(5);
  // The time between the first and the last tab's event.
  const spanOf = async (name: string, act: (page: Page) => Promise<unknown>, by: Page): Promise<number> => {
    await each(pages, page => page.evaluate(() => void (window.events.length = 0)));
    await act(by);
    await expect.poll(() => each(pages, eventNames)).toEqual(pages.map(() => expect.arrayContaining([name])));
    const times = await each(pages, page => page.evaluate(given => window.events.find(event => event.name === given)!.at, name));
    return Math.max(...times) - Math.min(...times);
  };
  const [renewals, ends]: [number[], number[]] = [[], []];
  for (const page of pages.slice(0, 3)) {
    renewals.push(await spanOf('refreshed', by => by.evaluate(() => window.manager.forceRefresh()), page));
    ends.push(await spanOf('ended', by => by.evaluate(() => window.manager.logout()), page));
    await page.evaluate(credentials => window.manager.login(credentials), who);
    await expect.poll(() => each(pages, other => other.evaluate(() => window.manager.state.status))).toEqual(pages.map(() => 'active'));
  }
  // The best of three: other tests run on the machine.
  expect([renewals, ends].map(spans => Math.min(...spans))).toEqual([expect.toSatisfy(isSoon), expect.toSatisfy(isSoon)]);
}));

function isSoon(milliseconds: number): boolean {
  return milliseconds < 100;
}

import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectReadable, logIn, withDemo } from './harness/demo.ts';
import { each, refresh, withTabs } from './harness/tabs.ts';

const minute = 60_000;

// Clerks are logged out after 15 minutes without activity.
const clerk = () => `${randomUUID()}@clerks.example.com`;
const states = (pages: readonly Page[]) => each(pages, page => page.evaluate(() => window.manager.state.endReason ?? window.manager.state.expiring?.cause ?? window.manager.state.status));

test('an inactive session warns, is kept by one click, and ends in all tabs with one request', () => withTabs(async ({ proxy, context, api, open }) => {
  const who = await api.create(clerk(), 'clerk');
  const pages = [await open(), await open()] as const;
  await pages[0].evaluate(credentials => window.manager.login(credentials), who);
  await expect.poll(() => states(pages)).toEqual(['active', 'active']);
  proxy.requests.length = 0;

  await context.clock.fastForward(10.5 * minute);
  await expect.poll(() => states(pages)).toEqual(['inactive', 'inactive']);
  expect(proxy.lines()).toEqual([]);
  await pages[0].mouse.click(10, 10);
  await expect.poll(() => states(pages)).toEqual(['active', 'active']);
  // Not before both have the response: their clock would outrun the service's.
  await expect.poll(() => each(pages, page => page.evaluate(() => window.events.some(({ name }) => name === 'refreshed')))).toEqual([true, true]);
  expect(proxy.requests).toEqual([{ line: refresh, status: 200 }]);

  await context.clock.fastForward(15 * minute + 5000);
  await expect.poll(() => each(pages, page => page.evaluate(() => window.manager.state.endReason))).toEqual(['inactive', 'inactive']);
  await context.clock.fastForward(60 * minute);
  expect(proxy.requests).toEqual([{ line: refresh, status: 200 }, { line: refresh, status: 401 }]);
}));

test('keys and the app\'s word keep a session, and a page that only polls doesn\'t', () => withTabs(async ({ context, api, open }) => {
  const page = await open({ heartbeat: true });
  await page.evaluate(credentials => window.manager.login(credentials), await api.create(clerk(), 'clerk'));
  for (let i = 0; i < 4; i += 1) {
    await context.clock.fastForward(7 * minute);
    await (i % 2 === 0 ? page.keyboard.press('a') : page.evaluate(() => window.manager.noteActivity()));
    // The service's clock doesn't follow.
    await expect.poll(() => states([page])).toEqual(['active']);
  }
  for (let i = 0; i < 4; i += 1) {
    await context.clock.fastForward(4 * minute);
    await page.evaluate(() => window.manager.sessions().then(() => {}, () => {}));
  }
  await expect.poll(() => page.evaluate(() => window.manager.state.endReason)).toBe('inactive');
}));

test('the demo counts down to the end of an inactive session, and keeps it', () => withDemo(async ({ context, api, demo }) => {
  const page = await demo();
  await logIn(page, await api.create(clerk(), 'clerk'));
  await context.clock.fastForward(11 * minute);
  await page.getByText(/the session ends in [34]:\d\d/).waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expectReadable(page, 'inactive');
  // The press is activity enough: the button may be gone before the click.
  const { x, y } = (await page.getByRole('button', { name: 'Stay logged in' }).boundingBox())!;
  await page.mouse.click(x + 5, y + 5);
  await page.getByText(/the session ends in/).waitFor({ state: 'detached' });
  await page.getByText('This tab has new tokens for all tabs.').waitFor();
  await context.clock.fastForward(16 * minute);
  await page.getByText('Your session has ended: you did nothing for too long.').waitFor();
}));

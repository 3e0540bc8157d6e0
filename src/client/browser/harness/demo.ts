import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Tabs, withTabs } from './tabs.ts';

/** A folder to keep pictures in, to be looked at. */
const pictures = process.env['SCREENSHOTS'];

/** Runs a test with a browser profile, in which nothing may go wrong that the test doesn't expect. */
export function withDemo(test: (tabs: Tabs & { demo(hash?: string): Promise<Page> }) => Promise<void>): Promise<void> {
  return withTabs(async tabs => {
    const complaints: string[] = [];
    await test({ ...tabs, demo: hash => openDemo(tabs, tabs.context, complaints, hash) });
    expect(complaints).toEqual([]);
  });
}

/** Opens the demo page through the proxy, so that a test can count and harm its requests. */
export async function openDemo({ proxy }: Pick<Tabs, 'proxy'>, context: BrowserContext, complaints: string[], hash = ''): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(25_000);
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    // A request that finds no service is eventNames there, too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await page.goto(`${proxy.base}api/demo${hash}`);
  return page;
}

export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await expect.poll(() => page.getByLabel('Email').inputValue()).toBe('demo@example.com');
  expect(await page.getByLabel('Password').inputValue()).toBe('');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: email }).waitFor();
}

/** How many milliseconds the demo waits at most before it asks again; a test need not. */
export const untilAsked = 3000;

/** Waits until the service worker answers for the page and has its files. */
export async function served(page: Page): Promise<void> {
  await page.waitForFunction(async () => navigator.serviceWorker.controller !== null
    && (await caches.keys()).some(name => name.includes(':pages')) && (await caches.keys()).some(name => name.includes(':session:')));
  await page.waitForFunction(async () => {
    const name = (await caches.keys()).find(each => each.endsWith(':pages'))!;
    return (await (await caches.open(name)).keys()).length >= 4;
  });
}

/** Everything that is in the caches: addresses, headers and bodies. */
export async function cached(page: Page): Promise<{ cache: string; address: string; text: string }[]> {
  return await page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = (await cache.match(request))!;
        found.push({
          cache: name, address: request.url,
          text: `${JSON.stringify([...request.headers, ...response.headers])} ${await response.text()}`,
        });
      }
    }
    return found;
  });
}

/** The rows of a table as texts. */
export async function rowsOf(page: Page, region: string): Promise<string[]> {
  return await page.getByRole('region', { name: region }).locator('tbody tr').allInnerTexts();
}

/** Takes a picture where somebody wants to look at it. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
}

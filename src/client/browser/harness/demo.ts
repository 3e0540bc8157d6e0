import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { lowContrastTexts } from './contrast.ts';
import { screenshot } from './screenshot.ts';
import { type Tabs, withTabs } from './tabs.ts';

/** Runs a test with a browser profile; fails on unexpected errors of a page. */
export function withDemo(test: (tabs: Tabs & { demo(address?: string): Promise<Page> }) => Promise<void>): Promise<void> {
  return withTabs(async tabs => {
    const errors: string[] = [];
    await test({ ...tabs, demo: address => openDemo(tabs, tabs.context, errors, address) });
    expect(errors).toEqual([]);
  });
}

/** Opens the demo page: through the proxy, with an address relative to it, or elsewhere. */
export async function openDemo({ proxy }: Pick<Tabs, 'proxy'>, context: BrowserContext, errors: string[], address = ''): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(25_000);
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => {
    // Failed requests are logged there, too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  await page.goto(new URL(address, `${proxy.base}api/demo`).href);
  return page;
}

export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
export const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name, exact: true, level: 1 });
export const dialog = (page: Page): Locator => page.getByRole('dialog');

export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await expect.poll(() => page.getByLabel('Email').inputValue()).toBe('demo@example.com');
  expect(await page.getByLabel('Password').inputValue()).toBe('');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: email }).waitFor();
}

/** The longest polling interval of the demo, in milliseconds. */
export const pollInterval = 3000;

/** Waits until the service worker controls the page and has cached its files. */
export async function workerReady(page: Page): Promise<void> {
  // `waitForFunction` would take a promise for true.
  await expect.poll(() => page.evaluate(async () => {
    const names = await caches.keys();
    const pages = names.find(name => name.endsWith(':pages'));
    return navigator.serviceWorker.controller !== null && names.some(name => name.includes(':session:'))
      && pages !== undefined && (await (await caches.open(pages)).keys()).length >= 4;
  })).toBe(true);
}

/** All cache entries: URL, headers and body. */
export async function cacheEntries(page: Page): Promise<{ cache: string; address: string; text: string }[]> {
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

/** The texts of a table's rows. */
export async function rowsOf(page: Page, region: string): Promise<string[]> {
  return await page.getByRole('region', { name: region }).locator('tbody tr').allInnerTexts();
}

/** The parts of the page that cover or touch each other. */
async function overlaps(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const parts = [...document.querySelectorAll('main > *, main .sheet, main .actions > *')]
      .map(element => ({ element, box: element.getBoundingClientRect() })).filter(({ box }) => box.width > 0 && box.height > 0);
    // A dialog covers the page.
    return document.querySelector('dialog[open]') ? [] : parts.flatMap(({ element, box }, at) => parts.slice(at + 1)
      .filter(other => !element.contains(other.element) && box.left < other.box.right + 4 && other.box.left < box.right + 4
        && box.top < other.box.bottom + 4 && other.box.top < box.bottom + 4)
      .map(other => `${element.outerHTML.slice(0, 80)} and ${other.element.outerHTML.slice(0, 80)}`));
  });
}

/** Expects enough contrast, no overlaps and no horizontal scrolling in light and dark colours, on wide and narrow screens. */
export async function expectReadable(page: Page, name: string, widths = [1440, 360]): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const which = `${name}-${colorScheme}-${width}`;
      await screenshot(page, which);
      const [scroll, client] = await page.evaluate(() => [document.scrollingElement!.scrollWidth, document.scrollingElement!.clientWidth]);
      expect(scroll, `${which} scrolls sideways`).toBe(client);
      expect(await lowContrastTexts(page), which).toEqual([]);
      expect(await overlaps(page), which).toEqual([]);
    }
  }
}

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { admin, Api } from '../../../client/browser/harness/api.ts';
import { setFormats } from '../../src/format.ts';

// As the pages of the tests.
setFormats(true);

export const base = inject('base');
export const api = new Api(base);

// One connection per worker.
let browser: Promise<Browser> | null = null;

export const wide = { viewport: { width: 1440, height: 900 } };
export const narrow = { viewport: { width: 390, height: 740 } };

/** Runs a test in a new browser context; fails on unexpected errors of the page. */
export async function withPage(options: BrowserContextOptions & { refusals?: boolean }, test: (page: Page) => Promise<void>): Promise<void> {
  const { refusals = false, ...rest } = options;
  browser ??= chromium.connect(inject('browser'));
  const context = await (await browser).newContext({ ...wide, locale: 'en', timezoneId: 'UTC', ...rest });
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(25_000);
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => {
      // Failed requests are logged there, too.
      if (message.type() === 'error' && !(refusals && message.text().startsWith('Failed to load resource')))
        errors.push(message.text());
    });
    page.on('request', request => {
      if (!request.url().startsWith(base))
        errors.push(`It asks for ${request.url()}.`);
    });
    await test(page);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Opens the dashboard and logs in as the administrator. */
export async function open(page: Page, view = ''): Promise<void> {
  await page.goto(`${base}api/dashboard${view}`);
  await login(page, admin);
  await page.locator('#main').waitFor();
}

/** Shows another view without a reload, which would ask for a login. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(to => {
    location.hash = to;
  }, hash);
  await page.waitForFunction(to => document.querySelector(`nav a[aria-current][href="#${to}"]`) !== null, hash.replace(/[/?].*/, ''));
  await settled(page);
}

export async function login(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Waits until the page has loaded all data. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('#main') !== null && document.querySelector('[aria-busy], .loading') === null);
}

/** The texts of a table, row by row. */
export async function rowsOf(page: Page, caption: string): Promise<string[][]> {
  // Not innerText: the table of a chart may be hidden.
  const tables = page.locator('table', { has: page.getByText(caption, { exact: true }).and(page.locator('caption')) });
  return await tables.first().locator('tbody tr').evaluateAll(rows =>
    rows.map(row => [...(row as HTMLTableRowElement).cells].map(cell => cell.textContent ?? '')));
}

/** The same, once there are rows. */
export async function someRowsOf(page: Page, caption: string): Promise<string[][]> {
  await expect.poll(async () => (await rowsOf(page, caption)).length, { timeout: 10_000 }).toBeGreaterThan(0);
  return await rowsOf(page, caption);
}

/** Storage items and cookies of the page. */
export async function leftovers(page: Page): Promise<{ storage: string[]; cookies: string[] }> {
  const storage = await page.evaluate(() => [localStorage, sessionStorage].flatMap(each => Object.entries(each).map(([name, value]) => `${name}=${value}`)));
  const cookies = (await page.context().cookies()).map(({ name, httpOnly, secure }) => `${name}${httpOnly ? ' httpOnly' : ''}${secure ? ' secure' : ''}`);
  return { storage, cookies };
}

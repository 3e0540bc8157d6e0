import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { barriers } from '../../client/browser/harness/accessibility.ts';
import { base, go, open, settled, withPage } from './harness/page.ts';

test('the first page loads at most 40 kB, and no language but its own', () => withPage({}, async page => {
  const loaded: Promise<[name: string, size: number]>[] = [];
  page.on('response', answer => void loaded.push(answer.body().then(body => [answer.url().replace(base, ''), gzipSync(body, { level: 9 }).length])));
  await page.goto(`${base}api/dashboard`);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  const files = await Promise.all(loaded);
  expect(files.map(([name]) => name).filter(name => name.includes('/de-'))).toEqual([]);
  expect(files.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(40_000);
}));

test('the page speaks German in a German browser, and English once that is chosen, also after a reload', () => withPage({ locale: 'de-AT', bypassCSP: true }, async page => {
  await page.goto(`${base}api/dashboard`);
  await page.getByRole('button', { name: 'Anmelden', exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  expect(await barriers(page)).toEqual([]);
  await page.getByLabel('Sprache').selectOption('English');
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
}));

test('times are in the zone of the browser, or in UTC, and the login stays', () => withPage({ timezoneId: 'America/New_York' }, async page => {
  await open(page, '#users');
  await settled(page);
  const created = page.locator('tbody time').first();
  const instant = (await created.getAttribute('datetime'))!;
  expect(await created.textContent()).toMatch(/, \d\d:\d\d:\d\d E[SD]T$/);
  await page.getByLabel('Time zone').selectOption('UTC');
  await settled(page);
  expect(await page.locator(`time[datetime="${instant}"]`).first().textContent()).toContain(`${instant.slice(11, 19)} UTC`);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Time zone');
  await go(page, 'activity');
}));

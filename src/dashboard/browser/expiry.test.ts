import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { api, base, leftovers, login, open, settled, withPage } from './harness/page.ts';
import { delay } from '../../client/browser/harness/processes.ts';

test('an expired access token is refreshed once for all requests', () => withPage({ refusals: true }, async page => {
  await expireAtLogin(page);
  const asked: string[] = [];
  page.on('response', answer => {
    if (answer.request().resourceType() === 'fetch')
      asked.push(`${answer.status()} ${new URL(answer.url()).pathname.replace('/api/', '')}`);
  });
  // The overview sends three requests at once.
  await open(page, '#overview');
  await settled(page);

  expect(asked.filter(each => each.startsWith('401')).toSorted()).toEqual(['401 admin/failed-logins', '401 admin/statistics', '401 admin/statistics']);
  expect(asked.filter(each => each.endsWith('sessions/refresh'))).toEqual(['200 sessions/refresh']);
  expect(await page.getByRole('alert').count()).toBe(0);
}), 60_000);

test.each([
  ['the refresh token', false],
  ['the cookie', true],
])('a logout with %s ends the session although the access token has expired', (_, stays) => withPage({ refusals: true }, async page => {
  const replaced = await expireAtLogin(page);
  await page.route('**/sessions/refresh', route => route.abort());
  await page.goto(`${base}api/dashboard`);
  await page.getByLabel('Stay logged in').setChecked(stays);
  await login(page, admin);
  await settled(page);
  expect((await leftovers(page)).cookies).toHaveLength(stays ? 1 : 0);
  await api.call('GET', 'api/sessions/status', { accessToken: replaced() });

  await page.unroute('**/sessions/refresh');
  const ended = page.waitForResponse(answer => answer.url().endsWith('/sessions/logout') && answer.status() === 204);
  await page.getByRole('button', { name: 'Log out' }).click();
  await ended;
  await expect(api.call('GET', 'api/sessions/status', { accessToken: replaced() })).rejects.toThrow('"reason":"logout"');
  await expect.poll(() => leftovers(page)).toEqual({ storage: [], cookies: [] });
  expect(await page.getByRole('alert').count()).toBe(0);
}), 60_000);

/**
 * Replaces the access token of the next login by an expired one.
 * @returns A function that returns the replaced token.
 */
async function expireAtLogin(page: Page): Promise<() => string> {
  const { accessToken, expiresAt } = inject('early');
  await delay(Math.max(0, expiresAt + 1000 - Date.now()));
  let replaced = '';
  await page.route('**/sessions/login', async route => {
    const response = await route.fetch();
    const answer = await response.json() as { accessToken: string };
    replaced = answer.accessToken;
    await route.fulfill({ response, json: { ...answer, accessToken } });
  });
  return () => replaced;
}

import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { admin, demo } from './harness/api.ts';
import { api, base, login, open, settled, withPage } from './harness/page.ts';

describe('the login', () => {
  test('a person without the admin role is refused, and logged out again', () => withPage({ refusals: true }, async page => {
    await page.goto(`${base}api/dashboard`);
    const answered = page.waitForResponse('**/sessions/login');
    const ended = page.waitForResponse('**/sessions/logout');
    await login(page, demo);

    await page.getByRole('alert').filter({ hasText: 'This account is no administrator. You are logged out again.' }).waitFor();
    const { accessToken } = await (await answered).json() as { accessToken: string };
    expect((await ended).status()).toBe(204);
    await expect(api.call('GET', 'api/sessions/status', { accessToken })).rejects.toThrow('session_ended');
    expect(await page.getByRole('navigation').count()).toBe(0);
  }));

  test('a wrong password is told in place, and nothing is lost of what was typed', () => withPage({ refusals: true }, async page => {
    await page.goto(`${base}api/dashboard`);
    await login(page, { email: 'somebody@example.com', password: 'not the right one at all' });
    expect(await page.getByRole('alert').textContent()).toMatch(/password/i);
    expect(await page.getByLabel('Email').inputValue()).toBe('somebody@example.com');
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('password');
  }));

  test('a reload asks for a login again, and no token is left in the browser', () => withPage({}, async page => {
    await open(page);
    expect(await leftovers(page.context(), page)).toEqual({ storage: [], cookies: [] });
    await page.reload();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  }));

  test('who wants to stay is logged in after a reload, by a cookie that no script can read', () => withPage({}, async page => {
    await page.goto(`${base}api/dashboard`);
    await page.getByLabel('Stay logged in').check();
    await login(page, admin);
    await settled(page);
    const { storage, cookies } = await leftovers(page.context(), page);
    expect(storage).toEqual(['dashboard-stays=yes']);
    expect(cookies).toEqual(['__Host-refresh httpOnly secure']);
    expect(await page.evaluate(() => document.cookie)).toBe('');

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await expect.poll(() => leftovers(page.context(), page)).toEqual({ storage: [], cookies: [] });
  }));

  test('a session that an administrator ends elsewhere leads back to the login, with the reason', () => withPage({ refusals: true }, async page => {
    const answered = page.waitForResponse('**/sessions/login');
    await open(page);
    const { account, session } = await (await answered).json() as { account: { id: string }; session: { id: string } };
    const other = await api.login(admin);
    await api.call('DELETE', `api/admin/accounts/${account.id}/sessions/${session.id}`, { accessToken: other.accessToken });

    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('alert').filter({ hasText: 'Your session is over (admin). Log in again.' }).waitFor();
  }));
});

async function leftovers(context: BrowserContext, page: Page): Promise<{ storage: string[]; cookies: string[] }> {
  const storage = await page.evaluate(() => [localStorage, sessionStorage].flatMap(each => Object.entries(each).map(([name, value]) => `${name}=${value}`)));
  const cookies = (await context.cookies()).map(({ name, httpOnly, secure }) => `${name}${httpOnly ? ' httpOnly' : ''}${secure ? ' secure' : ''}`);
  return { storage, cookies };
}

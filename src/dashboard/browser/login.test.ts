import { describe, expect, test } from 'vitest';
import { admin, demo } from '../../client/browser/harness/api.ts';
import { addAuthenticator } from '../../client/browser/harness/authenticator.ts';
import { api, base, leftovers, login, open, settled, withPage } from './harness/page.ts';

describe('the login', () => {
  test('an account without the admin role is refused, and logged out again', () => withPage({ refusals: true }, async page => {
    await page.goto(`${base}api/dashboard`);
    const answered = page.waitForResponse('**/sessions/login');
    const ended = page.waitForResponse('**/sessions/logout');
    await login(page, demo);

    await page.getByRole('alert').filter({ hasText: 'This account is not an administrator, so you were logged out.' }).waitFor();
    const { accessToken } = await (await answered).json() as { accessToken: string };
    expect((await ended).status()).toBe(204);
    await expect(api.call('GET', 'api/sessions/status', { accessToken })).rejects.toThrow('session_ended');
    expect(await page.getByRole('navigation').count()).toBe(0);
  }));

  test('a wrong password is reported in place, and the email is kept', () => withPage({ refusals: true }, async page => {
    await page.goto(`${base}api/dashboard`);
    await login(page, { email: 'somebody@example.com', password: 'not the right one at all' });
    expect(await page.getByRole('alert').textContent()).toMatch(/password/i);
    expect(await page.getByLabel('Email').inputValue()).toBe('somebody@example.com');
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('password');
  }));

  test('a reload asks for a login, and the browser keeps no token', () => withPage({}, async page => {
    await open(page);
    expect(await leftovers(page)).toEqual({ storage: [], cookies: [] });
    await page.reload();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  }));

  test('a login that stays survives a reload, with an HttpOnly cookie', () => withPage({}, async page => {
    await page.goto(`${base}api/dashboard`);
    await page.getByLabel('Stay logged in').check();
    const answered = page.waitForResponse('**/sessions/login');
    await login(page, admin);
    await settled(page);
    const { session } = await (await answered).json() as { session: { id: string } };
    const { storage, cookies } = await leftovers(page);
    expect(storage).toEqual([expect.stringMatching(`^dashboard:.*"id":"${session.id}"`)]);
    // Ids, and no token.
    expect(storage[0]).not.toMatch(new RegExp(`${admin.email}|ey[\\w-]+\\.|Token":"`));
    expect(cookies).toEqual(['__Host-refresh httpOnly secure']);
    expect(await page.evaluate(() => document.cookie)).toBe('');

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await expect.poll(() => leftovers(page)).toEqual({ storage: [], cookies: [] });
  }));

  test.each([false, true])('a passkey logs in without email and password, and stays if asked to: %o', stays => withPage({}, async page => {
    await addAuthenticator(page);
    await page.goto(`${base}api/dashboard`);
    const { accessToken } = await api.login(admin);
    await page.evaluate(async token => {
      const post = async (route: string, body?: object) => await (await fetch(route, {
        method: 'POST', headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }, ...body && { body: JSON.stringify(body) },
      })).json();
      const { options, state } = await post('accounts/passkeys/options') as { options: PublicKeyCredentialCreationOptionsJSON; state: string };
      const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }) as PublicKeyCredential;
      await post('accounts/passkeys', { state, credential: credential.toJSON(), name: 'Of the dashboard' });
    }, accessToken);
    await page.getByLabel('Stay logged in').setChecked(stays);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await settled(page);
    expect((await leftovers(page)).cookies).toHaveLength(stays ? 1 : 0);
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('link', { name: admin.email }).waitFor();
  }));

  test('a prompt without a passkey to use says so, and the form stays', () => withPage({ refusals: true }, async page => {
    await addAuthenticator(page);
    await page.goto(`${base}api/dashboard`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').filter({ hasText: 'No passkey was used.' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
  }));

  test('a failed logout is reported, and doesn\'t affect the next login', () => withPage({ refusals: true }, async page => {
    await open(page);
    const message = 'You are logged out in this browser, but the service couldn\'t be told: The service can\'t be reached.';
    await page.route('**/sessions/logout', route => route.abort(), { times: 1 });
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('alert').filter({ hasText: message }).waitFor();

    await login(page, admin);
    await settled(page);
    let fail = () => {};
    const late = new Promise<void>(resolve => void (fail = resolve));
    await page.route('**/sessions/logout', async route => {
      await late;
      await route.abort();
    });
    await page.getByRole('button', { name: 'Log out' }).click();
    await login(page, admin);
    await settled(page);
    const failed = page.waitForEvent('requestfailed');
    fail();
    await failed;
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('link', { name: admin.email }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  }));

  test('a session whose cookie another login has replaced leads to the login', () => withPage({ refusals: true }, async page => {
    await page.goto(`${base}api/dashboard`);
    await page.getByLabel('Stay logged in').check();
    await login(page, admin);
    await settled(page);
    // As another page on this host.
    await page.evaluate(async who => {
      await fetch('sessions/login', {
        method: 'POST', headers: { 'content-type': 'application/json', 'x-session-request': '1' }, body: JSON.stringify({ ...who, cookie: true }),
      });
    }, demo);
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'Another login in this browser has replaced yours.' }).waitFor();
    expect((await leftovers(page)).storage).toEqual([]);
  }));

  test('a session that is ended elsewhere leads to the login, with the reason', () => withPage({ refusals: true }, async page => {
    const answered = page.waitForResponse('**/sessions/login');
    // A page that doesn't poll: the click is what finds the end.
    await open(page, '#flags');
    await settled(page);
    const { account, session } = await (await answered).json() as { account: { id: string }; session: { id: string } };
    const other = await api.login(admin);
    await api.call('DELETE', `api/admin/accounts/${account.id}/sessions/${session.id}`, { accessToken: other.accessToken });

    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('alert').filter({ hasText: 'Your session has ended (ended by an administrator). Log in again.' }).waitFor();
  }));
});

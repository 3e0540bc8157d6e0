import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addAuthenticator } from './harness/authenticator.ts';
import { button, cacheEntries, dialog, expectReadable, heading, logIn, withDemo, workerReady } from './harness/demo.ts';
import type { Fault } from './harness/fault-proxy.ts';
import { registerWithPasskey } from './harness/passkeys.ts';

// Real mails are read in mail.test.ts; here the proxy answers what needs one.
const accepted: Fault = { answer: {}, status: 202 };
const done: Fault = { answer: {}, status: 204 };
const problem = (status: number, code: string): Fault => ({ answer: { code, title: code, detail: '-', status }, status });

const token = '00KAHZ3YQ6T0N8M5R2V4W7X9ZA.c2VjcmV0';
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

/** The body of the next request of a route. */
const nextBody = async (page: Page, route: string): Promise<unknown> =>
  (await page.waitForRequest(request => request.method() === 'POST' && request.url().endsWith(`/api/${route}`))).postDataJSON();

test('a new account is logged in at once, or gets a mail', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  await button(page, 'Create an account').click();
  expect(await focused(page)).toBe('Create an account');
  proxy.failNext('POST accounts', accepted);
  await page.getByLabel('Email').fill(`a-${who.email}`);
  await page.getByLabel('Password').fill(who.password);
  await button(page, 'Create account').click();
  await heading(page, 'Check your mail').waitFor();
  expect(await focused(page)).toBe('Check your mail');
  await button(page, 'Back').click();
  expect(await focused(page)).toBe('Log in');

  await button(page, 'Create an account').click();
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await button(page, 'Create account').click();
  await page.getByRole('alert').filter({ hasText: 'This email has an account.' }).waitFor();
  await page.getByLabel('Email').fill(`b-${who.email}`);
  await button(page, 'Create account').click();
  await heading(page, `b-${who.email}`).waitFor();
}));

test('a new account without a password has a passkey, and gets a mail where emails are verified', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  await addAuthenticator(page);
  const user = { id: 'AAAA', name: who.email, displayName: who.email };
  const options = { rp: { id: 'localhost', name: 'Example' }, user, challenge: 'AAAA', pubKeyCredParams: [{ type: 'public-key', alg: -7 }] };
  const ceremony: Fault = { answer: { options, state: 'a state', expiresAt: '2026-03-14T09:05:00.000Z' } };
  proxy.failNext('POST accounts/passkey/options', ceremony, ceremony);
  proxy.failNext('POST accounts/passkey', problem(409, 'email_taken'), accepted);
  const email = nextBody(page, 'accounts/passkey/options');
  await registerWithPasskey(page, who.email);
  expect(await email).toEqual({ email: who.email });
  await page.getByRole('alert').filter({ hasText: 'This email has an account.' }).waitFor();
  const body = nextBody(page, 'accounts/passkey');
  await button(page, 'Create account').click();
  await heading(page, 'Check your mail').waitFor();
  expect(await body).toEqual({ state: 'a state', credential: expect.objectContaining({ type: 'public-key' }) });
}));

test('a forgotten password asks for a mail', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  await button(page, 'Forgot your password?').click();
  proxy.failNext('POST accounts/password/forgot', accepted);
  const body = nextBody(page, 'accounts/password/forgot');
  await page.getByLabel('Email').fill(who.email);
  await button(page, 'Send the link').click();
  await heading(page, 'Check your mail').waitFor();
  expect(await body).toEqual({ email: who.email });
}));

test('a link is taken from the address at once, and used by a click', () => withDemo(async ({ who, proxy, demo }) => {
  const other = await demo();
  await logIn(other, who);
  await workerReady(other);
  const page = await demo(`#verify=${token}`);
  await heading(page, 'Confirm your email').waitFor();
  expect(page.url()).toBe(`${proxy.base}api/demo`);
  expect(JSON.stringify([proxy.lines(), await cacheEntries(page), await page.evaluate(() => [document.documentElement.outerHTML, { ...localStorage }])]))
    .not.toContain(token);
  expect(proxy.count('POST accounts/email/verify')).toBe(0);
  proxy.failNext('POST accounts/email/verify', problem(503, 'unavailable'), done);
  await button(page, 'Confirm').click();
  await page.getByRole('alert').filter({ hasText: 'The service has a problem.' }).waitFor();
  const body = nextBody(page, 'accounts/email/verify');
  await button(page, 'Confirm').click();
  await heading(page, 'Your email is confirmed').waitFor();
  expect(await body).toEqual({ token });
  expect(await focused(page)).toBe('Your email is confirmed');
  await button(page, 'Continue').click();
  await heading(page, who.email).waitFor();
  await page.reload();
  await heading(page, who.email).waitFor();
}));

test('a link that no longer works ends no session, and leads to a new one', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  await logIn(page, who);
  // In the same tab only the fragment changes.
  await page.goto(`${proxy.base}api/demo#reset=${token}`);
  await heading(page, 'Set a new password').waitFor();
  expect(await focused(page)).toBe('Set a new password');
  expect(page.url()).toBe(`${proxy.base}api/demo`);
  proxy.failNext('POST accounts/password/reset', problem(400, 'token_invalid'));
  await page.getByLabel('New password').fill(who.password);
  await button(page, 'Set password').click();
  await heading(page, 'This link no longer works').waitFor();
  await button(page, 'Get a new link').click();
  await heading(page, 'Forgot your password?').waitFor();
  await button(page, 'Back').click();
  await heading(page, who.email).waitFor();

  await page.goto(`${proxy.base}api/demo#reset=${token}`);
  proxy.failNext('POST accounts/password/reset', done);
  const body = nextBody(page, 'accounts/password/reset');
  await page.getByLabel('New password').fill('another donkey');
  await button(page, 'Set password').click();
  await heading(page, 'Your password is changed').waitFor();
  expect(await body).toEqual({ token, password: 'another donkey' });
}));

test('email and password are changed in a dialog, which says what is wrong and gives the focus back', () => withDemo(async ({ who, api, proxy, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await button(page, 'Change email').click();
  await dialog(page).getByLabel('New email').fill('new@example.com');
  await page.keyboard.press('Escape');
  expect(await focused(page)).toBe('Change email');
  await page.keyboard.press('Enter');
  expect(await dialog(page).getByLabel('New email').inputValue()).toBe('');
  proxy.failNext('POST accounts/email', problem(403, 'wrong_password'), accepted);
  await dialog(page).getByLabel('New email').fill('new@example.com');
  await dialog(page).getByLabel('Password').fill('wrong');
  await button(page, 'Send the link').click();
  await page.getByRole('alert').filter({ hasText: 'The password is wrong.' }).waitFor();
  await button(page, 'Send the link').click();
  await page.getByText('A link is on its way to new@example.com.').waitFor();
  expect(await focused(page)).toBe('Change email');

  await button(page, 'Change password').click();
  await dialog(page).getByLabel('Current password').fill('wrong');
  await dialog(page).getByLabel('New password').fill('another donkey capacitor');
  await button(page, 'Change it').click();
  await page.getByRole('alert').filter({ hasText: 'The password is wrong.' }).waitFor();
  await dialog(page).getByLabel('Current password').fill(who.password);
  await button(page, 'Change it').click();
  await page.getByText('Your password is changed.').waitFor();
  await api.login({ ...who, password: 'another donkey capacitor' });
}));

test('a deleted account is logged out, and restored by a login that asks for it', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await button(page, 'Delete account').click();
  await dialog(page).getByLabel('Password').fill(who.password);
  proxy.failNext('POST accounts/me/deletion', done);
  const deletion = nextBody(page, 'accounts/me/deletion');
  await button(page, 'Delete it').click();
  await page.getByText('Your session has ended: the account is closed.').waitFor();
  expect(await deletion).toEqual({ password: who.password });
  expect(await focused(page)).toBe('Log in');

  proxy.failNext('POST sessions/login', problem(403, 'account_closing'));
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByLabel('Password').press('Enter');
  await page.getByRole('alert').filter({ hasText: 'This account is about to be deleted.' }).waitFor();
  const login = nextBody(page, 'sessions/login');
  await button(page, 'Restore the account').click();
  expect(await login).toMatchObject({ email: who.email, password: who.password, restore: true });
  await heading(page, who.email).waitFor();
}));

test('an email that isn\'t confirmed gets another link', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  proxy.failNext('POST sessions/login', problem(403, 'email_not_verified'));
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await button(page, 'Log in').click();
  await button(page, 'Send the link again').click();
  await heading(page, 'Confirm your email').waitFor();
  proxy.failNext('POST accounts/email/verification', accepted);
  await page.getByLabel('Email').fill(who.email);
  await button(page, 'Send the link').click();
  await heading(page, 'Check your mail').waitFor();
}));

test('the export is downloaded as a file', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const data = { account: { id: '1', email: who.email, roles: [] }, sessions: [], log: [{ action: 'login' }] };
  proxy.failNext('GET accounts/me/export', { answer: data });
  const started = page.waitForEvent('download');
  await button(page, 'Export my data').click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('account.json');
  let text = '';
  for await (const part of await download.createReadStream())
    text += String(part);
  expect(JSON.parse(text)).toEqual(data);
  await page.getByText('Your data has been downloaded.').waitFor();
}));

test('the pages without a session are readable in light and dark colours, on wide and narrow screens', () => withDemo(async ({ who, proxy, demo }) => {
  const page = await demo();
  // No colour transitions.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [route, code, text] of [['closing', 'account_closing', 'This account is about to be deleted.'], ['unverified', 'email_not_verified', 'isn\'t confirmed yet']] as const) {
    proxy.failNext('POST sessions/login', problem(403, code));
    await page.getByLabel('Email').fill(who.email);
    await page.getByLabel('Password').fill(who.password);
    await button(page, 'Log in').click();
    await page.getByText(text).waitFor();
    await expectReadable(page, `login-${route}`);
  }
  await button(page, 'Create an account').click();
  await expectReadable(page, 'register');
  await button(page, 'Use a passkey instead of a password').click();
  await expectReadable(page, 'register-passkey');
  await button(page, 'Back').click();
  await button(page, 'Forgot your password?').click();
  await expectReadable(page, 'forgot');
  for (const [action, title] of [['verify', 'Confirm your email'], ['revert', 'Take back your account'], ['reset', 'Set a new password']] as const) {
    await page.goto(`${proxy.base}api/demo#${action}=${token}`);
    await heading(page, title).waitFor();
    await expectReadable(page, action);
  }
  proxy.failNext('POST accounts/password/reset', problem(400, 'token_invalid'));
  await page.getByLabel('New password').fill(who.password);
  await button(page, 'Set password').click();
  await heading(page, 'This link no longer works').waitFor();
  await expectReadable(page, 'void');
}));

test('the dialogs are readable in light and dark colours, on wide and narrow screens', () => withDemo(async ({ who, demo }) => {
  const page = await demo();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(page, who);
  for (const [name, text] of [['email', 'Change email'], ['deletion', 'Delete account']] as const) {
    await button(page, text).click();
    await dialog(page).waitFor();
    await expectReadable(page, `dialog-${name}`);
    await button(page, 'Cancel').click();
  }
}));

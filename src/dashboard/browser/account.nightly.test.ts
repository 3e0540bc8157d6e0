import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { api, narrow, open, settled, withPage } from './harness/page.ts';
import { lowContrastTexts } from '../../client/browser/harness/contrast.ts';

let users = 0;

/** Shows a new user, whose account and its actions are answered here. */
async function show(page: Page, changes: object = {}): Promise<{ email: string; posted: string[]; shown: object }> {
  const user = await api.register(`account-${users += 1}@example.com`);
  const { account } = await api.login(user);
  const posted: string[] = [];
  const shown = { ...account, disabled: false, emailVerified: false, createdAt: '2026-03-14T09:26:53.589Z', ...changes };
  await page.route(url => url.pathname.endsWith(`/admin/accounts/${account.id}`), route => route.fulfill({ json: shown }));
  await page.route(/\/(password-reset|email-verification|deletion)$/, async route => {
    const name = route.request().url().split('/').at(-1)!;
    posted.push(`${route.request().method()} ${name}`);
    Object.assign(shown, name === 'email-verification' ? { emailVerified: true } : name === 'deletion' ? { closesAt: '2026-04-13T09:26:53.589Z' } : {});
    await route.fulfill({ status: name === 'password-reset' ? 202 : 204 });
  });
  await open(page, `#users/${account.id}`);
  await page.getByText(user.email, { exact: true }).waitFor();
  return { email: user.email, posted, shown };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const fact = async (page: Page, name: string) => await page.locator('dl div', { has: page.locator('dt', { hasText: name }) }).locator('dd').innerText();

test('an administrator sends a password reset, verifies the email and deletes the account, each after a confirmation', () => withPage({}, async page => {
  const { email, posted } = await show(page);
  expect([await fact(page, 'Verified'), await fact(page, 'State')]).toEqual(['no', 'active']);
  for (const name of ['Send password reset', 'Mark email verified', 'Delete account']) {
    await button(page, name).click();
    expect(await page.getByRole('dialog').innerText()).toContain(email);
    await button(page, 'Cancel').click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name);
  }
  expect(posted).toEqual([]);

  const act = async (name: string, done: string) => {
    await button(page, name).click();
    await page.getByRole('dialog').getByRole('button', { name }).click();
    await page.getByRole('status').filter({ hasText: done }).waitFor();
  };
  await act('Send password reset', 'The link is on its way.');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Send password reset');
  await act('Mark email verified', 'The email is verified.');
  expect(await fact(page, 'Verified')).toBe('yes');
  expect(await button(page, 'Mark email verified').count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Account');
  await act('Delete account', 'The account is closed.');
  expect(await fact(page, 'State')).toBe('closing, erased after Apr 13, 2026, 09:26:53 UTC');
  expect(await page.getByRole('button', { name: /reset|verified|Delete/ }).count()).toBe(0);
  expect(posted).toEqual(['POST password-reset', 'POST email-verification', 'POST deletion']);
}));

test('a refusal is shown in place', () => withPage({ refusals: true }, async page => {
  await show(page, { disabled: true });
  expect(await fact(page, 'State')).toBe('disabled');
  expect(await button(page, 'Send password reset').count()).toBe(0);
  await page.route(/\/deletion$/, route => route.fulfill({
    status: 403, contentType: 'application/problem+json', json: { title: 'Forbidden', detail: 'Not your own account.', code: 'forbidden', status: 403 },
  }));
  await button(page, 'Delete account').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete account' }).click();
  await page.getByRole('alert').filter({ hasText: 'Not your own account.' }).waitFor();
}));

test('an account that may not have a password by mail is told of, and no link is on its way', () => withPage({ refusals: true }, async page => {
  await show(page);
  await page.route(/\/password-reset$/, route => route.fulfill({
    status: 409, contentType: 'application/problem+json',
    json: { title: 'The account has passkeys instead of a password, and no mail may set one', detail: '-', code: 'password_recovery_off', status: 409 },
  }));
  await button(page, 'Send password reset').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send password reset' }).click();
  await page.getByRole('alert').filter({ hasText: 'none may be set by mail' }).waitFor();
  expect(await page.getByText('The link is on its way.').count()).toBe(0);
}));

test('the confirmation of a deletion is readable in light and dark colours on a narrow screen', () =>
  withPage({ reducedMotion: 'reduce', ...narrow }, async page => {
    await show(page);
    await button(page, 'Delete account').click();
    await page.getByRole('dialog').waitFor();
    await settled(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await lowContrastTexts(page), colorScheme).toEqual([]);
    }
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth)).toBe(0);
  }));

// Refused once for want of a fresh proof, then answered.
async function refuseOnce(page: Page): Promise<void> {
  await page.route(/\/email-verification$/, route => route.fulfill({
    status: 401, contentType: 'application/problem+json',
    json: { title: 'A fresh proof is needed', detail: '-', code: 'insufficient_user_authentication', status: 401 },
  }), { times: 1 });
  await button(page, 'Mark email verified').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Mark email verified' }).click();
  await page.getByRole('dialog', { name: 'Confirm that it\'s you' }).waitFor();
}

test('a change that needs a fresh proof asks for the password, and is done then', () => withPage({ refusals: true }, async page => {
  const { posted } = await show(page);
  await refuseOnce(page);
  await page.keyboard.press('Escape');
  await page.getByRole('alert').filter({ hasText: 'This needs a fresh confirmation that it\'s you.' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Mark email verified');

  await refuseOnce(page);
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('proof');
  await page.keyboard.type('not the right one at all');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByLabel('Password').fill(admin.password);
  const proved = page.waitForResponse('**/sessions/step-up');
  await page.keyboard.press('Enter');
  expect((await proved).status()).toBe(200);
  await page.getByRole('status').filter({ hasText: 'The email is verified.' }).waitFor();
  expect(posted).toEqual(['POST email-verification']);
}));

test.each(['light', 'dark'] as const)('the dialog of a fresh proof is readable in %s colours on a narrow screen', colorScheme =>
  withPage({ refusals: true, colorScheme, reducedMotion: 'reduce', ...narrow }, async page => {
    await show(page);
    await refuseOnce(page);
    expect(await lowContrastTexts(page)).toEqual([]);
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth)).toBe(0);
  }));

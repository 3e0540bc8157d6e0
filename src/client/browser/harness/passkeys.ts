import type { BrowserContext, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { actionOf } from '../../demo/src/labels.ts';
import { addAuthenticator, type Authenticator } from './authenticator.ts';
import { button, dialog, heading, logIn, pollInterval, rowsOf } from './demo.ts';
import { delay } from './processes.ts';

// Not through the proxy, whose origin the service doesn't know.
export const demoPage = `${inject('base')}api/demo`;
export const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

/** Logs in with the password, and adds a passkey. */
export async function withPasskey(page: Page, who: { email: string; password: string }): Promise<Authenticator> {
  const authenticator = await addAuthenticator(page);
  await logIn(page, who);
  await addPasskey(page, 'A laptop');
  return authenticator;
}

export async function addPasskey(page: Page, name: string): Promise<void> {
  await button(page, 'Passkeys').click();
  await dialog(page).getByLabel('Name of a new passkey').fill(name);
  await button(page, 'Add a passkey').click();
  await page.getByText(`${name} is added.`).waitFor();
  await button(page, 'Close').click();
}

export async function logOut(page: Page): Promise<void> {
  await button(page, 'Log out').click();
  await heading(page, 'Log in').waitFor();
}

/** The same, until autofill offers passkeys. */
export async function logOutToAutofill(page: Page): Promise<void> {
  const answered = page.waitForResponse('**/sessions/passkey/options');
  await logOut(page);
  await answered;
  // Until the browser has been asked, too.
  await delay(300);
}

// Chromium's authenticator chooses a passkey as soon as autofill offers it.
export const withoutAutofill = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    if ('PublicKeyCredential' in window)
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });

/** Waits for the newest entries of the user's history, without refreshes. */
export async function expectHistory(page: Page, context: BrowserContext, ...actions: readonly string[]): Promise<void> {
  await expect.poll(async () => {
    await context.clock.fastForward(pollInterval);
    const all = (await rowsOf(page, 'History')).map(row => row.split('\t')[0]);
    return all.filter(action => action !== actionOf('token_refresh')).slice(0, actions.length);
  }, { timeout: 15_000, interval: 1000 }).toEqual(actions.map(action => action.replace(/^\w+/, actionOf)));
}

/** Refuses the next export for want of a fresh proof. */
export const refuseExport = (page: Page): Promise<unknown> => page.route('**/accounts/me/export', route => route.fulfill({
  status: 401, contentType: 'application/problem+json',
  json: { title: 'A fresh proof is needed', detail: '-', code: 'insufficient_user_authentication', status: 401 },
}), { times: 1 });

export const alert = (page: Page, text: string): Promise<void> => page.getByRole('alert').filter({ hasText: text }).waitFor();

/** Chooses to register without a password, and does. */
export async function registerWithPasskey(page: Page, email: string): Promise<void> {
  await button(page, 'Create an account').click();
  await button(page, 'Use a passkey instead of a password').click();
  expect(await page.getByLabel('Password').count()).toBe(0);
  await page.getByLabel('Email').fill(email);
  await button(page, 'Create account').click();
}

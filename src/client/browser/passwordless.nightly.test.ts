import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addAuthenticator, type Authenticator } from './harness/authenticator.ts';
import { button, dialog, expectReadable, heading, withDemo } from './harness/demo.ts';
import { addPasskey, alert, demoPage, expectHistory, logOut, refuseExport, registerWithPasskey, withoutAutofill } from './harness/passkeys.ts';

/** Registers an account with a passkey, which autofill logs in with. */
async function registered(page: Page): Promise<{ email: string; laptop: Authenticator }> {
  const email = `${randomUUID()}@example.com`;
  const laptop = await addAuthenticator(page);
  await registerWithPasskey(page, email);
  await heading(page, email).waitFor();
  return { email, laptop };
}

async function logInWithPasskey(page: Page, email: string): Promise<void> {
  await button(page, 'Use a passkey').click();
  await heading(page, email).waitFor();
}

async function open(page: Page, name: string): Promise<void> {
  await button(page, name).click();
  await dialog(page).waitFor();
  expect(await dialog(page).getByLabel(/^(Current p|P)assword/).count()).toBe(0);
}

test('an account begins, changes and ends without a password', () => withDemo(async ({ context, demo }) => {
  const page = await demo(demoPage);
  const { email } = await registered(page);
  await expectHistory(page, context, 'login');

  await open(page, 'Change email');
  await expectReadable(page, 'dialog-email-passkey');
  await dialog(page).getByLabel('New email').fill(`new-${email}`);
  await button(page, 'Send the link').click();
  await page.getByText(`A link is on its way to new-${email}.`).waitFor();

  await refuseExport(page);
  await open(page, 'Export my data');
  await expectReadable(page, 'dialog-step-up-passkey');
  const download = page.waitForEvent('download');
  await button(page, 'Use a passkey').click();
  await download;
  await expectHistory(page, context, 'stepped_up', 'login');

  await withoutAutofill(context);
  await page.reload();
  await open(page, 'Delete account');
  await button(page, 'Delete it').click();
  await page.getByText('Your session has ended: the account is closed.').waitFor();
  await button(page, 'Use a passkey').click();
  await alert(page, 'This account is about to be deleted.');
  await button(page, 'Restore the account').click();
  await heading(page, email).waitFor();
}));

test('"Not me" asks an account without a password for none', () => withDemo(async ({ context, demo }) => {
  const page = await demo(demoPage);
  const { email } = await registered(page);
  // Stands for a session on another device.
  const isEnding = (url: URL) => url.pathname.endsWith('0'.repeat(32));
  await context.route(isEnding, route => route.request().method() === 'DELETE' ? route.fulfill({ status: 204 }) : route.continue());
  const notMe = await demo(`${demoPage}#not-me=${'0'.repeat(32)}`);
  await heading(notMe, 'That session has ended').waitFor();
  expect(await notMe.getByLabel('Current password').count()).toBe(0);
  await notMe.getByText('Look through them').waitFor();
  await button(notMe, 'Continue').click();
  await heading(notMe, email).waitFor();
}));

test('an account without a password is as safe as its passkeys: removed, copied, of another authenticator, of somebody else', () =>
  withDemo(async ({ context, demo }) => {
    const page = await demo(demoPage);
    const { email, laptop } = await registered(page);
    await withoutAutofill(context);
    await page.reload();
    await laptop.answers(false);
    const key = await addAuthenticator(page, 'usb');
    await addPasskey(page, 'A security key');
    await key.setCounter(100);
    const refused = async (authenticator: Authenticator, text: string) => {
      await use(authenticator);
      await button(page, 'Use a passkey').click();
      await alert(page, text);
    };
    const use = async (authenticator: Authenticator) => {
      for (const each of [laptop, key])
        await each.answers(each === authenticator);
    };

    await logOut(page);
    await logInWithPasskey(page, email);
    await logOut(page);
    await key.recognizes(false);
    await refused(key, 'No passkey was used.');
    await key.recognizes(true);
    await key.setCounter(1);
    await refused(key, 'This passkey may have been copied.');
    await use(laptop);
    await logInWithPasskey(page, email);
    await expectHistory(page, context, 'login', 'passkey_cloned (refused)', 'logout', 'login', 'logout', 'passkey_added');

    await button(page, 'Passkeys').click();
    await button(page, 'Remove A security key').click();
    await dialog(page).getByText('A security key is removed.').waitFor();
    await dialog(page).getByRole('button', { name: /^Remove / }).click();
    await alert(page, 'This is the only way to log in.');
    await button(page, 'Close').click();
    await logOut(page);
    await refused(key, 'This passkey was removed from its account.');
    await use(laptop);
    await logInWithPasskey(page, email);
  }));

import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { button, dialog, heading, logIn, withDemo } from './harness/demo.ts';
import { follow, readMail } from './harness/mails.ts';

const inbox = inject('inbox');
const demoPage = `${inject('base')}api/demo`;
const newPassword = 'another donkey capacitor';
const day = 24 * 60 * 60 * 1000;

test('a forgotten password is replaced through the link of a mail, which ends the sessions', () => withDemo(async ({ who, api, demo }) => {
  const { refreshToken } = await api.login(who);
  const page = await demo(demoPage);
  await button(page, 'Forgot your password?').click();
  await page.getByLabel('Email').fill(who.email);
  await button(page, 'Send the link').click();
  await heading(page, 'Check your mail').waitFor();

  await readMail(page, inbox, who.email, 'Reset your password');
  await follow(page, demoPage, 'Choose a new password');
  await setPassword(page);
  await expect(api.call('POST', 'api/sessions/refresh', { body: { refreshToken } })).rejects.toThrow('"reason":"password_reset"');
  await expect(api.login(who)).rejects.toThrow('invalid_credentials');
  await logIn(page, { ...who, password: newPassword });

  await readMail(page, inbox, who.email, 'Your password was changed');
  await follow(page, demoPage, 'Log in');
  await heading(page, who.email).waitFor();
}));

test('a new email is confirmed by its owner, and taken back by the owner of the former one', () => withDemo(async ({ who, api, demo }) => {
  const next = `next-${who.email}`;
  const page = await demo(demoPage);
  await logIn(page, who);
  await button(page, 'Change email').click();
  await dialog(page).getByLabel('New email').fill(next);
  await dialog(page).getByLabel('Password').fill(who.password);
  await button(page, 'Send the link').click();
  await page.getByText(`A link is on its way to ${next}.`).waitFor();

  await readMail(page, inbox, next, 'Please confirm your new email address');
  await follow(page, demoPage, 'Confirm my new address');
  await button(page, 'Confirm').click();
  await heading(page, 'Your email is confirmed').waitFor();
  await button(page, 'Continue').click();
  await heading(page, next).waitFor();
  await button(page, 'Log out').click();
  await logIn(page, { ...who, email: next });

  await readMail(page, inbox, who.email, 'The email address of your account was changed');
  await follow(page, demoPage, 'Take it back');
  await button(page, 'Take back').click();
  await heading(page, 'Your account has its email back').waitFor();
  await button(page, 'Continue').click();
  await page.getByText('Your session has ended: the former email was taken back.').waitFor();

  await readMail(page, inbox, who.email, 'Reset your password');
  await follow(page, demoPage, 'Choose a new password');
  await setPassword(page);
  await expect(api.login({ email: next, password: newPassword })).rejects.toThrow('invalid_credentials');
  await logIn(page, { ...who, password: newPassword });
}));

test('a deleted account says until when it can be restored, and is', () => withDemo(async ({ who, demo }) => {
  const page = await demo(demoPage);
  await logIn(page, who);
  await button(page, 'Delete account').click();
  await dialog(page).getByLabel('Password').fill(who.password);
  await button(page, 'Delete it').click();
  await page.getByText('Your session has ended: the account is closed.').waitFor();

  await readMail(page, inbox, who.email, 'Your account is closed');
  const [, date, time] = /after \w+,? (\d+ \w+ \d+), (\d+:\d+) UTC/.exec(await page.locator('body').innerText()) ?? [];
  expect(Math.abs(Date.parse(`${date} ${time} UTC`) - Date.now() - 30 * day)).toBeLessThan(day / 24);
  await follow(page, demoPage, 'Restore my account');
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await button(page, 'Log in').click();
  await page.getByRole('alert').filter({ hasText: 'This account is about to be deleted.' }).waitFor();
  await button(page, 'Restore the account').click();
  await heading(page, who.email).waitFor();

  await readMail(page, inbox, who.email, 'Your account is back');
  await follow(page, demoPage, 'Open Example');
  await heading(page, who.email).waitFor();
}));

async function setPassword(page: Page): Promise<void> {
  await page.getByLabel('New password').fill(newPassword);
  await button(page, 'Set password').click();
  await heading(page, 'Your password is changed').waitFor();
  await button(page, 'Continue').click();
}

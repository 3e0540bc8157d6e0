import { chromium } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { button, heading, logIn } from './harness/demo.ts';
import { startMailServer } from './harness/mail-server.ts';
import { follow, readMail } from './harness/mails.ts';
import { Service } from './harness/service.ts';

const who = { email: 'new@example.com', password: 'another donkey capacitor' };

// An app of its own, since the others register accounts without mail.
test('an account is made by the link of its mail, and who registers it again gets a mail of another kind', async () => {
  const mails = await startMailServer();
  const service = await Service.start(() => ({ ...mails.settings, Accounts__VerifyEmail: 'true' }));
  const context = await (await chromium.connect(inject('browser'))).newContext();
  const demoPage = `${service.base}api/demo`;
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(25_000);
    const register = async () => {
      await page.goto(demoPage);
      await button(page, 'Create an account').click();
      await page.getByLabel('Email').fill(who.email);
      await page.getByLabel('Password').fill(who.password);
      await button(page, 'Create account').click();
      await heading(page, 'Check your mail').waitFor();
    };

    await register();
    await button(page, 'Back').click();
    await page.getByLabel('Email').fill(who.email);
    await page.getByLabel('Password').fill(who.password);
    await button(page, 'Log in').click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('confirm');

    await readMail(page, mails.inbox, who.email, 'Please confirm your email address');
    await follow(page, demoPage, 'Confirm my address');
    await button(page, 'Confirm').click();
    await heading(page, 'Your email is confirmed').waitFor();
    await button(page, 'Continue').click();
    await logIn(page, who);
    await button(page, 'Log out').click();

    await register();
    await readMail(page, mails.inbox, who.email, 'You already have an account');
    await follow(page, demoPage, 'Log in');
    await logIn(page, who);
  } finally {
    await context.close();
    service.stop();
    await mails.stop();
  }
});

import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { admin } from './harness/api.ts';
import { button, heading, pollInterval, withDemo } from './harness/demo.ts';
import { follow, readMail } from './harness/mails.ts';
import { demoPage, withoutAutofill, withPasskey } from './harness/passkeys.ts';

const newPassword = 'another donkey capacitor';

test('a new password is forced by mail: nothing opens the account before its link is used', () => withDemo(async tabs => {
  const { who, api, context, demo } = tabs;
  const { page, dashboard } = await showUser(tabs);
  await act(dashboard, 'Secure this account', 'Force a new password');
  await dashboard.getByRole('status').filter({ hasText: 'The account is secured: its user has to set a new password, and 2 sessions have ended.' }).waitFor();
  await passkeyIs(dashboard, 'for review');
  await context.clock.fastForward(pollInterval);
  await page.getByText('Your session has ended: an administrator ended it.').waitFor();
  await expect(api.login(who)).rejects.toThrow('invalid_credentials');
  expect(await refusalOf(page)).toMatchObject({ status: 403, code: 'passkey_for_review' });

  const reader = await demo(demoPage);
  await readMail(reader, inject('inbox'), who.email, 'Reset your password');
  await follow(reader, demoPage, 'Choose a new password');
  await reader.getByLabel('New password').fill(newPassword);
  await button(reader, 'Set password').click();
  await heading(reader, 'Your password is changed').waitFor();
  await api.login({ ...who, password: newPassword });
  // Of the last days, in which an intruder may have added it.
  expect(await refusalOf(page)).toMatchObject({ status: 401, code: 'passkey_unknown' });
}));

test('a passkey for review is kept by its user, or removed by an administrator', () => withDemo(async tabs => {
  const { who, api, context } = tabs;
  const { page, dashboard } = await showUser(tabs);
  await act(dashboard, 'Secure this account', 'Disable the account');
  await passkeyIs(dashboard, 'for review');
  await act(dashboard, 'Enable', 'Enable');
  await dashboard.getByRole('status').filter({ hasText: 'The account is enabled.' }).waitFor();
  await context.clock.fastForward(pollInterval);
  await heading(page, 'Log in').waitFor();
  expect(await refusalOf(page)).toMatchObject({ status: 403, code: 'passkey_for_review' });

  const { accessToken } = await api.login(who);
  const { passkeys: [passkey] } = await api.call('GET', 'api/accounts/passkeys', { accessToken }) as { passkeys: [{ id: string; forReview: boolean }] };
  expect(passkey.forReview).toBe(true);
  await api.call('PATCH', `api/accounts/passkeys/${passkey.id}`, { accessToken, body: { reviewed: true } });
  await button(page, 'Use a passkey').click();
  await heading(page, who.email).waitFor();

  await dashboard.getByRole('link', { name: 'All users' }).click();
  await dashboard.goBack();
  await passkeyIs(dashboard, 'usable');
  await act(dashboard, /^Remove A laptop of /, 'Remove');
  await dashboard.getByText('This user has no passkey.').waitFor();
  await button(page, 'Log out').click();
  expect(await refusalOf(page)).toMatchObject({ status: 401, code: 'passkey_unknown' });
}));

/** A user with a passkey and two sessions in one page, and the administrator's view of them in another. */
async function showUser({ who, api, context, demo }: Parameters<Parameters<typeof withDemo>[0]>[0]): Promise<{ page: Page; dashboard: Page }> {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  await withPasskey(page, who);
  const { account } = await api.login(who, 'a phone');
  const dashboard = await demo(`${inject('base')}api/dashboard#users/${account.id}`);
  await dashboard.getByLabel('Email').fill(admin.email);
  await dashboard.getByLabel('Password').fill(admin.password);
  await button(dashboard, 'Log in').click();
  await passkeyIs(dashboard, 'usable');
  return { page, dashboard };
}

const passkeyIs = (dashboard: Page, state: string): Promise<void> =>
  dashboard.getByRole('row', { name: 'A laptop' }).getByRole('cell', { name: state, exact: true }).waitFor();

/** Presses a button of the page, and one of the dialog that it opens. */
async function act(dashboard: Page, name: string | RegExp, answer: string): Promise<void> {
  await dashboard.getByRole('button', { name, exact: true }).click();
  await dashboard.getByRole('dialog').getByRole('button', { name: answer, exact: true }).click();
}

/** The problem of a login with the passkey. */
async function refusalOf(page: Page): Promise<unknown> {
  const refused = page.waitForResponse('**/sessions/passkey');
  await button(page, 'Use a passkey').click();
  return await (await refused).json();
}

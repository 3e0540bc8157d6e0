import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { api, open, settled, someRowsOf, withPage } from './harness/page.ts';

let users = 0;

async function show(page: Page): Promise<{ id: string; email: string; password: string }> {
  const user = await api.register(`acts-${users += 1}@example.com`);
  const { account } = await api.login(user, 'a laptop');
  await open(page, `#users/${account.id}`);
  await settled(page);
  return { ...user, id: account.id };
}

const stateOf = (page: Page, name: string) => page.locator('dl div', { has: page.locator('dt', { hasText: name }) }).locator('dd').innerText();

/** Presses a button of the page, and one of the dialog that it opens. */
async function act(page: Page, text: string, answer: string, done: string): Promise<void> {
  await page.getByRole('button', { name: text, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: answer, exact: true }).click();
  await page.getByRole('status').filter({ hasText: done }).waitFor();
}

test('an account is disabled, enabled and given roles, and all of it is on record', () => withPage({}, async page => {
  const user = await show(page);
  await act(page, 'Disable', 'Disable', 'The account is disabled.');
  expect(await stateOf(page, 'State')).toBe('disabled');
  await expect(api.login(user)).rejects.toThrow('invalid_credentials');
  await act(page, 'Enable', 'Enable', 'The account is enabled.');
  await api.login(user);

  await page.getByRole('button', { name: 'Change roles' }).click();
  // The focus is there already.
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('clerk, teller clerk');
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'The roles are set.' }).waitFor();
  expect(await stateOf(page, 'Roles')).toBe('clerk, teller');
  await page.getByRole('link', { name: admin.email }).first().waitFor();
  const acts = (await someRowsOf(page, 'Log, newest first')).filter(row => row[6] === admin.email).map(([, what]) => what);
  expect(acts).toEqual(expect.arrayContaining(['Account disabled', 'Account enabled', 'Roles changed']));
}));

test('a new password that no mail can set isn\'t forced, and the page says what to do instead', () => withPage({ refusals: true }, async page => {
  const user = await show(page);
  await page.getByRole('button', { name: 'Secure this account' }).click();
  await page.getByRole('button', { name: 'Force a new password' }).click();
  await page.getByRole('alert').filter({ hasText: 'Disable the account instead.' }).waitFor();
  await api.login(user);
}));

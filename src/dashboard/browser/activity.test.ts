import type { Download } from 'playwright-core';
import { expect, test } from 'vitest';
import { api, open, rowsOf, settled, someRowsOf, withPage } from './harness/page.ts';

test('activity can be filtered by the beginning of an email, and the filter is in the address', () => withPage({ refusals: true }, async page => {
  const user = await api.register('filtered.one@example.com');
  await api.register('filtered.two@example.com');
  const { account } = await api.login(user, 'a laptop');
  await expect(api.login({ ...user, password: 'not the right one at all' })).rejects.toThrow('invalid_credentials');
  await open(page, '#activity');
  await settled(page);
  const input = page.getByRole('combobox', { name: 'User' });
  await input.fill('filtered');
  await input.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Several emails begin with "filtered"' }).waitFor();
  await input.fill('filtered.o');
  await input.press('Enter');
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row.slice(1, 3))).toEqual([['Failed login', user.email], ['Login', user.email]]);
  expect(await page.evaluate(() => location.hash)).toBe('#activity?user=filtered.o');

  await page.getByLabel('Kind').selectOption('Failed login');
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[1])).toEqual(['Failed login']);
  await page.getByRole('link', { name: user.email }).click();
  await page.getByText(account.id, { exact: true }).waitFor();
  await page.goBack();
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[1])).toEqual(['Failed login']);
}));

test('updates can be paused, and a poll without news transfers nothing', () => withPage({}, async page => {
  const user = await api.register('while.paused@example.com');
  await api.login(user, 'a laptop');
  const polls: number[] = [];
  page.on('response', answer => void (answer.url().includes('/admin/activity') && polls.push(answer.status())));
  await open(page, '#activity?user=while.paused');
  await someRowsOf(page, 'Activity');
  await expect.poll(() => polls, { timeout: 15_000 }).toContain(304);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  await page.getByText('Paused.').waitFor();
  await api.login(user, 'a phone');
  expect(await rowsOf(page, 'Activity')).toHaveLength(1);
  await page.getByRole('button', { name: 'Resume updates' }).click();
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[2])).toEqual([user.email, user.email]);
}));

test('what a table shows can be saved as CSV', () => withPage({}, async page => {
  await open(page, '#users');
  await someRowsOf(page, 'Accounts');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV: Accounts' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('Accounts.csv');
  const lines = (await textOf(file)).replace('\uFEFF', '').trimEnd().split('\r\n');
  expect(lines).toEqual([['Email', 'Roles', 'State', 'Created'], ...await rowsOf(page, 'Accounts')].map(cells => cells.map(cell => `"${cell}"`).join(',')));
}));

async function textOf(file: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream())
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

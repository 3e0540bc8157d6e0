import type { Download } from 'playwright-core';
import { expect, test } from 'vitest';
import { api, go, open, rowsOf, settled, someRowsOf, withPage } from './harness/page.ts';

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
  await page.getByText('Several emails begin with "filtered": choose one').waitFor();
  expect(await page.locator('main .list').getByRole('link').allInnerTexts()).toEqual([user.email, 'filtered.two@example.com']);
  expect(await page.getByText('Updated automatically.').isVisible()).toBe(false);
  await page.getByRole('link', { name: user.email }).press('Enter');
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[1])).toEqual(['Failed login', 'Login']);
  expect(await input.inputValue()).toBe(user.email);
  await page.getByText('Updated automatically.').waitFor();

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

test('a filter of the address that no control shows is dropped, and success and kind replace each other', () => withPage({}, async page => {
  const user = await api.register('success.filter@example.com');
  await api.login(user, 'a laptop');
  await expect(api.login({ ...user, password: 'not the right one at all' })).rejects.toThrow('invalid_credentials');
  const kindsOf = async () => (await rowsOf(page, 'Activity')).map(row => row[1]);
  const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
  await open(page, `#activity?user=${user.email}&kind=login&success=false&colour=red&after=x`);
  await expect.poll(kindsOf).toEqual(['Login']);
  expect(await hash()).toBe(`#activity?user=${user.email}&kind=login`);

  await page.getByLabel('Login', { exact: true }).selectOption('failed');
  await expect.poll(kindsOf).toEqual(['Failed login']);
  expect(await page.getByLabel('Kind').inputValue()).toBe('');
  expect(await hash()).toBe(`#activity?user=${user.email}&success=false`);
  await page.getByLabel('Login', { exact: true }).selectOption('succeeded');
  await expect.poll(kindsOf).toEqual(['Login']);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(async () => (await rowsOf(page, 'Activity')).length).toBeGreaterThan(2);
  expect(await hash()).toBe('#activity');
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
  // What somebody reads stays as it is.
  await page.evaluate(() => getSelection()!.selectAllChildren(document.querySelector('tbody time')!));
  const selected = await page.evaluate(() => String(getSelection()));
  await page.getByRole('button', { name: 'Resume updates' }).click();
  // That of the older row, whether the newer one is there or not.
  await page.getByRole('link', { name: user.email }).last().focus();
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[2])).toEqual([user.email, user.email]);
  expect(await page.evaluate(() => String(getSelection()))).toBe(selected);
  expect(await page.getByRole('link', { name: user.email }).last().evaluate(link => link === document.activeElement)).toBe(true);
}));

test('older activity that can\'t be loaded leaves what is shown, with a retry, and a poll without news brings it back', () => withPage({ refusals: true }, async page => {
  await open(page, '#activity');
  await expect.poll(async () => (await rowsOf(page, 'Activity')).length).toBe(50);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  const refuse = () => page.route('**/admin/activity?*after=*', route => route.abort());
  await refuse();
  await page.getByRole('button', { name: 'Show older' }).press('Enter');
  const alert = page.getByRole('alert').filter({ hasText: /^The service can't be reached\. .* What is shown is from \w+ \d+, \d+, [\d:]+ UTC\.$/ });
  await alert.waitFor();
  expect(await rowsOf(page, 'Activity')).toHaveLength(50);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Show older');
  await page.unroute('**/admin/activity?*after=*');
  await page.getByRole('button', { name: 'Load the activity again' }).click();
  await expect.poll(async () => (await rowsOf(page, 'Activity')).length).toBe(100);

  await refuse();
  await page.getByRole('button', { name: 'Show older' }).click();
  await alert.waitFor();
  await page.getByRole('button', { name: 'Resume updates' }).click();
  await alert.waitFor({ state: 'detached' });
  expect((await rowsOf(page, 'Activity')).length).toBeGreaterThanOrEqual(100);
}));

test('a period that is over isn\'t polled, and one that isn\'t is', () => withPage({}, async page => {
  const user = await api.register('of.a.period@example.com');
  await api.login(user, 'a laptop');
  await open(page, '#activity?user=of.a.period&to=2026-01-01T00:00:00.000Z');
  await settled(page);
  await page.getByText('Not updated: the period is over.').waitFor();
  expect(await page.getByRole('button', { name: /updates$/ }).count()).toBe(0);

  await page.getByLabel(/^To\b/).fill('2099-01-01T00:00');
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[1])).toEqual(['Login']);
  await api.login(user, 'a phone');
  await page.getByText('Updated automatically.').waitFor();
  await expect.poll(async () => (await rowsOf(page, 'Activity')).length).toBe(2);
}));

test('a late answer for another filter is never shown, and no poll begins before the first answer', () => withPage({}, async page => {
  const [one, other] = [await api.register('late.one@example.com'), await api.register('late.other@example.com')];
  await Promise.all([api.login(one), api.login(other)]);
  let release = () => {};
  const held = new Promise<void>(resolve => void (release = resolve));
  const asked: string[] = [];
  await page.route('**/admin/activity?*', async route => {
    const { searchParams } = new URL(route.request().url());
    asked.push(searchParams.get('user')!);
    if (searchParams.get('user') === one.email)
      await held;
    await route.continue().catch(() => {});
  });
  await open(page, `#activity?user=${one.email}`);
  await expect.poll(() => asked).toEqual([one.email]);
  // A poll would be asked for in its place.
  for (const name of ['Pause updates', 'Resume updates'])
    await page.getByRole('button', { name }).click();
  await page.getByRole('combobox', { name: 'User' }).fill(other.email);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => row[2])).toEqual([other.email]);
  expect(asked.filter(email => email === one.email)).toHaveLength(1);
  release();
  await page.getByRole('button', { name: 'Pause updates' }).click();
  expect((await rowsOf(page, 'Activity')).map(row => row[2])).toEqual([other.email]);
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

test('a CSV tells sessions by their id', () => withPage({}, async page => {
  const { session, account } = await api.login(await api.register('csv.sessions@example.com'), 'a laptop');
  /** The cells of the row of a login. */
  const loginOf = async (hash: string, caption: string): Promise<string[]> => {
    await go(page, hash);
    await expect.poll(async () => (await rowsOf(page, caption)).some(row => row[1]?.startsWith('Login'))).toBe(true);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: `CSV: ${caption}` }).click();
    return (await textOf(await saved)).split('\r\n').find(line => line.includes('"Login'))!.slice(1, -1).split('","');
  };
  await open(page);
  expect((await loginOf('activity?user=csv.sessions', 'Activity')).at(-1)).toBe(session.id);
  expect((await loginOf(`users/${account.id}`, 'Log, newest first'))[3]).toBe(`${session.id}, record intact`);
}));

async function textOf(file: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream())
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

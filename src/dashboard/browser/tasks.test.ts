import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { api, open, rowsOf, settled, someRowsOf, withPage } from './harness/page.ts';

/** Counts the user's clicks from now on. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const state = globalThis as unknown as { clicks: number };
    state.clicks = 0;
    addEventListener('click', ({ isTrusted }) => void (state.clicks += Number(isTrusted)), true);
  });
  return () => page.evaluate(() => (globalThis as unknown as { clicks: number }).clicks);
}

test('an intruder is found, thrown out and kept out in three clicks', () => withPage({}, async page => {
  const jane = await api.register('jane.task@example.com');
  const own = await api.login(jane, 'Jane\'s laptop');
  const intruder = await api.login(jane, 'unknown phone');
  // In and out before anybody looked.
  await api.call('POST', 'api/sessions/logout', { accessToken: (await api.login(jane, 'burner')).accessToken });
  await open(page, '#users');
  const clicks = await countClicks(page);

  await page.getByLabel('Email or user id').pressSequentially('jane.t');
  await page.getByRole('link', { name: jane.email }).click();
  await page.getByRole('button', { name: 'Secure this account' }).waitFor();
  const log = await someRowsOf(page, 'Log, newest first');
  expect(log.filter(([, what]) => what === 'LoginProof: password').map(([, , device, session]) => [device, session]))
    .toEqual([['burner', 'Historyrecord intact'], ['unknown phone', 'Historyrecord intact'], ['Jane\'s laptop', 'Historyrecord intact']]);
  await someRowsOf(page, 'Active sessions');
  await page.getByRole('button', { name: 'Secure this account' }).click();
  const dialog = page.getByRole('dialog', { name: `Secure the account of ${jane.email}` });
  await expect.poll(() => dialog.innerText()).toMatch(/unknown phone, Unknown, \S+, since [\s\S]*Jane's laptop, Unknown, \S+, since /);
  await dialog.getByRole('button', { name: 'Disable the account' }).click();
  await page.getByRole('status').filter({ hasText: 'The account is secured: it is disabled, and 2 sessions have ended.' }).waitFor();
  expect(await clicks()).toBe(3);

  for (const { accessToken } of [own, intruder])
    await expect(api.call('GET', 'api/sessions/status', { accessToken })).rejects.toThrow('"reason":"admin"');
  await expect(api.login(jane)).rejects.toThrow('invalid_credentials');
  // It is on record, with the administrator.
  await expect.poll(async () => (await rowsOf(page, 'Log, newest first')).filter(row => row[6] === admin.email).map(([, what]) => what)).toContain('Account secured');
}));

test('what is going on is seen as it happens, and an address leads to what it did, in three clicks', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  const clicks = await countClicks(page);
  await page.getByRole('link', { name: 'Activity' }).click();
  await settled(page);
  const user = await api.register('just.now@example.com');
  await api.login(user, 'a laptop');
  await page.getByRole('status').filter({ hasText: /^\d+ new entr(y|ies)\.$/ }).waitFor({ timeout: 15_000 });
  await expect.poll(async () => (await rowsOf(page, 'Activity')).map(row => `${row[1]} ${row[2]}`).join()).toMatch(/Login(New device)? just\.now@example\.com/);

  await page.getByRole('link', { name: 'Flagged addresses' }).click();
  const [flag] = await someRowsOf(page, 'Flagged addresses');
  await page.getByRole('link', { name: flag![0]!, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Activity' }).waitFor();
  await settled(page);
  expect(await clicks()).toBe(3);
  expect(await page.getByLabel('Address', { exact: true }).inputValue()).toBe(flag![0]);
  const rows = await someRowsOf(page, 'Activity');
  expect(new Set(rows.map(row => row[1]))).toEqual(new Set(['Failed login']));
  expect(new Set(rows.map(row => row[3]))).toEqual(new Set([flag![0]]));
}));

test('whether the service is healthy is one click away, with what to do', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  const clicks = await countClicks(page);
  await page.getByRole('link', { name: 'Health' }).click();
  const figures = await someRowsOf(page, 'Health of the service');
  expect(await clicks()).toBe(1);
  const names = figures.map(([name]) => name);
  for (const name of ['Storage', 'Timer SendOutbox', 'Key ring', 'Outbox', 'Dead letters', 'Client addresses', 'Redis', 'Location database', 'Unreadable rows', 'Password hashes'])
    expect(names).toContain(name);
  expect(figures.every(row => row.every(cell => cell !== ''))).toBe(true);
}));

test('the page of health and the live figures say when they get no answer, and that nothing is good then', () => withPage({ refusals: true }, async page => {
  await page.route('**/admin/health', route => route.fulfill({ json: {
    at: new Date(), storage: { latencyMilliseconds: 4 }, timers: [], keys: { state: 'current', createdAt: new Date(), kinds: [] },
    outbox: { waiting: 0, complete: true, deadLetters: 0, deadLettersComplete: true }, clientAddresses: 'known', unreadableRows: 0,
    passwordHashes: 'argon2id',
  } }));
  await open(page, '#health');
  const good = page.locator('main .good');
  await good.waitFor();
  const refuse = (route: string, detail: string) => page.route(route, each => each.fulfill({
    status: 503, contentType: 'application/problem+json', json: { title: 'The service is temporarily unavailable', detail, code: 'unavailable', status: 503 },
  }));
  await refuse('**/admin/health', 'Try again.');
  const updateNow = async () => {
    for (const name of ['Pause updates', 'Resume updates'])
      await page.getByRole('button', { name }).click();
  };
  await updateNow();
  await page.getByRole('alert').filter({ hasText: /^The service is temporarily unavailable\. .* What is shown is from \w+ \d+, \d+, [\d:]+ UTC\.$/ }).waitFor();
  expect(await good.isVisible()).toBe(false);
  expect((await rowsOf(page, 'Health of the service')).length).toBeGreaterThan(0);
  // An instance that isn't ready says whether keys or storage fail.
  await refuse('**/health/ready', 'The key ring can\'t be read.');
  await updateNow();
  await page.getByRole('alert').filter({ hasText: 'health/ready says: "The service is temporarily unavailable. The key ring can\'t be read."' }).waitFor();
  await page.unroute('**/admin/health');
  await updateNow();
  await page.getByRole('alert').waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Overview' }).click();
  await settled(page);
  expect(await page.locator('.figures > div', { hasText: 'Users online' }).innerText()).toContain('Unknown');
  await page.getByText('Redis is off, or doesn\'t answer.').waitFor();
  await page.route('**/admin/statistics?*', route => route.abort());
  await updateNow();
  await page.getByRole('region', { name: 'Now' }).getByRole('alert').filter({ hasText: 'What is shown is from' }).waitFor();
}));

import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { cacheEntries, logIn, openDemo, rowsOf, workerReady, pollInterval, withDemo } from './harness/demo.ts';
import { screenshot } from './harness/screenshot.ts';

const message = (page: Page): Locator => page.getByLabel('Message', { exact: true });

async function write(page: Page, text: string): Promise<void> {
  await message(page).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** The session as stored in the browser. */
async function storedSession(page: Page): Promise<{ id: string; access: { token: string }; refreshToken: string }> {
  return await page.evaluate(() => JSON.parse(Object.entries(localStorage)
    .find(([name]) => name.startsWith('serverless-sessions:') && name.endsWith('/'))![1] as string) as Awaited<ReturnType<typeof storedSession>>);
}

test('two users of the demo see each other online and chat, and messages are shown as text', () => withDemo(async ({ api, who, proxy, context, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const statuses = (): unknown[] => proxy.requests.filter(({ line }) => line === 'GET messages/conversations').map(({ status }) => status);
  await expect.poll(statuses).toContain(200);
  // An error is shown, and disappears.
  proxy.failNext('GET messages/conversations', { status: 503, answer: { code: 'unavailable', title: 'Storage is slow' } });
  await context.clock.fastForward(pollInterval);
  await page.getByText('Could not be loaded: Storage is slow').waitFor();
  await context.clock.fastForward(pollInterval);
  await page.getByText('Could not be loaded').waitFor({ state: 'detached' });
  expect(statuses().at(-1)).toBe(304);
  const link = await page.getByLabel('Your chat link').inputValue();
  const somebody = await api.register(`b-${who.email}`);
  const elsewhere = await context.browser()!.newContext();
  const errors: string[] = [];
  try {
    const theirs = await openDemo({ proxy }, elsewhere, errors, new URL(link).hash);
    await logIn(theirs, somebody);
    await theirs.getByRole('button', { name: `${who.email} online` }).waitFor();
    const text = '<img src=x onerror="window.hacked = true"> hello';
    await write(theirs, text);
    await context.clock.fastForward(pollInterval);
    await page.getByText(text).waitFor();
    await page.getByRole('button', { name: /online$/ }).waitFor();
    proxy.failNext('POST messages', { status: 413, answer: { code: 'payload_too_large', title: 'Request too large' } }, { status: 418, answer: { code: 'a_new_code', title: 'A new problem' } });
    await write(page, 'too much');
    await page.getByRole('alert').getByText('Not sent. That is too long.').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alert').getByText('Not sent. A new problem.').waitFor();
    let answer = (): void => {};
    proxy.failNext('POST messages', new Promise(done => void (answer = done)));
    await write(page, 'and hello to you');
    await theirs.getByText('and hello to you').waitFor();
    await message(page).fill('What is typed while that is on its way');
    answer();
    await page.getByText('and hello to you').waitFor();
    expect(await message(page).inputValue()).toBe('What is typed while that is on its way');
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    await screenshot(page, 'demo-chat');

    // Another device ends the session.
    const { id, access } = await storedSession(page);
    await api.call('DELETE', `api/sessions/${id}`, { accessToken: access.token });
    await context.clock.fastForward(pollInterval);
    await page.getByText('Your session has ended: it was ended from another device.').waitFor();
    await logIn(page, who);
    await expect.poll(() => message(page).inputValue(), { timeout: 4000 }).toBe('What is typed while that is on its way');
  } finally {
    await elsewhere.close();
  }
  expect(errors).toEqual([]);
}));

test('the demo opens offline with its last data, no cache has a token, and a logout deletes the data', () => withDemo(async ({ api, who, proxy, context, demo }) => {
  const other = (await api.login(await api.register(`b-${who.email}`))).account.id;
  const page = await demo(`#${other}`);
  await logIn(page, who);
  await write(page, 'to be read in the tunnel');
  await page.getByText('to be read in the tunnel').waitFor();
  await workerReady(page);
  await page.reload();
  await expect.poll(async () => (await cacheEntries(page)).map(({ address }) => address), { timeout: 8000 }).toEqual(expect.arrayContaining([
    `${proxy.base}api/demo`, `${proxy.base}api/sessions/my-sessions`, `${proxy.base}api/sessions/my-session-logs?limit=10`,
  ]));
  await expect.poll(async () => (await cacheEntries(page)).find(({ address }) => address.endsWith(`messages?with=${other}`))?.text, { timeout: 8000 }).toContain('to be read');
  const { access, refreshToken } = await storedSession(page);
  const entries = await cacheEntries(page);
  const data = entries.filter(({ cache }) => cache.includes(':session:')).map(({ text }) => text).join();
  expect(data).toContain('"device":"Demo page"');
  expect(data).not.toMatch(/authorization|bearer/i);
  const everything = JSON.stringify(entries);
  // Booleans: the texts are long.
  expect([access.token, refreshToken, access.token.split('.')[2]!].map(token => [token.length > 40, everything.includes(token)])).toEqual(Array(3).fill([true, false]));

  proxy.isDown = true;
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('heading', { name: who.email }).waitFor();
  await page.getByText('Offline', { exact: true }).waitFor();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringMatching(/^Demo page \(this one\)/)]);
  await page.getByRole('region', { name: 'Devices' }).getByText('Cached by the service worker').waitFor();
  await page.getByText('to be read in the tunnel').waitFor();
  await screenshot(page, 'demo-offline');

  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await expect.poll(async () => (await cacheEntries(page)).filter(({ cache }) => cache.includes(':session:')), { timeout: 4000 }).toEqual([]);
  proxy.isDown = false;
  proxy.requests.length = 0;
  await context.setOffline(false);
  await expect.poll(() => proxy.requests.filter(({ line }) => line === 'POST sessions/logout'), { timeout: 8000 }).toEqual([{ line: 'POST sessions/logout', status: 204 }]);
}));

import { randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { barriers } from './harness/accessibility.ts';
import { Api } from './harness/api.ts';
import { expectReadable, logIn, rowsOf, pollInterval, withDemo } from './harness/demo.ts';
import { pictureOfTop } from './harness/screenshot.ts';

test('the demo is readable in light and dark colours, on wide and narrow screens', () => withDemo(async ({ api, context, demo }) => {
  const jane = await api.register('jane@example.com');
  const { account } = await api.login(await api.register('john@example.com'));
  const page = await demo(`#${account.id}`);
  const look = async (name: string): Promise<void> => {
    await expectReadable(page, name, [1440, 390]);
    expect(await barriers(page), name).toEqual([]);
  };
  // No colour transitions.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await look('login');
  await logIn(page, jane);
  await api.login(jane, 'A laptop with a rather long name of its own');
  await context.clock.fastForward(pollInterval);
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(2);
  await page.getByLabel('Message', { exact: true }).fill('Hello John, is that you in the list of devices?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('list', { name: /^Messages with/ }).getByText('Hello John').waitFor();
  await look('demo');
  for (const part of ['Passkeys', 'Notifications']) {
    await page.getByRole('button', { name: part, exact: true }).click();
    await page.getByRole('dialog', { name: part }).waitFor();
    expect(await barriers(page), part).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  }
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByText('Your session has ended: you have logged out.').waitFor();
  await look('logged-out');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByRole('button', { name: 'Create account' }).waitFor();
  await look('register');
}));

test('the demo shows where its sessions are, and a notice of one that has moved to the country that the user chose', () => withDemo(async ({ context, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringContaining('\t81.2.69.142\tUnited Kingdom\t')]);
  await page.getByLabel('Pretend to be in').selectOption('Germany');
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await context.clock.fastForward(pollInterval);
  await page.getByText(/A session has moved to another country: .* at 193\.99\.144\.80, Germany\.$/).waitFor();
}));

test('the picture of the README shows a session, a chat and two devices', () => withDemo(async ({ context, demo }) => {
  const api = new Api(inject('base'), { 'x-forwarded-for': '81.2.69.142' });
  const [jane, john] = [await api.register('jane.doe@example.com'), await api.login(await api.register('john.doe@example.com'))];
  const page = await demo(`#${john.account.id}=john.doe@example.com`);
  await logIn(page, jane);
  const { account, accessToken } = await api.login(jane, 'Firefox on Linux');
  const send = (from: string, to: string, body: string): Promise<unknown> =>
    api.call('POST', 'api/messages', { accessToken: from, body: { to, body, idempotencyKey: randomUUID() } });
  await send(john.accessToken, account.id, 'Hello Jane, is that your laptop?');
  await send(accessToken, john.account.id, 'Yes, I have just logged in there, too.');
  await context.clock.fastForward(pollInterval);
  await page.getByText('I have just logged in there').waitFor();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(2);
  await pictureOfTop(page, 'demo', { width: 1280, height: 980 });
}));

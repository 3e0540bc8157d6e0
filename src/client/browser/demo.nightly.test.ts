import { expect, test } from 'vitest';
import { barriers } from './harness/accessibility.ts';
import { expectReadable, logIn, rowsOf, screenshot, pollInterval, withDemo } from './harness/demo.ts';

test('the demo is readable in light and dark colours, on wide and narrow screens', () => withDemo(async ({ api, context, demo }) => {
  await context.setExtraHTTPHeaders({ 'x-forwarded-for': '81.2.69.142' });
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
  // The picture of the README.
  await page.setViewportSize({ width: 1280, height: 980 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(() => scrollTo(0, 0));
  await screenshot(page, 'demo', false);
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByText('Your session has ended: you have logged out.').waitFor();
  await look('logged-out');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByRole('button', { name: 'Create account' }).waitFor();
  await look('register');
}));

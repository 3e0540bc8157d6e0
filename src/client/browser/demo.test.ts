import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { logIn, rowsOf, pollInterval, withDemo } from './harness/demo.ts';
import { screenshot } from './harness/screenshot.ts';

/** The name or text of the focused element. */
async function focused(page: Page): Promise<string | null | undefined> {
  return await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
}

test('the demo logs in, shows devices and history, and ends a session elsewhere', () => withDemo(async ({ api, context, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringMatching(/^Demo page \(this one\)/)]);
  const { accessToken } = await api.login(who, 'a phone');
  await context.clock.fastForward(pollInterval);
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(2);
  expect(await focused(page)).toBe(who.email);
  await page.getByRole('button', { name: 'End the session of a phone' }).click();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(1);
  expect(await focused(page)).toBe('Devices');
  await expect(api.call('GET', 'api/sessions/status', { accessToken })).rejects.toThrow('"reason":"revoked"');
  await context.clock.fastForward(pollInterval);
  await expect.poll(() => rowsOf(page, 'History'), { timeout: 8000 }).toEqual([
    expect.stringMatching(/^Session ended\t/), expect.stringMatching(/^Login\t.*a phone/), expect.stringMatching(/^Login\t.*Demo page/), expect.stringMatching(/^Account created\t/),
  ]);
  // It counts down.
  const left = () => page.getByTestId('left').innerText();
  const first = await left();
  await expect.poll(left, { timeout: 4000 }).not.toBe(first);
}));

test('two tabs of the demo share refreshes, logins and logouts, and show nothing of the previous user', () => withDemo(async ({ api, who, proxy, demo, open }) => {
  const page = await demo();
  await logIn(page, who);
  const other = await demo();
  await other.getByRole('heading', { name: who.email }).waitFor();
  proxy.requests.length = 0;
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await page.getByText('This tab has new tokens for all tabs.').waitFor();
  await other.getByText('Another tab got new tokens.').waitFor();
  expect(proxy.count('POST sessions/refresh')).toBe(1);

  expect(await rowsOf(page, 'Devices')).toHaveLength(1);
  const next = await api.register(`b-${who.email}`);
  const elsewhere = await open();
  let answer = (): void => {};
  const late = new Promise<void>(done => void (answer = done));
  proxy.failNext('GET sessions/my-sessions', late, late, late, late);
  await elsewhere.evaluate(credentials => window.manager.login({ ...credentials, device: 'Another page' }), next);
  await page.getByRole('heading', { name: next.email }).waitFor();
  expect(await rowsOf(page, 'Devices')).toEqual([]);
  await page.getByText(`${next.email} is logged in, in all tabs.`).waitFor();
  expect(await page.getByText('This tab has new tokens for all tabs.').count()).toBe(0);
  answer();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringMatching(/^Another page \(this one\)/)]);

  await other.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByText('Your session has ended: you have logged out.').waitFor();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await expect.poll(() => focused(other)).toBe('Log in');
}));

test('the indicator appears while the service is down, shows details on focus, and disappears when it is back', () => withDemo(async ({ who, proxy, context, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const indicator = page.getByRole('button', { name: 'Connection problem' });
  expect(await page.getByRole('status').allInnerTexts()).toEqual(['']);
  proxy.isDown = true;
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await indicator.waitFor();
  expect(await page.getByRole('status').allTextContents()).toEqual(['Connection problem']);
  await indicator.focus();
  await page.getByRole('tooltip').getByText(/(One try|\d+ tries) failed; .*You stay logged in\./).waitFor();
  await screenshot(page, 'demo-fault');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
  proxy.isDown = false;
  await context.clock.fastForward(2 * pollInterval);
  await indicator.waitFor({ state: 'detached', timeout: 15_000 });
  await page.getByText('This tab has new tokens for all tabs.').waitFor();
}));

test('the demo shows a notice of a login from a new device', () => withDemo(async ({ api, context, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await api.login(who, 'a stranger', 'Mozilla/5.0 (Macintosh) Firefox/140.0');
  await expect.poll(async () => {
    await api.runTimer('RaiseSecurityAlerts');
    await context.clock.fastForward(pollInterval);
    return await page.getByText(/Login from a new device: a stranger/).count();
  }, { timeout: 20_000, interval: 1000 }).toBe(1);
}));

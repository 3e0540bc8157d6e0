import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faintTexts } from '../../dashboard/browser/harness/contrast.ts';
import { cached, logIn, openDemo, rowsOf, served } from './harness/demo.ts';
import { type Tabs, withTabs } from './harness/tabs.ts';

/** A folder to keep pictures in, to be looked at. */
const pictures = process.env['SCREENSHOTS'];

/** Runs a test with a browser profile, in which nothing may go wrong that the test doesn't expect. */
function withDemo(test: (tabs: Tabs & { demo(hash?: string): Promise<Page> }) => Promise<void>): Promise<void> {
  return withTabs(async tabs => {
    const complaints: string[] = [];
    await test({ ...tabs, demo: hash => openDemo(tabs, tabs.context, complaints, hash) });
    expect(complaints).toEqual([]);
  });
}

/** What has the focus, by its name or its text. */
async function focused(page: Page): Promise<string | null | undefined> {
  return await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
}

async function shoot(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
}

test('the demo logs in, shows devices and history, and ends a session elsewhere', () => withDemo(async ({ api, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringMatching(/^Demo page \(this one\)/)]);
  const { accessToken } = await api.login(who, 'a phone');
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(2);
  expect(await focused(page)).toBe(who.email);
  await page.getByRole('button', { name: 'End the session of a phone' }).click();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(1);
  expect(await focused(page)).toBe('Devices');
  await expect(api.call('GET', 'api/sessions/status', { accessToken })).rejects.toThrow('"reason":"revoked"');
  await expect.poll(() => rowsOf(page, 'History'), { timeout: 8000 }).toEqual([
    expect.stringMatching(/^session_revoked\t/), expect.stringMatching(/^login\t.*a phone/), expect.stringMatching(/^login\t.*Demo page/), expect.stringMatching(/^account_created\t/),
  ]);
  // Each second a little less.
  const left = () => page.getByTestId('left').innerText();
  const first = await left();
  await expect.poll(left, { timeout: 4000 }).not.toBe(first);
}));

test('two tabs of the demo are one session: one renews for both, one logs out for both', () => withDemo(async ({ who, front, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const other = await demo();
  await other.getByRole('heading', { name: who.email }).waitFor();
  front.passed.length = 0;
  await page.getByRole('button', { name: 'Renew now' }).click();
  await page.getByText('New tokens, and every tab has them.').waitFor();
  await other.getByText('New tokens, from another tab.').waitFor();
  expect(front.count('POST sessions/refresh')).toBe(1);

  await other.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByText('The session is over (logout).').waitFor();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await expect.poll(() => focused(other)).toBe('Log in');
}));

test('another user who logs in in another tab sees nothing of the one before', () => withDemo(async ({ api, who, front, demo, open }) => {
  const page = await demo();
  await logIn(page, who);
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(1);
  const next = await api.register(`b-${who.email}`);
  const other = await open();
  let answer = (): void => {};
  const late = new Promise<void>(done => void (answer = done));
  front.trouble('GET sessions/my-sessions', late, late, late);
  await other.evaluate(credentials => window.manager.login({ ...credentials, device: 'Another page' }), next);
  await page.getByRole('heading', { name: next.email }).waitFor();
  expect(await rowsOf(page, 'Devices')).toEqual([]);
  answer();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringMatching(/^Another page \(this one\)/)]);
}));

test('two users of the demo see each other online and write to each other, and what they write is text', () => withDemo(async ({ api, who, front, context, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const statuses = (): unknown[] => front.passed.filter(({ line }) => line === 'GET messages/conversations').map(({ status }) => status);
  await expect.poll(() => statuses().includes(304), { timeout: 8000 }).toBe(true);
  // What is shown isn't that of now, and then it is again.
  front.trouble('GET messages/conversations', { status: 503, answer: { code: 'unavailable' } });
  await page.getByText('Not to be had now: unavailable').waitFor();
  await page.getByText('Not to be had now').waitFor({ state: 'detached' });
  expect(statuses().at(-1)).toBe(304);
  const link = await page.getByLabel('Your link').inputValue();
  const somebody = await api.register(`b-${who.email}`);
  const elsewhere = await context.browser()!.newContext();
  const complaints: string[] = [];
  try {
    const theirs = await openDemo({ front }, elsewhere, complaints, new URL(link).hash);
    await logIn(theirs, somebody);
    await theirs.getByRole('button', { name: /online$/ }).waitFor();
    const text = '<img src=x onerror="window.hacked = true"> hello';
    await write(theirs, text);
    await page.getByText(text).waitFor();
    await page.getByRole('button', { name: /online$/ }).waitFor();
    let answer = (): void => {};
    front.trouble('POST messages', new Promise(done => void (answer = done)));
    await write(page, 'and hello to you');
    await theirs.getByText('and hello to you').waitFor();
    await message(page).fill('What is typed while that is on its way');
    answer();
    await page.getByText('and hello to you').waitFor();
    expect(await message(page).inputValue()).toBe('What is typed while that is on its way');
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    await shoot(page, 'demo-chat');

    await message(theirs).fill('Not yet sent');
    const { accessToken } = await api.login(somebody);
    const { sessions } = await api.call('GET', 'api/sessions/my-sessions', { accessToken }) as { sessions: { id: string; device: string }[] };
    await api.call('DELETE', `api/sessions/${sessions.find(({ device }) => device === 'Demo page')!.id}`, { accessToken });
    await theirs.getByText('The session is over (revoked).').waitFor();
    await logIn(theirs, somebody);
    await expect.poll(() => message(theirs).inputValue(), { timeout: 4000 }).toBe('Not yet sent');
  } finally {
    await elsewhere.close();
  }
  expect(complaints).toEqual([]);
}));

const message = (page: Page): Locator => page.getByLabel('Message', { exact: true });

async function write(page: Page, text: string): Promise<void> {
  await message(page).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

test('the demo opens offline with the last known session and its last data, no token is in a cache, and a logout empties it', () => withDemo(async ({ api, who, front, context, demo }) => {
  const other = (await api.login(await api.register(`b-${who.email}`))).account.id;
  const page = await demo(`#${other}`);
  await logIn(page, who);
  await write(page, 'to be read in the tunnel');
  await page.getByText('to be read in the tunnel').waitFor();
  await served(page);
  await page.reload();
  await expect.poll(async () => (await cached(page)).map(({ address }) => address), { timeout: 8000 }).toEqual(expect.arrayContaining([
    `${front.base}api/demo`, `${front.base}api/sessions/my-sessions`, `${front.base}api/sessions/my-session-logs?limit=10`,
  ]));
  await expect.poll(async () => (await cached(page)).find(({ address }) => address.endsWith(`messages?with=${other}`))?.text, { timeout: 8000 }).toContain('to be read');
  const stored = await page.evaluate(() => Object.entries(localStorage).find(([name]) => name.startsWith('serverless-sessions:') && name.endsWith('/'))![1]);
  const { access, refreshToken } = JSON.parse(stored) as { access: { token: string }; refreshToken: string };
  const entries = await cached(page);
  const data = entries.filter(({ cache }) => cache.includes(':session:')).map(({ text }) => text).join();
  expect(data).toContain('"device":"Demo page"');
  expect(data).not.toMatch(/authorization|bearer/i);
  const everything = JSON.stringify(entries);
  // Not the texts, which are long.
  expect([access.token, refreshToken, access.token.split('.')[2]!].map(token => [token.length > 40, everything.includes(token)])).toEqual(Array(3).fill([true, false]));

  front.isAway = true;
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('heading', { name: who.email }).waitFor();
  await page.getByText('Offline', { exact: true }).waitFor();
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toEqual([expect.stringMatching(/^Demo page \(this one\)/)]);
  await page.getByRole('region', { name: 'Devices' }).getByText('From the cache of the service worker').waitFor();
  await page.getByText('to be read in the tunnel').waitFor();
  await shoot(page, 'demo-offline');

  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await expect.poll(async () => (await cached(page)).filter(({ cache }) => cache.includes(':session:')), { timeout: 4000 }).toEqual([]);
  front.isAway = false;
  front.passed.length = 0;
  await context.setOffline(false);
  await expect.poll(() => front.passed.filter(({ line }) => line === 'POST sessions/logout'), { timeout: 8000 }).toEqual([{ line: 'POST sessions/logout', status: 204 }]);
}));

test('the indicator comes while the service is away, tells more on focus, and leaves when it is back', () => withDemo(async ({ who, front, demo }) => {
  const page = await demo();
  await logIn(page, who);
  const indicator = page.getByRole('button', { name: 'Connection trouble' });
  expect(await page.getByRole('status').allInnerTexts()).toEqual(['']);
  front.isAway = true;
  await page.getByRole('button', { name: 'Renew now' }).click();
  await indicator.waitFor();
  expect(await page.getByRole('status').allTextContents()).toEqual(['Connection trouble']);
  await indicator.focus();
  await page.getByRole('tooltip').getByText(/One try failed; the next is .*You stay logged in\./).waitFor();
  await shoot(page, 'demo-trouble');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
  front.isAway = false;
  await indicator.waitFor({ state: 'detached', timeout: 15_000 });
  await page.getByText('New tokens, and every tab has them.').waitFor();
}));

test('a login from a new device is told in the demo as a notice', () => withDemo(async ({ api, who, demo }) => {
  const page = await demo();
  await logIn(page, who);
  await api.login(who, 'a stranger', 'Mozilla/5.0 (Macintosh) Firefox/140.0');
  await expect.poll(async () => {
    await api.runTimer('RaiseSecurityAlerts');
    return await page.getByText(/A login from a new device: a stranger/).count();
  }, { timeout: 20_000, interval: 1000 }).toBe(1);
}));

test('the demo can be read in light and dark colours, on a wide screen and on a narrow one', () => withDemo(async ({ who, api, demo }) => {
  const page = await demo('#0001KAHZ3YQ6T0N8M5R2V4W7X9ZA');
  // Nothing is on its way from one colour to another then.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await check(page, 'login');
  await logIn(page, who);
  await api.login(who, 'A laptop with a rather long name of its own');
  await expect.poll(() => rowsOf(page, 'Devices'), { timeout: 8000 }).toHaveLength(2);
  await check(page, 'demo');
}));

async function check(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const which = `${name}-${colorScheme}-${width}`;
      await shoot(page, which);
      const [scroll, client] = await page.evaluate(() => [document.scrollingElement!.scrollWidth, document.scrollingElement!.clientWidth]);
      expect(scroll, `${which} scrolls sideways`).toBe(client);
      expect(await faintTexts(page), which).toEqual([]);
    }
  }
}

import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { lowContrastTexts } from '../../client/browser/harness/contrast.ts';
import { base, open, settled, withPage } from './harness/page.ts';
import { check, colours, show, sizes, views } from './harness/views.ts';

test.each(['en', 'de'])('everything is accessible in light and dark colours, on wide and narrow screens, without horizontal scrolling: %s', locale =>
  withPage({ locale, bypassCSP: true, refusals: true }, async page => {
    const checkAll = async (view: string) => {
      for (const colour of colours) {
        for (const size of Object.values(sizes))
          await check(page, `${view}-${locale}`, colour, size);
      }
    };
    await page.goto(`${base}api/dashboard`);
    await page.locator('form').waitFor();
    await checkAll('login');
    await page.locator('input[name="email"]').fill(admin.email);
    await page.locator('input[name="password"]').fill(admin.password);
    await page.keyboard.press('Enter');
    await settled(page);
    for (const view of views) {
      await show(page, view);
      await checkAll(view);
    }
    const passkey = { id: 'a', name: 'A laptop with a rather long name of its own', provider: 'A password manager', createdAt: new Date().toISOString(), lastUsedAt: null };
    await page.route(/\/accounts\/\w+\/passkeys$/, route => route.fulfill({ json: { passkeys: [passkey] } }));
    // Needs a fresh proof.
    await page.route(/\/accounts\/\w+\/deletion$/, route => route.fulfill({
      status: 401, contentType: 'application/problem+json', json: { title: '-', detail: '-', code: 'insufficient_user_authentication', status: 401 },
    }));
    await show(page, 'user');
    const dialog = page.getByRole('dialog');
    const opensDialog = async (name: string, from: Locator, waitsFor = dialog) => {
      await from.click();
      await waitsFor.waitFor();
      await settled(page);
      await checkAll(`dialog-${name}`);
    };
    const opener = (key: string) => page.locator(`[data-key="${key}"]`);
    for (const key of ['secure', 'roles', 'all']) {
      await opensDialog(key, opener(key));
      await page.keyboard.press('Escape');
    }
    await opensDialog('deletion', opener('deletion'));
    await opensDialog('step-up', dialog.locator('.danger'), dialog.locator('input[name="proof"]'));
    await page.keyboard.press('Escape');
    // Of the last table on the page.
    await opensDialog('passkey', page.getByRole('row', { name: passkey.name }).last().getByRole('button'));
  }), 300_000);

test('chart lines and control borders have enough contrast in light and dark colours', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  for (const colorScheme of colours) {
    await page.emulateMedia({ colorScheme });
    const ratios = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      const luminance = (name: string) => {
        const [r = 0, g = 0, b = 0] = (style.getPropertyValue(name).match(/[0-9a-f]{2}/gi) ?? []).map(hex => {
          const part = parseInt(hex, 16) / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const sheet = luminance('--sheet');
      return ['--first', '--second', '--muted', '--accent', '--danger'].map(name => {
        const [low = 0, high = 0] = [luminance(name), sheet].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      });
    });
    // WCAG 2.2, 1.4.11
    expect(Math.min(...ratios), colorScheme).toBeGreaterThan(3);
  }
}));

test('a page keeps its contrast while it is loaded again', () => withPage({}, async page => {
  await open(page, '#activity');
  await settled(page);
  // Never answered.
  await page.route(/admin\/activit/, () => {});
  const busy = page.locator('[aria-busy]');
  await busy.waitFor();
  await expect.poll(() => busy.evaluate(element => getComputedStyle(element).boxShadow)).not.toBe('none');
  expect(await lowContrastTexts(page)).toEqual([]);
}));

test('everything can be reached by keyboard, with a skip link', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  const visited: string[] = [];
  // From the heading through the whole page, and around.
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    visited.push(await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const text = focused.getAttribute('aria-label') ?? focused.textContent ?? '';
      return `${focused.tagName.toLowerCase()} ${focused.getAttribute('name') ?? text.slice(0, 30)}${outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? ' UNSEEN' : ''}`;
    }));
  }
  const controls = ['a Skip to content', 'a Overview', 'a Activity', 'a Users', 'a Health', 'select dashboard:language', 'select dashboard:zone', 'button Log out', 'input from', 'input to', 'button Show', 'button 7 days', 'summary Logins by day (UTC): data'];
  expect(visited).toEqual(expect.arrayContaining(controls));
  expect(visited.filter(each => each.endsWith('UNSEEN') && !each.startsWith('body'))).toEqual([]);
}));

test('headings, landmarks and tables have their names', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  expect(await page.getByRole('banner').count()).toBe(1);
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(1);
  expect(await page.getByRole('main').count()).toBe(1);
  expect(await page.getByRole('heading', { level: 1 }).allTextContents()).toEqual(['Overview']);
  expect(await page.getByRole('link', { name: 'Overview' }).getAttribute('aria-current')).toBe('page');
  expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
  expect(await page.locator('input').evaluateAll(inputs => inputs.filter(input => (input as HTMLInputElement).labels?.length !== 1).length)).toBe(0);
  expect(await page.locator('select').evaluateAll(lists => lists.filter(list => !list.hasAttribute('aria-label')).length)).toBe(0);
  expect(await page.locator('figure').count()).toBe(await page.locator('figure table').count());
}));

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { api, base, narrow, open, settled, wide, withPage } from './harness/page.ts';
import { lowContrastTexts } from '../../client/browser/harness/contrast.ts';

const colours = ['light', 'dark'] as const;
const views = ['#overview', '#addresses', '#events', '#users', '#users/:id'];

/** A folder for screenshots. */
const screenshots = process.env['SCREENSHOTS'];

test('everything is readable in light and dark colours, on wide and narrow screens, without horizontal scrolling', () =>
  // No colour transitions.
  withPage({ reducedMotion: 'reduce' }, async page => {
    await page.goto(`${base}api/dashboard`);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await check(page, 'login');
    await open(page);
    const { account, session } = await api.login(admin, 'Chrome on a laptop with a rather long name of its own', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36');
    for (const view of views) {
      await page.evaluate(hash => {
        location.hash = hash;
      }, view.replace(':id', account.id));
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
      await settled(page);
      if (view === '#users/:id') {
        await page.getByLabel('History of another session').fill(session.id);
        await page.getByLabel('History of another session').press('Enter');
        await page.getByText('The record is intact').waitFor();
      }
      await page.locator('summary').evaluateAll(each => each.slice(0, 1).forEach(summary => (summary as HTMLElement).click()));
      await check(page, view.replace(/[#:]/g, '').replace('/', '-'));
    }
  }));

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

test('everything can be reached by keyboard, with a skip link', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  const visited: string[] = [];
  // From the heading through the whole page, and around.
  for (let i = 0; i < 50; i += 1) {
    await page.keyboard.press('Tab');
    visited.push(await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const text = focused.getAttribute('aria-label') ?? focused.textContent ?? '';
      return `${focused.tagName.toLowerCase()} ${focused.getAttribute('name') ?? text.slice(0, 30)}${outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? ' UNSEEN' : ''}`;
    }));
  }
  const controls = ['a Skip to content', 'a Overview', 'a Flagged addresses', 'a Users', 'button Log out', 'input from', 'input to', 'button Show', 'button 7 days', 'summary Logins by day: data'];
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
  expect(await page.locator('figure').count()).toBe(await page.locator('figure table').count());
}));

/** Checks what the page shows in both colours and on both screens. */
async function check(page: Page, view: string): Promise<void> {
  for (const colorScheme of colours) {
    await page.emulateMedia({ colorScheme });
    for (const viewport of [narrow.viewport, wide.viewport]) {
      await page.setViewportSize(viewport);
      const name = `${view}-${colorScheme}-${viewport.width}`;
      if (screenshots !== undefined) {
        mkdirSync(screenshots, { recursive: true });
        await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
      }
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.scrollingElement!;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth, `${name} scrolls sideways`).toBe(clientWidth);
      expect(await lowContrastTexts(page), name).toEqual([]);
    }
  }
}

import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { barriers } from '../../../client/browser/harness/accessibility.ts';
import { lowContrastTexts } from '../../../client/browser/harness/contrast.ts';
import { screenshot } from '../../../client/browser/harness/screenshot.ts';
import { api, go, narrow, settled, wide } from './page.ts';

/** Each page of the dashboard. */
export const views = ['overview', 'activity', 'users', 'user', 'history', 'flags', 'events', 'health'] as const;
export type ViewName = (typeof views)[number];

export const colours = ['light', 'dark'] as const;
export const sizes = { narrow: narrow.viewport, wide: wide.viewport };

const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** Shows a page; that of a user is of a new one, with a session whose device has a long name. */
export async function show(page: Page, view: ViewName): Promise<void> {
  if (view === 'user' || view === 'history') {
    const user = await api.register(`somebody-with-a-rather-long-email-${randomUUID().slice(0, 8)}@subdomain.example.com`);
    const { account, session } = await api.login(user, 'Chrome on a laptop with a rather long name of its own', agent);
    await go(page, view === 'user' ? `users/${account.id}` : `users/${account.id}?session=${session.id}`);
  } else {
    await go(page, view);
  }
  // A poll that takes long dims what is shown.
  for (const pause of await page.locator('.live button').all())
    await pause.click();
  await settled(page);
  // The data of a chart.
  await page.locator('summary').evaluateAll(each => each.slice(0, 1).forEach(summary => (summary as HTMLElement).click()));
}

/** Fails on barriers, faint texts, horizontal scrolling and buttons of one name. */
export async function check(page: Page, name: string, colorScheme: (typeof colours)[number], viewport: (typeof sizes)['wide']): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
  await screenshot(page, `${name}-${colorScheme}-${viewport.width}`);
  const found = await page.evaluate(() => {
    const isWide = (element: Element): boolean => element.scrollWidth > element.clientWidth;
    // A dialog makes the rest of the page inert.
    const names = [...(document.querySelector('dialog') ?? document).querySelectorAll('button')].filter(each => each.checkVisibility()).map(each => each.getAttribute('aria-label') ?? each.textContent);
    return {
      wide: [document.scrollingElement!, ...document.querySelectorAll('.table')].filter(isWide).map(each => each.textContent?.slice(0, 40)),
      twice: names.filter((each, i) => names.indexOf(each) !== i),
      unnamed: names.filter(each => each === null || each.trim() === ''),
    };
  });
  expect({ name, colorScheme, width: viewport.width, ...found, barriers: await barriers(page), faint: await lowContrastTexts(page) })
    .toEqual({ name, colorScheme, width: viewport.width, wide: [], twice: [], unnamed: [], barriers: [], faint: [] });
}

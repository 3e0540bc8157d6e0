import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { repository } from './processes.ts';

/** A folder. */
const screenshots = process.env['SCREENSHOTS'];

/** Takes a screenshot if SCREENSHOTS is set. */
export async function screenshot(page: Page, name: string, fullPage = true): Promise<void> {
  if (screenshots !== undefined) {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage });
  }
}

/** Renews a picture of the documents if `npm run pictures` asks for it. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  if (process.env['MODE'] === 'pictures')
    await page.screenshot({ path: join(repository, 'docs/images', `${name}.png`), fullPage });
}

/** Renews one that shows the top of a page. */
export async function pictureOfTop(page: Page, name: string, viewport: { width: number; height: number }): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
  await page.evaluate(() => scrollTo(0, 0));
  await picture(page, name, false);
}

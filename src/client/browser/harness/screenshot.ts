import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** A folder. */
const screenshots = process.env['SCREENSHOTS'];

/** Takes a screenshot if SCREENSHOTS is set. */
export async function screenshot(page: Page, name: string, fullPage = true): Promise<void> {
  if (screenshots !== undefined) {
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage });
  }
}

/** Takes a picture for the README. */
export async function picture(page: Page, name: string, viewport: { width: number; height: number }): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
  await page.evaluate(() => scrollTo(0, 0));
  await screenshot(page, name, false);
}

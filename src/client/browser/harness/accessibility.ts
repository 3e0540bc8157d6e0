import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Where a page breaks WCAG 2.2 AA or what axe calls best practice, as far as a machine can tell. */
export async function barriers(page: Page): Promise<string[]> {
  // Not as a script of the page, which its policy would refuse.
  await page.evaluate(await readFile(script, 'utf8'));
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html}`));
}

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { barriers } from './harness/accessibility.ts';
import { expectReadable } from './harness/demo.ts';
import { picture } from './harness/screenshot.ts';
import { built } from './harness/service.ts';

// Of the sheet with all mails, in pixels.
const [mailWidth, columns, gap] = [390, 5, 12];

let folder = '';
const mails = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mails-'));
  await promisify(execFile)('dotnet', [built('Serverless.Documents'), 'mails', folder]);
  for (const file of (await readdir(folder)).sort())
    mails.set(file.replace('.html', ''), await readFile(join(folder, file), 'utf8'));
});

afterAll(() => rm(folder, { recursive: true }));

test('every mail is readable and accessible in both colour schemes, on a phone and in a wide window', () => withPage(async page => {
  expect(mails.size).toBeGreaterThanOrEqual(10);
  for (const [name, html] of mails) {
    await page.setContent(html);
    await expectReadable(page, `mail-${name}`, [390, 800]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await barriers(page), `${name}, ${colorScheme}`).toEqual([]);
    }
  }
}));

test('all mails fit beside each other in a picture', () => withPage(async page => {
  await page.setContent(`<!doctype html><meta name="color-scheme" content="light dark"><body style="margin: ${gap}px; display: grid;
    grid-template-columns: repeat(${columns}, ${mailWidth}px); gap: ${gap}px">`);
  const tallest = await page.evaluate(async ({ pages, width }) => {
    const heights = pages.map(async html => {
      const frame = document.createElement('iframe');
      Object.assign(frame.style, { width: `${width}px`, border: '0' });
      const loaded = new Promise(done => frame.addEventListener('load', done, { once: true }));
      frame.srcdoc = html;
      document.body.append(frame);
      await loaded;
      const { scrollHeight } = frame.contentDocument!.documentElement;
      frame.style.height = `${scrollHeight}px`;
      return scrollHeight;
    });
    return Math.max(...await Promise.all(heights));
  }, { pages: [...mails.values()], width: mailWidth });
  expect(tallest).toBeLessThan(1000);
  // The full height is in the picture.
  await page.setViewportSize({ width: columns * (mailWidth + gap) + gap, height: 100 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `mails-${colorScheme}`);
  }
}, 0.45));

async function withPage(look: (page: Page) => Promise<void>, deviceScaleFactor = 1): Promise<void> {
  const context = await (await chromium.connect(inject('browser'))).newContext({ deviceScaleFactor });
  try {
    await look(await context.newPage());
  } finally {
    await context.close();
  }
}

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Api } from './harness/api.ts';
import { delay } from './harness/processes.ts';
import { each, eventNames, withTabs } from './harness/tabs.ts';

declare global {
  interface Window {
    stopKeeping?: () => void;
  }
}

/** Ends the session from another device, and lets the page notice. */
async function revoke(api: Api, page: Page): Promise<void> {
  const [accessToken, id] = await page.evaluate(async () => [await window.manager.getAccessToken(), window.manager.state.session!.id] as const);
  await api.call('DELETE', `api/sessions/${id}`, { accessToken });
  await page.evaluate(() => window.manager.getSessionStatus().catch(() => {}));
}

test('a form is restored after a forced login, except for secrets', () => withTabs(async ({ api, loggedIn, who }) => {
  const [page] = await loggedIn(1);
  const show = (): Promise<void> => page.evaluate(() => {
    document.body.innerHTML = `<form><input name="item"><input type="checkbox" name="gift"><textarea name="note"></textarea>
      <select name="size"><option>S</option><option>L</option></select><input type="password" name="pin"><input name="card" autocomplete="cc-number"></form>`;
    const form = document.querySelector('form')!;
    form.addEventListener('input', ({ target }) => form.dataset['heard'] = `${form.dataset['heard'] ?? ''} ${(target as HTMLInputElement).name}`);
    window.stopKeeping?.();
    window.stopKeeping = window.createDrafts(window.manager).keep('order', form);
  });
  await show();
  await page.fill('[name=item]', 'apples');
  await page.check('[name=gift]');
  await page.fill('[name=note]', 'ripe\nones');
  await page.selectOption('[name=size]', 'L');
  await page.fill('[name=pin]', '1234');
  await page.fill('[name=card]', '4111');
  await revoke(api, page);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toMatch(/1234|4111/);

  await show();
  await page.evaluate(credentials => window.manager.login(credentials), who);
  await expect.poll(() => page.inputValue('[name=item]')).toBe('apples');
  expect(await page.isChecked('[name=gift]')).toBe(true);
  expect(await page.inputValue('[name=note]')).toBe('ripe\nones');
  expect(await page.inputValue('[name=size]')).toBe('L');
  expect([await page.inputValue('[name=pin]'), await page.inputValue('[name=card]')]).toEqual(['', '']);
  expect(await page.getAttribute('form', 'data-heard')).toBe(' item gift note size');
}));

test('a draft isn\'t overwritten by a tab without edits, nor by another form', () => withTabs(async ({ api, loggedIn, who }) => {
  const pages = await loggedIn(3);
  const names = ['order', 'order', 'note'];
  const show = (page: Page, name: string): Promise<void> => page.evaluate(given => {
    document.body.innerHTML = '<form><input name="item" value="pears"></form>';
    window.stopKeeping?.();
    window.stopKeeping = window.createDrafts(window.manager).keep(given, document.querySelector('form')!);
  }, name);
  await Promise.all(pages.map((page, i) => show(page, names[i]!)));
  await pages[0].fill('[name=item]', 'apples');
  await pages[2]!.fill('[name=item]', 'ripe ones');
  // The tab without edits is notified last.
  await revoke(api, pages[0]);
  await expect.poll(() => each(pages, eventNames)).toEqual(pages.map(() => expect.arrayContaining(['ended'])));
  // Until each tab has had the lock.
  await delay(800);
  await expect.poll(() => pages[0].evaluate(() => localStorage.getItem('serverless-sessions:drafts'))).toMatch(/apples.*ripe|ripe.*apples/);
  expect(await pages[0].evaluate(() => localStorage.getItem('serverless-sessions:drafts'))).not.toContain('pears');

  await Promise.all(pages.slice(1).map(page => page.close()));
  await show(pages[0], 'order');
  await pages[0].evaluate(credentials => window.manager.login(credentials), who);
  await expect.poll(() => pages[0].inputValue('[name=item]')).toBe('apples');
}));

test('a page that leaves on ended has saved all forms', () => withTabs(async ({ api, loggedIn }) => {
  const [page] = await loggedIn(1);
  await page.evaluate(() => {
    document.body.innerHTML = '<form><input name="item"></form><form><input name="note"></form>';
    const drafts = window.createDrafts(window.manager);
    document.querySelectorAll('form').forEach((form, i) => drafts.keep(`form ${i}`, form));
    window.manager.on('ended', () => location.reload());
  });
  await page.fill('[name=item]', 'apples');
  await page.fill('[name=note]', 'ripe ones');
  // The reload destroys the execution context.
  await Promise.all([page.waitForEvent('load'), revoke(api, page).catch(() => {})]);
  expect(await page.evaluate(() => localStorage.getItem('serverless-sessions:drafts'))).toMatch(/apples.*ripe/);
}));

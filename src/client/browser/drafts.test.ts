import { expect, test } from 'vitest';
import { withTabs } from './harness/tabs.ts';

test('what stands in a form comes back after a forced login, but for what nobody should keep', () => withTabs(async ({ api, loggedIn, who }) => {
  const [page] = await loggedIn(1);
  const show = (): Promise<void> => page.evaluate(() => {
    document.body.innerHTML = `<form><input name="item"><input type="checkbox" name="gift"><textarea name="note"></textarea>
      <select name="size"><option>S</option><option>L</option></select><input type="password" name="pin"><input name="card" autocomplete="cc-number"></form>`;
    const form = document.querySelector('form')!;
    form.addEventListener('input', ({ target }) => form.dataset['heard'] = `${form.dataset['heard'] ?? ''} ${(target as HTMLInputElement).name}`);
    window.createDrafts(window.manager).keep('order', form);
  });
  await show();
  await page.fill('[name=item]', 'apples');
  await page.check('[name=gift]');
  await page.fill('[name=note]', 'ripe\nones');
  await page.selectOption('[name=size]', 'L');
  await page.fill('[name=pin]', '1234');
  await page.fill('[name=card]', '4111');
  const accessToken = await page.evaluate(() => window.manager.getAccessToken());
  await api.call('POST', 'api/sessions/logout-all', { accessToken });
  await page.evaluate(() => window.manager.getSessionStatus().catch(() => {}));
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

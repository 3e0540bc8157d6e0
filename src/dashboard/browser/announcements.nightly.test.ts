import { expect, test } from 'vitest';
import { open, settled, withPage } from './harness/page.ts';

test.each([
  ['accounts', '#users', '**/admin/accounts**', 'List loaded.'],
  ['events', '#events', '**/admin/security/events**', 'List loaded.'],
  ['figures', '#overview', '**/admin/failed-logins**', /^Showing /],
])('a list of %s that can\'t be loaded isn\'t announced as loaded', (_, view, route, success) => withPage({ refusals: true }, async page => {
  await open(page, view);
  await settled(page);
  const again = async () => {
    if (view === '#events')
      await page.getByLabel('Kind').selectOption({ index: await page.getByLabel('Kind').evaluate(list => (list as HTMLSelectElement).selectedIndex === 0 ? 1 : 0) });
    else
      await page.getByRole('button', { name: /^(Find|Show)$/ }).click();
    await settled(page);
  };
  const status = page.getByRole('status');
  await again();
  await status.filter({ hasText: success }).waitFor();

  await page.route(route, request => request.abort());
  await again();
  await page.getByRole('alert').filter({ hasText: 'The service can\'t be reached.' }).waitFor();
  expect(await status.textContent()).toBe('');

  await page.unroute(route);
  await again();
  await status.filter({ hasText: success }).waitFor();
}));

import { expect, test } from 'vitest';
import { pause } from './harness/processes.ts';
import { open, settled, withPage } from './harness/page.ts';

// In a file of its own, so that the others don't wait for it.
test('an access token that has expired is refreshed once, whoever needs it', () => withPage({ refusals: true }, async page => {
  await open(page, '#users');
  await settled(page);
  await pause(31_000);

  const asked: string[] = [];
  page.on('response', answer => {
    if (answer.request().resourceType() === 'fetch')
      asked.push(`${answer.status()} ${new URL(answer.url()).pathname.replace('/api/', '')}`);
  });
  // Two routes at once.
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await settled(page);

  expect(asked.toSorted()).toEqual([
    '200 admin/failed-logins', '200 admin/statistics', '200 sessions/refresh', '401 admin/failed-logins', '401 admin/statistics',
  ]);
  expect(await page.getByRole('alert').count()).toBe(0);
}), 60_000);

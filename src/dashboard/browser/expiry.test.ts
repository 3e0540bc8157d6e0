import { expect, inject, test } from 'vitest';
import { open, settled, withPage } from './harness/page.ts';
import { pause } from './harness/processes.ts';

test('an access token that has expired is refreshed once, whoever needs it', () => withPage({ refusals: true }, async page => {
  // One from before all tests takes the place of the new one, so that hardly anybody has to wait.
  const { accessToken, expiresAt } = inject('early');
  await pause(Math.max(0, expiresAt + 1000 - Date.now()));
  await page.route('**/sessions/login', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...await response.json() as object, accessToken } });
  });
  const asked: string[] = [];
  page.on('response', answer => {
    if (answer.request().resourceType() === 'fetch')
      asked.push(`${answer.status()} ${new URL(answer.url()).pathname.replace('/api/', '')}`);
  });
  // It asks two routes at once.
  await open(page, '#overview');
  await settled(page);

  expect(asked.toSorted()).toEqual([
    '200 admin/failed-logins', '200 admin/statistics', '200 sessions/login', '200 sessions/refresh',
    '401 admin/failed-logins', '401 admin/statistics',
  ]);
  expect(await page.getByRole('alert').count()).toBe(0);
}), 60_000);

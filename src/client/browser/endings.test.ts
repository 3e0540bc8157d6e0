import { expect, test } from 'vitest';
import { delay } from './harness/processes.ts';
import { each, refresh, withTabs } from './harness/tabs.ts';

const hour = 60 * 60_000;

test('a reused stolen token ends the session in all tabs with the reason, and they send nothing more', () => withTabs(async ({ proxy, context, api, loggedIn }) => {
  const pages = await loggedIn(3);
  const [stolen] = await pages[0].evaluate(() => Object.values(localStorage).map(text => (JSON.parse(text) as { refreshToken: string }).refreshToken));
  await pages[0].evaluate(() => window.manager.forceRefresh());
  // After the grace period.
  await delay(1500);
  await expect(api.call('POST', 'api/sessions/refresh', { body: { refreshToken: stolen } })).rejects.toThrow('token_reused');
  proxy.requests.length = 0;

  expect(await pages[1]!.evaluate(async () => (await window.manager.fetch('/api/sessions/status')).status)).toBe(401);
  await expect.poll(() => each(pages, page => page.evaluate(() => window.events.filter(({ name }) => name === 'ended').map(({ detail }) => detail['reason']))))
    .toEqual(pages.map(() => ['token_reuse']));
  expect(await each(pages, page => page.evaluate(() => window.manager.state.endReason))).toEqual(pages.map(() => 'token_reuse'));
  await context.clock.fastForward(hour);
  await each(pages, page => page.evaluate(() => window.manager.fetch('/api/sessions/status').then(() => '', () => '')));
  await delay(500);
  expect(proxy.lines()).toEqual(['GET sessions/status']);
}));

test('a refresh that ends the session is the last request of all tabs', () => withTabs(async ({ proxy, context, api, loggedIn }) => {
  const pages = await loggedIn(5);
  const accessToken = await pages[0].evaluate(() => window.manager.getAccessToken());
  await api.call('POST', 'api/sessions/logout-all', { accessToken });
  await context.clock.fastForward(26_000);
  await expect.poll(() => each(pages, page => page.evaluate(() => window.manager.state.endReason))).toEqual(pages.map(() => 'logout_all'));
  await context.clock.fastForward(hour);
  await delay(500);
  expect(proxy.requests).toEqual([{ line: refresh, status: 401 }]);
}));

test('a request that ends the session is the last one', () => withTabs(async ({ proxy, context, api, loggedIn }) => {
  const [page] = await loggedIn(1);
  const [accessToken, id] = await page.evaluate(async () => [await window.manager.getAccessToken(), window.manager.state.session!.id]);
  await api.call('DELETE', `api/sessions/${id}`, { accessToken: accessToken! });
  expect(await page.evaluate(() => window.manager.sessions().catch((error: { code: string }) => error.code))).toBe('session_ended');
  expect(await page.evaluate(() => window.manager.sessions().catch((error: { code: string }) => error.code))).toBe('no_session');
  await context.clock.fastForward(hour);
  await delay(500);
  expect(proxy.lines()).toEqual(['GET sessions/my-sessions']);
}));

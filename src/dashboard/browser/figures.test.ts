import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import type { FailedLogins, Statistics } from '../src/api/wire.ts';
import { dayOf } from '../src/days.ts';
import { count, duration, time, words } from '../src/format.ts';
import { admin } from '../../client/browser/harness/api.ts';
import { api, open, rowsOf, settled, withPage } from './harness/page.ts';

/** What the page asks a route for, sent by another program. */
async function sameAnswer<T>(page: Page, route: string, show: () => Promise<void>): Promise<T> {
  const asked = page.waitForRequest(`**/admin/${route}?*`);
  await show();
  await settled(page);
  return await answer<T>(route + new URL((await asked).url()).search);
}

const figuresOf = async (page: Page) =>
  (await page.locator('.figures > div').allInnerTexts()).map(text => text.split('\n').filter(line => line !== ''));

async function answer<T>(route: string): Promise<T> {
  return await api.call('GET', `api/admin/${route}`, { accessToken: (await api.login(admin)).accessToken }) as T;
}

test('the overview shows the figures of the statistics route', () => withPage({}, async page => {
  const statistics = await sameAnswer<Statistics>(page, 'statistics', () => open(page));
  expect(statistics.logins).toBeGreaterThan(100);

  expect(await figuresOf(page)).toEqual([
    ['Logins', count(statistics.logins)],
    ['Failed logins', count(statistics.failedLogins)],
    ['Active sessions', count(statistics.sessionsActive)],
    ['Ended sessions', count(statistics.sessionsEnded)],
    ['Refreshes', count(statistics.refreshes)],
    ['Reused tokens', count(statistics.tokenReuses)],
  ]);
  const newest = statistics.days.toReversed();
  expect(await rowsOf(page, 'Logins by day')).toEqual(newest.map(day => [day.day, count(day.logins), count(day.failedLogins)]));
  expect(await rowsOf(page, 'Sessions by day')).toEqual(newest.map(day => [day.day, count(day.sessionsActive), count(day.sessionsEnded)]));
  expect(await rowsOf(page, 'Active sessions by device')).toEqual(statistics.activeByDevice.map(each => [each.name, count(each.count)]));
  expect(await rowsOf(page, 'Active sessions by browser')).toEqual(statistics.activeByBrowser.map(each => [each.name, count(each.count)]));
  expect(await rowsOf(page, 'Why sessions ended')).toEqual(statistics.endedByReason.map(each => [words(each.name), count(each.count)]));
  const { p50Seconds, averageSeconds, p90Seconds, p99Seconds } = statistics.sessionDuration;
  expect((await rowsOf(page, 'How long sessions lasted')).map(([, shown]) => shown))
    .toEqual([p50Seconds, averageSeconds, p90Seconds, p99Seconds].map(duration));
  expect(await rowsOf(page, 'Who logged in')).toEqual(statistics.topUsers.map(user => [user.userId, count(user.logins), time(user.lastAt)]));
}));

test('the overview shows what happened, as it was counted apart from the app', () => withPage({}, async page => {
  const { days, refreshes, loginsByUser, endedByReason, activeByDevice, activeByBrowser } = inject('seeded');
  const sum = (values: readonly number[]) => count(values.reduce((all, each) => all + each, 0));
  const rows = (counts: Readonly<Record<string, number>>) => Object.entries(counts).map(([name, value]) => [name, count(value)]).toSorted();
  const sorted = async (caption: string) => (await rowsOf(page, caption)).map(row => row.slice(0, 2)).toSorted();
  await open(page);
  await showPeriod(page, days[0]!.day, days.at(-1)!.day);
  await page.getByRole('status').filter({ hasText: 'Showing' }).waitFor();

  expect(await figuresOf(page)).toEqual([
    ['Logins', sum(days.map(({ logins }) => logins))],
    ['Failed logins', sum(days.map(({ failedLogins }) => failedLogins))],
    ['Active sessions', count(days.at(-1)!.active)],
    ['Ended sessions', sum(days.map(({ ended }) => ended))],
    ['Refreshes', count(refreshes)],
    ['Reused tokens', count(endedByReason['token_reuse'] ?? 0)],
  ]);
  const newest = days.toReversed();
  expect(await rowsOf(page, 'Logins by day')).toEqual(newest.map(({ day, logins, failedLogins }) => [day, count(logins), count(failedLogins)]));
  expect(await rowsOf(page, 'Sessions by day')).toEqual(newest.map(({ day, active, ended }) => [day, count(active), count(ended)]));
  expect(await sorted('Active sessions by device')).toEqual(rows(activeByDevice));
  expect(await sorted('Active sessions by browser')).toEqual(rows(activeByBrowser));
  expect(await sorted('Why sessions ended')).toEqual(rows(endedByReason).map(([name = '', value]) => [words(name), value]).toSorted());
  expect(await sorted('Who logged in')).toEqual(rows(loginsByUser));
}));

test('the overview shows the failed logins of their route', () => withPage({}, async page => {
  const failed = await sameAnswer<FailedLogins>(page, 'failed-logins', () => open(page));
  expect(failed.accounts.length).toBeGreaterThan(1);
  expect(await rowsOf(page, 'With which emails'))
    .toEqual(failed.accounts.map(each => [each.userId ?? each.accountKey, count(each.failedLogins), time(each.lastAt)]));
  expect(await rowsOf(page, 'From which addresses')).toEqual(failed.addresses.map(each => [each.address, count(each.failedLogins), time(each.lastAt)]));
}));

test('the charts have drawn something', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  const painted = await page.locator('canvas').evaluateAll(canvases => canvases.map(canvas => {
    const { width, height } = canvas as HTMLCanvasElement;
    const pixels = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data;
    return new Set(Array.from({ length: width * height }, (_, i) => pixels[i * 4 + 3]! > 200 ? `${pixels[i * 4]! >> 4},${pixels[i * 4 + 1]! >> 4},${pixels[i * 4 + 2]! >> 4}` : '')).size;
  }));
  expect(painted).toHaveLength(2);
  expect(Math.min(...painted)).toBeGreaterThan(3);
}));

test('another period shows that period\'s figures, and one that cannot be says why', () => withPage({}, async page => {
  const yesterday = dayOf(Date.now() - 86_400_000);
  await open(page);
  await settled(page);

  const statistics = await sameAnswer<Statistics>(page, 'statistics', () => showPeriod(page, yesterday, yesterday));
  await page.getByRole('status').filter({ hasText: `Showing ${yesterday} to ${yesterday}.` }).waitFor();
  expect(await rowsOf(page, 'Logins by day')).toEqual([[yesterday, count(statistics.logins), count(statistics.failedLogins)]]);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Show');

  await showPeriod(page, '2026-01-02', '2026-01-01');
  await page.getByRole('alert').filter({ hasText: 'The first day is after the last one.' }).waitFor();

  await showPeriod(page, '2020-01-01', '2020-01-02');
  await page.getByText('No day of this period is counted yet.').first().waitFor();
  await page.getByText('Nobody logged in.').waitFor();
}));

async function showPeriod(page: Page, from: string, to: string): Promise<void> {
  await page.getByLabel('From', { exact: true }).fill(from);
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
}

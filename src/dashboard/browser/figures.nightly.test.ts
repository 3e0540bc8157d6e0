import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import type { FailedLogins, Statistics } from '../src/wire.ts';
import { endOf, isUnfinished, toDay } from '../src/period.ts';
import { formatCount, formatDuration, formatTime } from '../src/format.ts';
import { formatLocation } from '../src/locations.ts';
import { nameOf } from '../src/texts/texts.ts';
import { withUncounted } from '../src/views/overview.ts';
import { admin, demo } from '../../client/browser/harness/api.ts';
import { pictureOfTop } from '../../client/browser/harness/screenshot.ts';
import { api, open, rowsOf, settled, withPage } from './harness/page.ts';

const daysAgo = (count: number, from = Date.now()): string => toDay(from - count * 86_400_000);

/** The answer to the page's own request, fetched separately. */
async function sameAnswer<T>(page: Page, route: string, show: () => Promise<void>): Promise<T> {
  // Not the live figures.
  const asked = page.waitForRequest(new RegExp(`/admin/${route}\\?.*limit=20$`));
  await show();
  await settled(page);
  return await answer<T>(route + new URL((await asked).url()).search);
}

const figuresOf = async (page: Page) =>
  (await page.getByRole('region', { name: 'Statistics' }).locator('.figures > div').allInnerTexts()).map(text => text.split('\n').filter(line => line !== ''));

/** Of those who have the seeded logins. */
const emailsById = async (): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(await Promise.all([admin, demo].map(async who => [(await api.login(who)).account.id, who.email])));

async function answer<T>(route: string): Promise<T> {
  return await api.call('GET', `api/admin/${route}`, { accessToken: (await api.login(admin)).accessToken }) as T;
}

test('the overview shows the figures of the statistics route', () => withPage({}, async page => {
  const statistics = await sameAnswer<Statistics>(page, 'statistics', () => open(page));
  expect(statistics.logins).toBeGreaterThan(100);

  const emails = await emailsById();
  expect(await figuresOf(page)).toEqual([
    ['Logins', formatCount(statistics.logins)],
    ['Failed logins', formatCount(statistics.failedLogins)],
    ['Active sessions', formatCount(statistics.sessionsActive)],
    ['Ended sessions', formatCount(statistics.sessionsEnded)],
    ['Refreshes', formatCount(statistics.refreshes)],
    ['Reused tokens', formatCount(statistics.tokenReuses)],
  ]);
  const newest = withUncounted(statistics.days, endOf({ from: '', to: daysAgo(0) }, Date.now())).toReversed()
    .map(day => !isUnfinished(day.day, statistics.upTo) ? day : { ...day, day: `${day.day} (${day.logins === undefined ? 'not counted yet' : 'so far'})` });
  expect(newest[0]!.day).toMatch(new RegExp(`^${daysAgo(0)} \\((so far|not counted yet)\\)$`));
  await page.getByText(/^Counted until .* UTC; not yet counted: \d\d:00 UTC to now\.$/).waitFor();
  expect(await rowsOf(page, 'Logins by day (UTC)')).toEqual(newest.map(day => [day.day, formatCount(day.logins), formatCount(day.failedLogins)]));
  expect(await rowsOf(page, 'Sessions by day (UTC)')).toEqual(newest.map(day => [day.day, formatCount(day.sessionsActive), formatCount(day.sessionsEnded)]));
  expect(await rowsOf(page, 'Active sessions by device')).toEqual(statistics.activeByDevice.map(each => [each.name, formatCount(each.count)]));
  expect(await rowsOf(page, 'Active sessions by browser')).toEqual(statistics.activeByBrowser.map(each => [each.name, formatCount(each.count)]));
  expect(await rowsOf(page, 'End reasons')).toEqual(statistics.endedByReason.map(each => [nameOf(each.name), formatCount(each.count)]));
  const { p50Seconds, averageSeconds, p90Seconds, p99Seconds } = statistics.sessionDuration;
  expect((await rowsOf(page, 'Session duration')).map(([, shown]) => shown))
    .toEqual([p50Seconds, averageSeconds, p90Seconds, p99Seconds].map(formatDuration));
  expect(await rowsOf(page, 'Logins by user')).toEqual(statistics.topUsers.map(user => [emails[user.userId], formatCount(user.logins), formatTime(user.lastAt)]));
}));

test('the picture of the README shows the overview', () => withPage({}, async page => {
  await open(page);
  await settled(page);
  await pictureOfTop(page, 'dashboard', { width: 1440, height: 980 });
}));

test('the overview shows the figures that were counted independently of the app', () => withPage({}, async page => {
  const { days, refreshes, loginsByUser, endedByReason, activeByDevice, activeByBrowser } = inject('seeded');
  const sum = (values: readonly number[]) => formatCount(values.reduce((all, each) => all + each, 0));
  const rows = (counts: Readonly<Record<string, number>>) => Object.entries(counts).map(([name, value]) => [name, formatCount(value)]).toSorted();
  const sorted = async (caption: string) => (await rowsOf(page, caption)).map(row => row.slice(0, 2)).toSorted();
  await open(page);
  await showPeriod(page, days[0]!.day, days.at(-1)!.day);
  await page.getByRole('status').filter({ hasText: 'Showing' }).waitFor();

  expect(await figuresOf(page)).toEqual([
    ['Logins', sum(days.map(({ logins }) => logins))],
    ['Failed logins', sum(days.map(({ failedLogins }) => failedLogins))],
    ['Active sessions', formatCount(days.at(-1)!.active)],
    ['Ended sessions', sum(days.map(({ ended }) => ended))],
    ['Refreshes', formatCount(refreshes)],
    ['Reused tokens', formatCount(endedByReason['token_reuse'] ?? 0)],
  ]);
  const newest = days.toReversed();
  expect(await rowsOf(page, 'Logins by day (UTC)')).toEqual(newest.map(({ day, logins, failedLogins }) => [day, formatCount(logins), formatCount(failedLogins)]));
  expect(await rowsOf(page, 'Sessions by day (UTC)')).toEqual(newest.map(({ day, active, ended }) => [day, formatCount(active), formatCount(ended)]));
  expect(await sorted('Active sessions by device')).toEqual(rows(activeByDevice));
  expect(await sorted('Active sessions by browser')).toEqual(rows(activeByBrowser));
  expect(await sorted('End reasons')).toEqual(rows(endedByReason).map(([name = '', value]) => [nameOf(name), value]).toSorted());
  const emails = await emailsById();
  expect(await sorted('Logins by user')).toEqual(rows(loginsByUser).map(([id = '', value]) => [emails[id], value]).toSorted());
}));

test('the overview shows the failed logins of their route', () => withPage({}, async page => {
  const failed = await sameAnswer<FailedLogins>(page, 'failed-logins', () => open(page));
  expect(failed.accounts.length).toBeGreaterThan(1);
  const emails = await emailsById();
  expect(await rowsOf(page, 'Failed logins by account'))
    .toEqual(failed.accounts.map(each => [each.userId === null ? 'unknown email' : emails[each.userId], formatCount(each.failedLogins), formatTime(each.lastAt)]));
  expect(await rowsOf(page, 'Failed logins by address')).toEqual(failed.addresses.map(each => [each.address, formatLocation(each), formatCount(each.failedLogins), formatTime(each.lastAt)]));
}));

test('the charts are drawn, and each day that isn\'t complete as unfinished, also after midnight', () => withPage({}, async page => {
  await page.route(/\/admin\/statistics\?.*limit=20$/, async route => {
    const answer = await route.fetch();
    const body = await answer.json() as Statistics;
    const today = Date.parse(new URL(route.request().url()).searchParams.get('to')!);
    // The last hour of yesterday isn't counted yet, and nothing of today.
    const days = body.days.slice(0, 4).map((day, i) => ({ ...day, day: daysAgo(4 - i, today) }));
    await route.fulfill({ response: answer, json: { ...body, upTo: `${daysAgo(1, today)}T23:00:00Z`, days } });
  });
  await open(page);
  await settled(page);
  const drawn = await page.locator('.plot path:is(.line, .points)').evaluateAll(paths => paths.map(path => {
    const { stroke, strokeDasharray } = getComputedStyle(path);
    const { width, height } = path.getBoundingClientRect();
    const points = path.getAttribute('d')!.split('L').length;
    return { kind: path.getAttribute('class'), isSeen: width > 0 && height >= 0 && stroke !== 'none', dashes: strokeDasharray, points };
  }));
  expect(drawn.every(({ isSeen }) => isSeen)).toBe(true);
  const lines = (kind: string) => drawn.filter(each => each.kind === kind).map(({ dashes, points }) => [dashes, points]);
  expect(lines('line first')).toEqual([['none', 3], ['none', 3]]);
  // From the last day that is complete.
  expect(lines('line unfinished first')).toEqual([['1px, 5px', 2], ['1px, 5px', 2]]);
  const byDay = await rowsOf(page, 'Logins by day (UTC)');
  expect(byDay.map(([day = '']) => day.replace(/^[\d-]+/, ''))).toEqual([' (not counted yet)', ' (so far)', '', '', '']);
  expect(byDay[0]!.slice(1)).toEqual(['–', '–']);

  expect(await page.locator('.plot .days').first().locator('li').allTextContents())
    .toEqual([expect.stringMatching(/^[\d-]+$/), expect.stringMatching(/^[\d-]+ \(not counted yet\)$/)]);

  const plot = page.locator('.plot svg').first();
  await plot.hover({ position: { x: 1, y: 50 } });
  const [day, logins, failed] = (await rowsOf(page, 'Logins by day (UTC)')).at(-1)!;
  expect(await page.locator('.readout').first().textContent()).toBe(`${day}: Logins ${logins}, Failed logins ${failed}`);
}));

test('the live figures say when they are those that were counted, and that users online aren\'t known', () => withPage({}, async page => {
  await page.route(/\/admin\/statistics\?.*limit=1$/, async route => {
    const answer = await route.fetch();
    const body = await answer.json() as Statistics;
    await route.fulfill({ response: answer, json: { ...body, live: { ...body.live, at: body.upTo } } });
  });
  await open(page);
  const now = page.getByRole('region', { name: 'Now' });
  await now.getByText(/^As of \w+ \d+, \d+, \d\d:00:00 UTC\. .* Too much has happened since then to count it at once\. Users online are unknown: Redis is off/).waitFor();
}));

test('another period shows its figures, and an invalid one an error', () => withPage({}, async page => {
  // Soon after midnight yesterday isn't complete.
  const day = daysAgo(2);
  await open(page);
  await settled(page);

  const statistics = await sameAnswer<Statistics>(page, 'statistics', () => showPeriod(page, day, day));
  await page.getByRole('status').filter({ hasText: `Showing ${day} to ${day}.` }).waitFor();
  expect(await rowsOf(page, 'Logins by day (UTC)')).toEqual([[day, formatCount(statistics.logins), formatCount(statistics.failedLogins)]]);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Show');

  await showPeriod(page, '2026-01-02', '2026-01-01');
  await page.getByRole('alert').filter({ hasText: 'The first day is after the last.' }).waitFor();

  await showPeriod(page, '2020-01-01', '2020-01-02');
  await page.getByText('Nothing is counted yet for this period.').first().waitFor();
  await page.getByText('No logins.').waitFor();
}));

async function showPeriod(page: Page, from: string, to: string): Promise<void> {
  await page.getByLabel('From (UTC)').fill(from);
  await page.getByLabel('To (UTC)').fill(to);
  await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
}

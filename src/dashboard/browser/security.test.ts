import { expect, inject, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { eventually } from '../../client/browser/harness/processes.ts';
import { api, open, rowsOf, settled, someRowsOf, withPage } from './harness/page.ts';

test('a flagged address says why, and can be acknowledged and taken back by keyboard', () => withPage({}, async page => {
  const [address] = inject('flagged');
  const flagOf = async () => (await someRowsOf(page, 'Flagged addresses')).find(([name]) => name === address);
  await open(page, '#flags');
  expect((await flagOf())?.slice(0, 4)).toEqual([address, '12 attempts in 60 min on 4 accounts, 12 failed', 'Acknowledge', 'no']);

  await page.getByRole('button', { name: `Acknowledge ${address}` }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: `${address} is acknowledged.` }).waitFor();
  await expect.poll(async () => (await flagOf())?.[3]).toContain(admin.email);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(`Undo the acknowledgement of ${address}`);
  const { accessToken, account } = await api.login(admin);
  const acknowledgedBy = async () => (await api.call('GET', 'api/admin/suspicious-ips', { accessToken }) as {
    suspiciousIps: { address: string; acknowledgedBy: string | null }[];
  }).suspiciousIps.find(each => each.address === address)?.acknowledgedBy;
  expect(await acknowledgedBy()).toBe(account.id);

  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: `${address} isn't acknowledged anymore.` }).waitFor();
  expect(await acknowledgedBy()).toBeNull();
}));

test('security events can be filtered, and lead to the user, the address and the session', () => withPage({}, async page => {
  const user = await api.register('two.devices@example.com');
  await api.login(user, 'a laptop');
  const { account, session } = await api.login(user, 'a phone');
  const { accessToken } = await api.login(admin);
  await api.runTimer('RaiseSecurityAlerts');
  const kindsOf = async (kind: string) => (await api.call('GET', `api/admin/security/events?kind=${kind}`, { accessToken }) as {
    events: { sessionId: string | null; address: string }[];
  }).events;
  await eventually('the event is raised', async () => (await kindsOf('new_device')).some(event => event.sessionId === session.id));

  await open(page, '#events');
  const all = await someRowsOf(page, 'Security events, newest first');
  for (const address of inject('flagged'))
    expect(all.find(row => row[3] === address)?.[5]).toBe('12 attempts in 60 min on 4 accounts, 12 failed');

  await page.getByLabel('Kind').selectOption('New device');
  await page.getByRole('status').filter({ hasText: 'List loaded.' }).waitFor();
  expect(await page.evaluate(() => location.hash)).toBe('#events?kind=new_device');
  await page.getByRole('link', { name: user.email }).first().waitFor();
  const devices = await rowsOf(page, 'Security events, newest first');
  expect(new Set(devices.map(row => row[1]))).toEqual(new Set(['New device']));
  expect(devices).toHaveLength((await kindsOf('new_device')).length);
  expect(await page.getByRole('link', { name: user.email }).first().getAttribute('title')).toBe(account.id);

  await page.locator(`a[title="${session.id}"]`).click();
  await page.getByText('The record is intact:').waitFor();
  expect((await rowsOf(page, 'History, newest first')).map(row => row[4])).toEqual(['a phone']);
  await settled(page);
  // The focus and the title are at what was asked for.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('History of a session');
  expect(await page.title()).toBe(`History of a session - ${user.email} - Sessions`);

  await page.goBack();
  expect(await page.getByLabel('Kind').inputValue()).toBe('new_device');
  await page.getByLabel('Kind').selectOption('Not accepted by the webhook');
  await page.getByText('No such events.').waitFor();
}));

test('security events are listed by country, and can be filtered by it', () => withPage({}, async page => {
  const [address] = inject('flagged');
  // The app of this suite knows no location.
  await page.route('**/admin/security/events?*', async route => {
    const answer = await route.fetch();
    const { events } = await answer.json() as { events: { address: string }[] };
    await route.fulfill({
      response: answer,
      json: { events: events.map((event, i) => ({ ...event, location: event.address === address ? { country: 'FR', city: 'Paris' } : { country: i % 2 === 0 ? 'DE' : 'AT' } })) },
    });
  });
  await open(page, '#events');
  const all = await someRowsOf(page, 'Security events, newest first');
  const counts = await rowsOf(page, 'Events by country');
  expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(all.length);

  const filter = page.getByLabel('Country', { exact: true });
  await filter.focus();
  await filter.selectOption('France');
  await page.getByRole('status').filter({ hasText: /^Events: \d+\.$/ }).waitFor();
  const french = await rowsOf(page, 'Security events, newest first');
  expect(french.length).toBeLessThan(all.length);
  expect(new Set(french.map(row => row[4]))).toEqual(new Set(['Paris, France']));
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('in');

  // The filter stays when the list is loaded again, while there is something to filter.
  await page.getByLabel('Kind').selectOption('Address flagged');
  await page.getByRole('status').filter({ hasText: 'List loaded.' }).waitFor();
  expect(new Set((await rowsOf(page, 'Security events, newest first')).map(row => row[4]))).toEqual(new Set(['Paris, France']));
}));

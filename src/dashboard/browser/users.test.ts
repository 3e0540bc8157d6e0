import { expect, test } from 'vitest';
import { admin } from '../../client/browser/harness/api.ts';
import { api, go, login, open, rowsOf, settled, someRowsOf, withPage } from './harness/page.ts';

const hostileAgent = '"><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
const hostileDevice = '<b onmouseover=alert(1)>&lt;my "phone"</b>';

let users = 0;
const newEmail = () => `o'neil+${users += 1}&b=%3cb%3e@example.com`;

test('untrusted content is shown as text', () => withPage({}, async page => {
  const user = await api.register(newEmail());
  await api.login(user, hostileDevice, hostileAgent);
  await open(page, '#users');
  await page.getByLabel('Email or user id').fill(user.email);
  await page.getByRole('link', { name: user.email, exact: true }).click();

  const [row] = await someRowsOf(page, 'Active sessions');
  expect(row?.[0]).toBe(hostileDevice);
  expect(await page.locator('[title]').first().getAttribute('title')).toBe(hostileAgent);
  expect(await page.locator('main b, main img, main script').count()).toBe(0);
  await settled(page);
  expect(await page.title()).toBe(`${user.email} - Users - Sessions`);

  await page.getByRole('button', { name: /^History of <b/ }).click();
  const [entry] = await someRowsOf(page, 'History, newest first');
  expect(entry?.slice(1, 5)).toEqual(['Login', 'succeeded', 'password', hostileDevice]);
  await page.getByText(/^The record is intact: .* \(1\)\.$/).waitFor();

  await page.getByRole('button', { name: /^End <b/ }).click();
  expect(await page.getByRole('dialog').textContent()).toContain(hostileDevice);
  expect(await page.locator('dialog b').count()).toBe(0);
}));

test('a session is ended by keyboard after a confirmation that names it, leaves the list, and the focus is kept', () => withPage({}, async page => {
  const user = await api.register(newEmail());
  const [first, second] = [await api.login(user, 'first device'), await api.login(user, 'second device')];
  await open(page, `#users/${first.account.id}`);
  const button = page.getByRole('button', { name: /^End first device, / });
  await button.focus();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('dialog').innerText()).toMatch(/first device, Unknown, \S+, since \w+ \d+, \d+, [\d:]+ UTC/);
  await page.keyboard.press('Escape');
  expect(await button.evaluate(element => element === document.activeElement)).toBe(true);
  await api.call('GET', 'api/sessions/status', { accessToken: first.accessToken });

  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: /^Ended: first device, / }).waitFor();
  expect((await rowsOf(page, 'Active sessions')).map(([device]) => device)).toEqual(['second device']);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Sessions');
  await expect(api.call('GET', 'api/sessions/status', { accessToken: first.accessToken })).rejects.toThrow('"reason":"admin"');

  await page.getByRole('button', { name: 'End all sessions' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).click();
  await page.getByText('This user has no session.').waitFor();
  await expect(api.call('GET', 'api/sessions/status', { accessToken: second.accessToken })).rejects.toThrow('"reason":"admin"');

  // Ended sessions are in the log, with the verdict on their record.
  const log = await someRowsOf(page, 'Log, newest first');
  expect(log.map(([, what, device, session]) => [what, device, session])).toEqual([
    ['Session endedEnded by an administrator', 'none', 'Historyrecord intact'],
    ['Session endedEnded by an administrator', 'none', 'Historyrecord intact'],
    ['LoginProof: password', 'second device', 'Historyrecord intact'],
    ['LoginProof: password', 'first device', 'Historyrecord intact'],
    ['Account created', expect.any(String), 'account'],
  ]);
  await expect.poll(async () => (await rowsOf(page, 'Log, newest first'))[0]?.[6]).toBe(admin.email);
}));

test('sessions are sorted by the instant they were last seen, not by its text', () => withPage({}, async page => {
  const { account, session } = await api.login(await api.register(newEmail()), 'a laptop');
  const seen = [['in March', '2026-03-14T09:26:53Z'], ['in April', '2026-04-02T09:26:53Z'], ['in February', '2026-02-20T09:26:53Z'], ['now', '2026-04-03T09:26:53Z']];
  await page.route('**/sessions', route => route.fulfill({ json: {
    sessions: seen.map(([device, lastSeenAt], i) => ({
      ...session, id: `${i}`, device, lastSeenAt, createdAt: lastSeenAt, ipAddress: '203.0.113.7', userAgent: null, online: device === 'now', current: false,
    })),
  } }));
  await open(page, `#users/${account.id}`);
  await someRowsOf(page, 'Active sessions');
  await page.getByRole('button', { name: 'Last seen: sort Active sessions' }).click();
  expect((await rowsOf(page, 'Active sessions')).map(([device]) => device)).toEqual(['in February', 'in March', 'in April', 'now']);

  // An act loads them again.
  await page.route('**/sessions/1', route => {
    seen.splice(1, 1);
    return route.fulfill({ status: 204 });
  });
  await page.getByRole('button', { name: /^End in April, / }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await page.getByRole('status').filter({ hasText: /^Ended: in April, / }).waitFor();
  expect((await rowsOf(page, 'Active sessions')).map(([device]) => device)).toEqual(['in February', 'in March', 'now']);
  expect(await page.getByRole('columnheader', { name: 'Last seen' }).getAttribute('aria-sort')).toBe('ascending');
}));

test('users stay sorted when more are shown', () => withPage({}, async page => {
  const accounts = (...names: readonly string[]) => names.map(name => ({
    id: name, email: `${name}@example.com`, roles: [], disabled: false, emailVerified: true, createdAt: '2026-03-14T09:26:53Z',
  }));
  await page.route('**/admin/accounts?*', route => route.fulfill({ json: new URL(route.request().url()).searchParams.has('after')
    ? { accounts: accounts('c', 'a') } : { accounts: accounts('b', 'd'), next: 'x' } }));
  await open(page, '#users');
  await someRowsOf(page, 'Accounts');
  for (const _ of ['ascending', 'descending'])
    await page.getByRole('button', { name: 'Email: sort Accounts' }).click();
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await expect.poll(async () => (await rowsOf(page, 'Accounts')).map(([email]) => email?.[0])).toEqual(['d', 'c', 'b', 'a']);
  expect(await page.getByRole('columnheader', { name: 'Email' }).getAttribute('aria-sort')).toBe('descending');
}));

test('what the service refuses isn\'t offered: on one\'s own account, and to delete an administrator', () => withPage({}, async page => {
  const { account: own, accessToken } = await api.login(admin);
  const { account: other } = await api.login(await api.register(newEmail()));
  await api.call('PATCH', `api/admin/accounts/${other.id}`, { accessToken, body: { roles: ['admin'] } });
  const acts = async () => (await page.locator('section', { has: page.getByRole('heading', { name: 'Account', exact: true }) }).getByRole('button').allInnerTexts());
  await open(page, `#users/${own.id}`);
  await page.getByText('This is your account: only another administrator can secure or disable it').waitFor();
  expect(await acts()).toEqual(['Send password reset', 'Change roles']);
  await go(page, `users/${other.id}`);
  await page.getByText('An account with the role admin can\'t be deleted').waitFor();
  expect(await acts()).toEqual(['Secure this account', 'Disable', 'Send password reset', 'Mark email verified', 'Change roles']);
  await api.call('PATCH', `api/admin/accounts/${other.id}`, { accessToken, body: { roles: [] } });
  await go(page, 'users');
  await go(page, `users/${other.id}`);
  expect(await acts()).toContain('Delete account');
}));

test('an act says which sessions it ends, or that this isn\'t known, and that it is recorded', () => withPage({ refusals: true }, async page => {
  const user = await api.register(newEmail());
  const { account } = await api.login(user, 'first device');
  await open(page, `#users/${account.id}`);
  await settled(page);
  const dialog = page.getByRole('dialog');
  /** What the confirmation of an act says, once it has what it waits for. */
  const confirmation = async (act: string, awaited: string | RegExp): Promise<string> => {
    await page.getByRole('button', { name: act, exact: true }).click();
    await dialog.getByText(awaited).waitFor();
    const text = await dialog.innerText();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    return text;
  };
  for (const act of ['Disable', 'Delete account', 'Secure this account'])
    expect(await confirmation(act, /^first device, Unknown, \S+, since /)).toMatch(/These sessions end, here within seconds, [^:]*:[\s\S]*This is recorded in the user's log/);
  expect(await confirmation('Send password reset', /recorded/)).not.toContain('These sessions end');

  // Nothing can be done before the list is there, all of it.
  let release = () => {};
  const held = new Promise<void>(resolve => void (release = resolve));
  await page.route('**/sessions', async route => {
    await held;
    const answer = await route.fetch();
    const { sessions: [only] } = await answer.json() as { sessions: object[] };
    await route.fulfill({ response: answer, json: { sessions: Array.from({ length: 20 }, (_, i) => ({ ...only, device: `device ${i}` })) } });
  });
  await page.getByRole('button', { name: 'Disable', exact: true }).click();
  const danger = dialog.getByRole('button', { name: 'Disable' });
  expect(await danger.isDisabled()).toBe(true);
  release();
  await expect.poll(() => danger.isEnabled()).toBe(true);
  const list = dialog.getByRole('list', { name: 'Active sessions' });
  expect(await list.getByRole('listitem').count()).toBe(20);
  await list.focus();
  expect(await list.evaluate(element => element === document.activeElement && element.scrollHeight > element.clientHeight)).toBe(true);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.unroute('**/sessions');

  await page.route('**/sessions', route => route.abort());
  expect(await confirmation('Disable', 'The service can\'t be reached.')).not.toContain('These sessions end');
  await page.unroute('**/sessions');
  await api.call('DELETE', `api/admin/accounts/${account.id}/sessions`, { accessToken: (await api.login(admin)).accessToken });
  await confirmation('Disable', 'This account has no active session.');
}));

test('the log of a user is filtered by the service, and the filter is in the address', () => withPage({}, async page => {
  const user = await api.register(newEmail());
  const { account, session } = await api.login(user, 'a laptop');
  await open(page, `#users/${account.id}`);
  await someRowsOf(page, 'Log, newest first');
  await page.getByLabel('What', { exact: true }).selectOption('Login');
  await page.getByRole('status').filter({ hasText: 'List loaded.' }).waitFor();
  expect((await rowsOf(page, 'Log, newest first')).map(([, what]) => what)).toEqual(['LoginProof: password']);
  expect(await page.evaluate(() => location.hash)).toBe(`#users/${account.id}?action=login`);

  // So is the history that is open, which is loaded again after an act.
  await page.getByRole('button', { name: /^History of a laptop/ }).click();
  expect(await page.evaluate(() => location.hash)).toBe(`#users/${account.id}?action=login&session=${session.id}`);
  expect((await someRowsOf(page, 'History, newest first')).map(([, what]) => what)).toEqual(['Login']);
  await page.getByRole('button', { name: /^End a laptop/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await page.getByRole('status').filter({ hasText: /^Ended: a laptop, / }).waitFor();
  expect((await rowsOf(page, 'History, newest first')).map(([, what]) => what)).toEqual(['Session ended', 'Login']);

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(async () => (await rowsOf(page, 'Log, newest first')).map(([, what]) => what)).toContain('Account created');
  expect(await page.evaluate(() => location.hash)).toBe(`#users/${account.id}?session=${session.id}`);
}));

test('a record that can\'t be checked is neither intact nor an alarm, an altered one is, and what isn\'t checked is told', () => withPage({}, async page => {
  const user = await api.register(newEmail());
  const [first, second] = [await api.login(user, 'first device'), await api.login(user, 'second device')];
  const [one, other] = [first.session.id, second.session.id];
  const verdicts: Record<string, object> = { [one]: { intact: false, break: { kind: 'key_unknown', sequence: 1 } }, [other]: { intact: false, break: { kind: 'not_chained', sequence: null } } };
  await page.route(/\/accounts\/[^/]+\/audit$/, route => route.fulfill({
    json: { sessions: [one, other].map(sessionId => ({ sessionId, count: 1, ...verdicts[sessionId] })), complete: false },
  }));
  await page.route(/\/sessions\/[^/]+\/audit$/, route => route.fulfill({ json: { first: 1, count: 0, logs: [], ...verdicts[one] } }));
  await open(page, `#users/${first.account.id}?session=${one}`);
  await page.getByText('Records of sessions: 0 intact, 2 can\'t be checked.').waitFor();
  await page.getByText(/^Only the newest sessions are checked/).waitFor();
  await page.getByText('The record can\'t be checked: the service doesn\'t have the key of this record.').waitFor();
  expect((await someRowsOf(page, 'Log, newest first')).map(row => row[3]).slice(0, 2))
    .toEqual(['Historyrecord can\'t be checked: not chained', 'Historyrecord can\'t be checked: key unknown']);
  expect(await page.getByRole('alert').count() + await page.locator('main p.good').count()).toBe(0);

  verdicts[one] = { intact: false, break: { kind: 'entry_missing', sequence: 2 } };
  await page.reload();
  await login(page, admin);
  await page.getByRole('alert').filter({ hasText: 'Records of sessions: 1 altered, 0 intact, 1 can\'t be checked.' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'The record was altered: entry missing at entry 2.' }).waitFor();
}));

test('users are found as their email is typed', () => withPage({}, async page => {
  const user = await api.register('prefix.search@example.com');
  await open(page, '#users');
  await page.getByRole('link', { name: admin.email }).waitFor();
  await page.getByLabel('Email or user id').pressSequentially('PREFIX.se');
  await expect.poll(async () => (await rowsOf(page, 'Accounts')).map(([email]) => email)).toEqual([user.email]);
  expect(await page.evaluate(() => location.hash)).toBe('#users?prefix=PREFIX.se');
}));

test('an unknown user is reported in place', () => withPage({ refusals: true }, async page => {
  await open(page, '#users/0001ARZ3NDEKTSV4RRFFQ69G5FAV');
  await page.getByRole('alert').first().waitFor();
  await page.getByRole('link', { name: 'All users' }).click();
  await page.getByLabel('Email or user id').fill('nobody@example.com');
  await page.getByLabel('Email or user id').press('Enter');
  await page.getByText('No account with this email.').waitFor();
  await page.getByLabel('Email or user id').fill('nobody@example.');
  await page.getByLabel('Email or user id').press('Enter');
  await page.getByRole('status').filter({ hasText: 'List loaded.' }).waitFor();
  await page.getByText('No account with this email.').waitFor();
  await page.getByLabel('Email or user id').fill('');
  await page.getByLabel('Email or user id').press('Enter');
  await page.getByRole('link', { name: admin.email }).waitFor();
}));

test('an unreachable service is reported in place, with a retry', () => withPage({ refusals: true }, async page => {
  await open(page, '#flags');
  await settled(page);
  await page.route('**/admin/accounts**', route => route.abort());
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('alert').filter({ hasText: 'The service can\'t be reached.' }).waitFor();
  await page.unroute('**/admin/accounts**');
  await page.getByRole('button', { name: 'Load the accounts again' }).press('Enter');
  await page.getByRole('link', { name: admin.email }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Accounts');
}));

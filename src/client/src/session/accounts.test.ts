import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Account, AccountExport } from '../index.ts';
import { advance, createEnvironment, credentials, finished, minute, refresh, settle } from '../testing/environment.ts';
import type { Accounts } from './types.ts';

const env = createEnvironment();
const token = 'key.secret';
const { email, password } = credentials;
const sent = () => env.service.sent.map(({ route, body, bearer }) => [route, body, bearer !== null]);

// Each call, its request, and whether it has the access token.
const calls: [string, (accounts: Accounts) => Promise<unknown>, object, boolean][] = [
  ['accounts', accounts => accounts.register({ email, password }), { email, password }, false],
  ['accounts/email/verification', accounts => accounts.sendVerification({ email }), { email }, false],
  ['accounts/email/verify', accounts => accounts.verifyEmail({ token }), { token }, false],
  ['accounts/password/forgot', accounts => accounts.forgotPassword({ email }), { email }, false],
  ['accounts/password/reset', accounts => accounts.resetPassword({ token, password }), { token, password }, false],
  ['accounts/email', accounts => accounts.changeEmail({ email, password }), { email, password }, true],
  [
    'accounts/password', accounts => accounts.changePassword({ currentPassword: password, newPassword: 'new' }),
    { currentPassword: password, newPassword: 'new' }, true,
  ],
  ['accounts/me/deletion', accounts => accounts.requestDeletion({ password }), { password }, true],
];

describe.each(calls)('POST %s', (route, call, body, isOwn) => {
  test(`sends its body ${isOwn ? 'with' : 'without'} the access token`, async () => {
    const { manager } = await env.loggedIn();
    await finished(call(manager.accounts));
    expect(sent()).toEqual([[`POST ${route}`, body, isOwn]]);
  });

  test.each(['captive portal', { status: 200 }, { status: 502 }] as const)('isn\'t taken as done when something else answers: %o', async fault => {
    const { manager } = await env.loggedIn();
    env.service.failNext(`POST ${route}`, fault);
    await expect(finished(call(manager.accounts))).rejects.toMatchObject({ code: 'unexpected_response' });
    expect(manager.state.status).toBe('active');
  });

  test('rejects with network_error without a response', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext(`POST ${route}`, 'lost reply');
    await expect(finished(call(manager.accounts))).rejects.toMatchObject({ code: 'network_error' });
    expect(manager.state.status).toBe('active');
  });

  test(isOwn ? 'needs a session' : 'needs no session', async () => {
    const { manager } = env.browser.open();
    const result = await settle(1000, call(manager.accounts).then(() => 'done'));
    expect(result).toEqual(isOwn ? expect.objectContaining({ code: 'no_session' }) : 'done');
    expect(env.service.sent).toHaveLength(isOwn ? 0 : 1);
  });
});

describe('a registration', () => {
  test('returns the account', async () => {
    const { manager } = env.browser.open();
    const account = await finished(manager.accounts.register({ email, password, captchaToken: 'solved' }));
    expectTypeOf(account).toEqualTypeOf<Account | undefined>();
    expect(account).toEqual({ id: '00NEW', email, roles: [] });
    expect(env.service.sent[0]?.body).toEqual({ email, password, captchaToken: 'solved' });
    expect(manager.state.status).toBe('anonymous');
  });

  test('returns nothing where the service sends a link', async () => {
    env.service.verifiesEmails = true;
    expect(await finished(env.browser.open().manager.accounts.register({ email, password }))).toBeUndefined();
  });

  test('that is refused rejects with the reason', async () => {
    env.service.failNext('POST accounts', { status: 409, code: 'email_taken' });
    await expect(finished(env.browser.open().manager.accounts.register({ email, password }))).rejects.toMatchObject({ code: 'email_taken', status: 409 });
  });
});

test.each<[string, (accounts: Accounts) => Promise<void>]>([
  ['verify', accounts => accounts.verifyEmail({ token: 'spent' })],
  ['reset', accounts => accounts.resetPassword({ token: 'spent', password })],
])('a link to %s that is used up doesn\'t end the session', async (_, use) => {
  const { manager } = await env.loggedIn();
  await expect(finished(use(manager.accounts))).rejects.toMatchObject({ code: 'token_invalid', status: 400 });
  await advance(26 * minute);
  expect(manager.state.status).toBe('active');
  expect(env.service.count(refresh)).toBe(1);
});

test('a wrong password is refused, and the session stays', async () => {
  const { manager } = await env.loggedIn();
  const { changeEmail, changePassword, requestDeletion } = manager.accounts;
  for (const refused of [
    () => changeEmail({ email, password: 'wrong' }), () => changePassword({ currentPassword: 'wrong', newPassword: 'new' }), () => requestDeletion({ password: 'wrong' }),
  ])
    await expect(finished(refused())).rejects.toMatchObject({ code: 'wrong_password', status: 403 });
  expect(manager.state.status).toBe('active');
});

test('an expired access token is refreshed first', async () => {
  const tab = await env.loggedIn();
  tab.freeze();
  await advance(60 * minute);
  tab.thaw(true);
  await finished(tab.manager.accounts.changeEmail({ email, password }));
  expect(env.service.sent.map(({ route }) => route)).toEqual([refresh, 'POST accounts/email']);
});

describe('a deletion', () => {
  test('ends the session in all tabs, and leaves nothing of the user', async () => {
    const tabs = await env.openTabs(2);
    await finished(tabs[0].manager.accounts.requestDeletion({ password }));
    await advance(100);
    expect(tabs.map(({ manager }) => manager.state)).toMatchObject(tabs.map(() => ({ status: 'anonymous', account: null, endReason: 'account_closed' })));
    expect(tabs.map(tab => tab.count('ended'))).toEqual([1, 1]);
    expect(JSON.stringify([...env.browser.items])).not.toMatch(/demo@example\.com|access\.|refresh\./);
    await advance(60 * minute);
    expect(env.service.sent).toHaveLength(1);
  });

  test('whose reply was lost ends the session as soon as the service tells', async () => {
    const { manager } = await env.loggedIn();
    env.service.failNext('POST accounts/me/deletion', 'lost reply');
    await settle(1000, manager.accounts.requestDeletion({ password }));
    await settle(1000, manager.accounts.requestDeletion({ password }));
    expect(manager.state).toMatchObject({ status: 'anonymous', endReason: 'account_closed' });
  });

  test('is taken back by a login that asks for it', async () => {
    const { manager } = await env.loggedIn();
    await finished(manager.accounts.requestDeletion({ password }));
    await expect(finished(manager.login(credentials))).rejects.toMatchObject({ code: 'account_closing', status: 403 });
    expect(await finished(manager.login({ ...credentials, restore: true }))).toMatchObject({ status: 'active' });
    expect(env.service.sent.at(-1)?.body).toEqual({ ...credentials, restore: true });
  });
});

describe('an export', () => {
  test('is what the service stores', async () => {
    const { manager } = await env.loggedIn();
    const data = await finished(manager.accounts.export());
    expectTypeOf(data).toEqualTypeOf<AccountExport>();
    expect(data).toMatchObject({ account: { email }, sessions: [{ id: manager.state.session!.id }] });
    expect(sent()).toEqual([['GET accounts/me/export', {}, true]]);
  });

  test('has all the time it needs', async () => {
    const { manager } = await env.loggedIn();
    env.service.latency = 30_000;
    expect(await settle(minute, manager.accounts.export())).toMatchObject({ account: { email } });
  });

  test.each(['captive portal', 'cut reply'] as const)('that is a %s isn\'t returned', async fault => {
    const { manager } = await env.loggedIn();
    env.service.failNext('GET accounts/me/export', fault);
    await expect(finished(manager.accounts.export())).rejects.toMatchObject({ code: fault === 'cut reply' ? 'network_error' : 'unexpected_response' });
  });
});

test('a status updates the account in all tabs, and once', async () => {
  const tabs = await env.openTabs(2);
  env.service.email = 'new@example.com';
  const { account } = await finished(tabs[0].manager.getSessionStatus());
  await advance(100);
  expect(tabs.map(({ manager }) => manager.state.account)).toEqual([account, account]);
  expect(account.email).toBe('new@example.com');
  const { stored } = env.browser;
  await finished(tabs[0].manager.getSessionStatus());
  expect(env.browser.stored).toEqual(stored);
});

test('the status of a session that another login has replaced changes nothing', async () => {
  const { manager } = await env.loggedIn();
  env.service.latency = 500;
  const status = manager.getSessionStatus();
  const login = manager.login({ ...credentials, email: 'other@example.com' });
  env.service.email = 'new@example.com';
  await finished(Promise.all([status, login]));
  expect(manager.state.account?.email).toBe('other@example.com');
});

test('notifications are read and changed', async () => {
  const { manager } = await env.loggedIn();
  const before = await finished(manager.accounts.notifications());
  const after = { ...before, mail: { ...before.mail, newCountry: true } };
  expect(await finished(manager.accounts.setNotifications({ mail: { newCountry: true } }))).toEqual(after);
  expect(sent()).toEqual([['GET accounts/notifications', {}, true], ['PUT accounts/notifications', { mail: { newCountry: true } }, true]]);
});

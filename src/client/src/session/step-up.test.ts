import { describe, expect, test, vi } from 'vitest';
import { advance, createEnvironment, credentials, finished, minute, refresh, settle } from '../testing/environment.ts';
import type { Tab } from '../testing/browser.ts';
import { baseUrl } from '../testing/service.ts';

const env = createEnvironment();
const proof = { password: credentials.password };
const stepUp = 'POST sessions/step-up';
const guarded = 'GET accounts/me/export';
const address = `${baseUrl}/accounts/me/export`;
const routes = () => env.service.sent.map(({ route }) => route);

/** Opens tabs whose proof is no longer fresh. */
async function opened(count = 1, onStepUp: ((tab: Tab) => Promise<unknown>) | null = ({ manager }) => manager.stepUp(proof)): Promise<[Tab, ...Tab[]]> {
  const tabs = await env.openTabs(count);
  for (const tab of tabs)
    tab.manager.updateConfig({ onStepUp: onStepUp && (() => onStepUp(tab)) });
  await advance(20 * minute);
  env.service.sent.length = 0;
  return tabs;
}

describe('a step-up', () => {
  test.each([proof, { state: 'state.9999999999999', credential: { id: 'a' } }])('gives all tabs a new access token of the same session: %o', async given => {
    env.service.passkeys = [{ id: '1', credentialId: 'a', name: '', provider: null, createdAt: '', lastUsedAt: null, isSynced: false, forReview: false }];
    const tabs = await opened(2);
    const { accessTokenExpiresAt: before, session } = tabs[0].manager.state;
    const { refreshToken } = env.browser.stored!;
    await finished(tabs[0].manager.stepUp(given));
    await advance(100);
    expect(env.service.sent.map(({ route, body }) => [route, body])).toEqual([[stepUp, given]]);
    expect(tabs.map(tab => [tab.count('refreshed'), tab.count('ended'), tab.manager.state.session])).toEqual([[1, 0, session], [1, 0, session]]);
    const after = tabs.map(({ manager }) => manager.state.accessTokenExpiresAt);
    expect(after).toEqual([after[0], after[0]]);
    expect(after[0]).toBeGreaterThan(before!);
    expect(env.browser.stored).toMatchObject({ refreshToken, access: { lifetime: expect.closeTo(30 * minute, -3) } });
    expect((await finished(tabs[1]!.manager.fetch(address))).status).toBe(200);
    await advance(26 * minute);
    expect(env.service.count(refresh)).toBe(1);
  });

  test.each([
    [{ status: 403, code: 'wrong_password' }, 'wrong_password'], ['lost reply', 'network_error'], ['captive portal', 'unexpected_response'],
  ] as const)('that fails keeps the session and its tokens: %o', async (fault, code) => {
    const [{ manager }] = await opened();
    const { stored } = env.browser;
    env.service.failNext(stepUp, fault);
    await expect(finished(manager.stepUp(proof))).rejects.toMatchObject({ code });
    expect(env.browser.stored).toEqual(stored);
    expect(manager.state.status).toBe('active');
  });

  test('needs a session', async () => {
    await expect(finished(env.browser.open().manager.stepUp(proof))).rejects.toMatchObject({ code: 'no_session' });
  });

  test('never overwrites the tokens of a refresh of another tab', async () => {
    const [first, second] = await opened(2);
    env.service.latency = 200;
    await finished(Promise.all([first.manager.stepUp(proof), second!.manager.forceRefresh()]));
    await advance(1000);
    env.service.latency = 20;
    expect((await finished(first.manager.fetch(address))).status).toBe(200);
    await advance(60 * minute);
    expect([first, second!].map(({ manager }) => manager.state.status)).toEqual(['active', 'active']);
  });

  test('whose session another login has replaced changes nothing', async () => {
    const [{ manager }] = await opened();
    env.service.latency = 500;
    const proved = manager.stepUp(proof).catch(() => {});
    const login = manager.login({ ...credentials, email: 'other@example.com' });
    await finished(Promise.all([proved, login]));
    const { id } = manager.state.session!;
    expect((env.browser.stored as { access: { token: string } }).access.token).toContain(id);
  });
});

describe('a request that needs a fresh proof', () => {
  test('asks for it once, and is repeated once', async () => {
    const [{ manager }] = await opened();
    expect((await finished(manager.fetch(address))).status).toBe(200);
    expect(routes()).toEqual([guarded, stepUp, guarded]);
  });

  test('asks through the methods of the manager, too', async () => {
    const [{ manager }] = await opened();
    expect(await finished(manager.accounts.export())).toMatchObject({ account: { email: credentials.email } });
    expect(routes()).toEqual([guarded, stepUp, guarded]);
  });

  test('is repeated with its body', async () => {
    const [{ manager }] = await opened();
    env.service.failNext('POST orders', { status: 401, code: 'insufficient_user_authentication' });
    expect((await finished(manager.fetch(`${baseUrl}/orders`, { method: 'POST', body: '{"number":1}' }))).status).toBe(200);
    expect(env.service.sent.at(-1)).toMatchObject({ route: 'POST orders', body: { number: 1 } });
  });

  test('asks once for fifty parallel requests', async () => {
    const ask = vi.fn(async ({ manager }: Tab) => {
      await advance(3000);
      await manager.stepUp(proof);
    });
    const [tab] = await opened(1, ask);
    const answers = await finished(Promise.all(Array.from({ length: 50 }, () => tab.manager.fetch(address))));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect([ask.mock.calls.length, env.service.count(stepUp)]).toEqual([1, 1]);
  });

  test('doesn\'t ask again where another request or tab has stepped up since it was sent', async () => {
    const ask = vi.fn(({ manager }: Tab) => manager.stepUp(proof));
    const [first, second] = await opened(2, ask);
    env.service.failNext('GET slow', { status: 401, code: 'insufficient_user_authentication' });
    env.service.latency = 500;
    const slow = first.manager.fetch(`${baseUrl}/slow`);
    await advance(100);
    env.service.latency = 20;
    await finished(second!.manager.fetch(address));
    expect((await finished(slow)).status).toBe(200);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('asks although it was sent before a refresh, which is no proof', async () => {
    const [{ manager }] = await opened();
    env.service.failNext(guarded, { status: 401, code: 'insufficient_user_authentication' });
    env.service.latency = 500;
    const slow = manager.fetch(address);
    await advance(100);
    env.service.latency = 20;
    await finished(manager.forceRefresh());
    expect((await finished(slow)).status).toBe(200);
    expect(routes()).toEqual([guarded, refresh, guarded, stepUp, guarded]);
  });

  test('stays refused when the user cancels, and the session goes on', async () => {
    const [tab] = await opened(1, () => Promise.reject(new Error('Cancelled.')));
    const response = await finished(tab.manager.fetch(address));
    expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ code: 'insufficient_user_authentication' })]);
    await expect(finished(tab.manager.accounts.export())).rejects.toMatchObject({ code: 'insufficient_user_authentication', status: 401 });
    expect([tab.manager.state.status, tab.count('ended'), routes()]).toEqual(['active', 0, [guarded, guarded]]);
  });

  test('asks again after a prompt that was cancelled', async () => {
    let tries = 0;
    const [{ manager }] = await opened(1, tab => tries++ ? tab.manager.stepUp(proof) : Promise.reject(new Error()));
    expect((await finished(manager.fetch(address))).status).toBe(401);
    expect((await finished(manager.fetch(address))).status).toBe(200);
  });

  test('is repeated once, even if it is refused again', async () => {
    const ask = vi.fn(() => Promise.resolve());
    const [{ manager }] = await opened(1, ask);
    expect((await finished(manager.fetch(address))).status).toBe(401);
    expect([ask.mock.calls.length, routes()]).toEqual([1, [guarded, guarded]]);
  });

  test('is refused where there is no handler, or one that throws', async () => {
    const [{ manager }] = await opened(1, null);
    expect((await finished(manager.fetch(address))).status).toBe(401);
    manager.updateConfig({ onStepUp: () => expect.fail('broken') });
    expect((await finished(manager.fetch(address))).status).toBe(401);
    expect(manager.state.status).toBe('active');
  });

  test('is repeated with a valid token when the prompt was open for hours', async () => {
    const [{ manager }] = await opened(1, async tab => {
      await new Promise(done => setTimeout(done, 120 * minute));
      await tab.manager.stepUp(proof);
    });
    expect(await settle(121 * minute, manager.fetch(address))).toMatchObject({ status: 200 });
  });

  test.each(['logout', 'login'] as const)('isn\'t repeated after a %s during the prompt', async what => {
    const [{ manager }] = await opened(1, async tab => {
      await (what === 'logout' ? tab.manager.logout() : tab.manager.login({ ...credentials, email: 'other@example.com' }));
    });
    const result = await settle(5000, manager.fetch(address));
    expect(result).toMatchObject(what === 'logout' ? { code: 'no_session' } : { status: 401 });
    expect(env.service.count(guarded)).toBe(1);
  });

  test('in another service is repeated, too', async () => {
    const [{ manager }] = await opened();
    manager.close();
    const asked: string[] = [];
    const { manager: other } = env.browser.open({
      trustedOrigins: ['https://orders.example.com'], onStepUp: async () => {},
      platform: {
        page: null, locks: null, openChannel: null,
        fetch: async input => {
          asked.push((input as Request).url);
          return asked.length > 1 ? Response.json({}) : Response.json({ code: 'insufficient_user_authentication', title: 'No' }, { status: 401 });
        },
      },
    });
    expect((await finished(other.fetch('https://orders.example.com/orders'))).status).toBe(200);
    expect(asked).toHaveLength(2);
  });
});

import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Tab, TabOptions } from '../testing/browser.ts';
import { advance, createEnvironment, credentials, finished, minute, settle } from '../testing/environment.ts';
import { createPasskeys, type Passkey, type Passkeys } from './index.ts';

const env = createEnvironment();
const options = 'POST sessions/passkey/options';
const [login, stepUp, register] = ['POST sessions/passkey', 'POST sessions/step-up', 'POST accounts/passkeys'];
const routes = () => env.service.sent.map(({ route }) => route);

type Prompt = { readonly kind: 'create' | 'get'; readonly mediation: string | undefined; isOpen: boolean; sign(id: string): void; fail(name: string): void };
let prompts: Prompt[];
let page: { visibilityState: string } & EventTarget;

// The browser's part: prompts that wait for the test to answer.
function ask(kind: Prompt['kind'], { signal, mediation }: CredentialRequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Like Chromium, which refuses a second one.
    if (prompts.some(({ isOpen }) => isOpen))
      return reject(new DOMException('A request is already pending.', 'OperationError'));
    const prompt: Prompt = {
      kind, mediation, isOpen: true,
      sign(id) {
        prompt.isOpen = false;
        resolve(Object.assign(Object.create(FakeCredential.prototype), { id }));
      },
      fail(name) {
        prompt.isOpen = false;
        reject(new DOMException('-', name));
      },
    };
    prompts.push(prompt);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', () => {
      prompt.isOpen = false;
      reject(signal.reason);
    });
  });
}

class FakeCredential {
  declare id: string;
  static parseCreationOptionsFromJSON = (given: object): object => given;
  static parseRequestOptionsFromJSON = (given: object): object => given;
  static isConditionalMediationAvailable = async (): Promise<boolean> => true;
  toJSON(): object {
    return { id: this.id };
  }
}

/** Opens a page in a browser with passkeys. */
function withPasskeys({ manager }: Tab): Passkeys {
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('PublicKeyCredential', FakeCredential);
  vi.stubGlobal('navigator', { credentials: { create: ask.bind(null, 'create'), get: ask.bind(null, 'get') } });
  return createPasskeys(manager);
}

async function loggedIn(given?: TabOptions): Promise<{ passkeys: Passkeys; tab: Tab }> {
  const tab = await env.loggedIn(given);
  return { passkeys: withPasskeys(tab), tab };
}

function anonymous(): { passkeys: Passkeys; tab: Tab } {
  const tab = env.browser.open();
  return { passkeys: withPasskeys(tab), tab };
}

/** Starts a ceremony, and waits for its prompt. */
async function prompted<T>(ceremony: Promise<T>): Promise<{ ceremony: Promise<T>; prompt: Prompt }> {
  ceremony.catch(() => {});
  await advance(200);
  return { ceremony, prompt: prompts.at(-1)! };
}

const known: Passkey = { id: '1'.padStart(32, '0'), credentialId: 'a', name: 'Laptop', provider: null, createdAt: '2026-03-14T09:00:00.000Z', lastUsedAt: null, isSynced: true, forReview: false };

beforeEach(() => {
  prompts = [];
  return () => vi.unstubAllGlobals();
});

describe('a registration of an account', () => {
  const account = 'POST accounts/passkey';
  const email = 'new@example.com';

  test('creates it and its passkey, which logs in', async () => {
    const { passkeys, tab } = anonymous();
    const { ceremony, prompt } = await prompted(passkeys.registerAccount({ email, name: 'Laptop', captchaToken: 'solved' }));
    expect(prompt.kind).toBe('create');
    prompt.sign('a');
    expect(await finished(ceremony)).toEqual({ id: '00NEW', email, roles: [] });
    expect(tab.manager.state.status).toBe('anonymous');
    expect(env.service.sent.map(({ route, body, bearer }) => [route, body, bearer])).toEqual([
      [`${account}/options`, { email }, null],
      [account, { state: expect.any(String), credential: { id: 'a' }, name: 'Laptop', captchaToken: 'solved' }, null],
    ]);
    const login = await prompted(passkeys.login());
    login.prompt.sign('a');
    expect(await finished(login.ceremony)).toMatchObject({ status: 'active' });
  });

  test('returns nothing where the service sends a link', async () => {
    env.service.verifiesEmails = true;
    const { ceremony, prompt } = await prompted(anonymous().passkeys.registerAccount({ email }));
    prompt.sign('a');
    expect(await finished(ceremony)).toBeUndefined();
  });

  test.each([`${account}/options`, account])('that %s refuses rejects with the reason', async route => {
    const { passkeys } = anonymous();
    env.service.failNext(route, { status: 409, code: 'email_taken' });
    const { ceremony, prompt } = await prompted(passkeys.registerAccount({ email }));
    prompt?.sign('a');
    await expect(finished(ceremony)).rejects.toMatchObject({ code: 'email_taken', status: 409 });
  });

  test('that is aborted creates none', async () => {
    const aborter = new AbortController();
    const { ceremony } = await prompted(anonymous().passkeys.registerAccount({ email, signal: aborter.signal }));
    aborter.abort('left');
    await expect(finished(ceremony)).rejects.toMatchObject({ code: 'passkey_cancelled' });
    expect(routes()).toEqual([`${account}/options`]);
  });
});

describe('a registration', () => {
  test('creates a passkey, which is listed, renamed and removed', async () => {
    const { passkeys } = await loggedIn();
    const { ceremony, prompt } = await prompted(passkeys.register({ name: 'Laptop' }));
    prompt.sign('a');
    const passkey = await finished(ceremony);
    expect(passkey).toMatchObject({ credentialId: 'a', name: 'Laptop' });
    expect(env.service.sent.at(-1)?.body).toEqual({ state: expect.stringMatching(/^state\./), credential: { id: 'a' }, name: 'Laptop' });
    expect(await finished(passkeys.rename(passkey.id, { name: 'Old laptop' }))).toMatchObject({ name: 'Old laptop' });
    expect(await finished(passkeys.list())).toEqual([{ ...passkey, name: 'Old laptop' }]);
    await finished(passkeys.remove(passkey.id));
    expect(await finished(passkeys.list())).toEqual([]);
    expect(routes()).toEqual([`${register}/options`, register, `PATCH accounts/passkeys/${passkey.id}`, 'GET accounts/passkeys', `DELETE accounts/passkeys/${passkey.id}`, 'GET accounts/passkeys']);
  });

  test('that is for review is kept, with a fresh proof', async () => {
    const { passkeys } = await loggedIn();
    env.service.passkeys = [{ ...known, forReview: true }];
    expect(await finished(passkeys.keep(known.id))).toEqual(known);
    expect(env.service.sent.at(-1)).toMatchObject({ route: `PATCH accounts/passkeys/${known.id}`, body: { reviewed: true } });
  });

  test('without a fresh proof asks for one, even one by passkey', async () => {
    const { passkeys, tab } = await loggedIn();
    env.service.passkeys = [known];
    tab.manager.updateConfig({ onStepUp: () => passkeys.stepUp() });
    await advance(20 * minute);
    const { ceremony, prompt } = await prompted(passkeys.register());
    expect(prompt.kind).toBe('get');
    prompt.sign('a');
    await advance(300);
    prompts.at(-1)!.sign('b');
    expect(await finished(ceremony)).toMatchObject({ credentialId: 'b' });
  });

  test.each([
    ['NotAllowedError', 'passkey_cancelled'], ['AbortError', 'passkey_cancelled'], ['UnknownError', 'passkey_cancelled'],
    ['OperationError', 'passkey_cancelled'], ['TimeoutError', 'passkey_timeout'], ['InvalidStateError', 'passkey_exists'],
    ['NotSupportedError', 'passkeys_unsupported'], ['ConstraintError', 'passkeys_unsupported'], ['SecurityError', 'passkey_wrong_rp'],
  ])('that the browser refuses with %s is %s, and the session goes on', async (name, code) => {
    const { passkeys, tab } = await loggedIn();
    const { ceremony, prompt } = await prompted(passkeys.register());
    prompt.fail(name);
    await expect(finished(ceremony)).rejects.toMatchObject({ name: 'SessionError', code, cause: { name } });
    expect([tab.manager.state.status, routes()]).toEqual(['active', [`${register}/options`]]);
  });

  test('that nobody answers is a timeout', async () => {
    const { passkeys } = await loggedIn();
    const { ceremony, prompt } = await prompted(passkeys.register());
    await advance(minute);
    prompt.fail('NotAllowedError');
    await expect(finished(ceremony)).rejects.toMatchObject({ code: 'passkey_timeout' });
  });

  test('can be aborted', async () => {
    const { passkeys } = await loggedIn();
    const aborter = new AbortController();
    const { ceremony } = await prompted(passkeys.register({ signal: aborter.signal }));
    aborter.abort('left');
    await expect(finished(ceremony)).rejects.toMatchObject({ code: 'passkey_cancelled' });
  });
});

test.each<[string, () => void]>([
  ['WebAuthn', () => vi.stubGlobal('PublicKeyCredential', undefined)], ['its JSON methods', () => vi.stubGlobal('PublicKeyCredential', class {})],
])('a browser without %s is told apart, and asked for nothing', async (_, remove) => {
  const { passkeys, tab } = await loggedIn();
  expect([passkeys.isSupported, await passkeys.isConditionalSupported()]).toEqual([true, true]);
  remove();
  expect([passkeys.isSupported, await passkeys.isConditionalSupported()]).toEqual([false, false]);
  for (const use of [() => passkeys.registerAccount({ email: 'new@example.com' }), passkeys.register, passkeys.login, passkeys.stepUp, () => passkeys.login({ conditional: true })])
    await expect(finished<unknown>(use())).rejects.toMatchObject({ code: 'passkeys_unsupported' });
  expect([tab.manager.state.status, routes()]).toEqual(['active', []]);
});

describe('a login', () => {
  test('starts a session in all tabs, with the options of a login', async () => {
    env.service.passkeys = [known];
    const other = env.browser.open();
    const { passkeys } = anonymous();
    const { ceremony, prompt } = await prompted(passkeys.login({ remember: true, device: 'Laptop' }));
    expect(prompt).toMatchObject({ kind: 'get', mediation: undefined });
    prompt.sign('a');
    expect(await finished(ceremony)).toMatchObject({ status: 'active', account: { email: credentials.email } });
    await advance(100);
    expect(other.manager.state.status).toBe('active');
    expect(env.service.sent.map(({ route, body, bearer }) => [route, body, bearer])).toEqual([
      [options, {}, null], [login, { remember: true, device: 'Laptop', state: expect.any(String), credential: { id: 'a' } }, null],
    ]);
  });

  test('asks for the cookie in cookie mode', async () => {
    env.service.passkeys = [known];
    const tab = env.browser.open({ cookie: true });
    await finished(tab.manager.ready);
    const { ceremony, prompt } = await prompted(withPasskeys(tab).login());
    prompt.sign('a');
    await finished(ceremony);
    expect(env.service.sent.at(-1)?.body).toMatchObject({ cookie: true });
    expect(JSON.stringify([...env.browser.items])).not.toMatch(/access\.|refresh\./);
  });

  test('with a removed passkey is passkey_unknown', async () => {
    const { passkeys, tab } = anonymous();
    const { ceremony, prompt } = await prompted(passkeys.login());
    prompt.sign('a');
    await expect(finished(ceremony)).rejects.toMatchObject({ code: 'passkey_unknown', status: 401 });
    expect(tab.manager.state.status).toBe('anonymous');
  });
});

describe('a conditional login', () => {
  beforeEach(() => {
    env.service.passkeys = [known];
  });

  test('waits for the user without a timeout', async () => {
    const { passkeys, tab } = anonymous();
    const { ceremony, prompt } = await prompted(passkeys.login({ conditional: true }));
    expect(prompt.mediation).toBe('conditional');
    await advance(3 * minute);
    prompt.sign('a');
    await finished(ceremony);
    expect([tab.manager.state.status, routes()]).toEqual(['active', [options, login]]);
  });

  test('renews its options before they expire', async () => {
    const { passkeys } = anonymous();
    const { ceremony } = await prompted(passkeys.login({ conditional: true }));
    await advance(60 * minute);
    expect(env.service.count(options)).toBe(15);
    expect(prompts.slice(0, -1).every(({ isOpen }) => !isOpen)).toBe(true);
    prompts.at(-1)!.sign('a');
    expect(await finished(ceremony)).toMatchObject({ status: 'active' });
  });

  test('of a hidden page renews them when it is seen again', async () => {
    const { passkeys } = anonymous();
    const { ceremony } = await prompted(passkeys.login({ conditional: true }));
    page.visibilityState = 'hidden';
    await advance(60 * minute);
    expect(env.service.count(options)).toBe(1);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    await advance(200);
    prompts.at(-1)!.sign('a');
    expect(await finished(ceremony)).toMatchObject({ status: 'active' });
    expect(env.service.count(options)).toBe(2);
  });

  test.each(['lost request', { status: 503, code: 'unavailable', retryAfter: 60 }, { status: 429, code: 'rate_limited' }, { status: 502 }] as const)('goes on after an outage: %o', async fault => {
    const { passkeys } = anonymous();
    env.service.failNext(options, fault);
    const { ceremony } = await prompted(passkeys.login({ conditional: true }));
    await advance(20_000);
    expect(prompts).toEqual([]);
    await advance(minute);
    prompts.at(-1)!.sign('a');
    expect(await finished(ceremony)).toMatchObject({ status: 'active' });
  });

  test('of a service without passkeys is refused at once', async () => {
    const { passkeys } = anonymous();
    env.service.failNext(options, { status: 404, code: 'not_found' });
    await expect(finished(passkeys.login({ conditional: true }))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('makes way for a prompt, and comes back when that is cancelled', async () => {
    const { passkeys } = anonymous();
    const offered = await prompted(passkeys.login({ conditional: true }));
    const asked = await prompted(passkeys.login());
    expect([offered.prompt.isOpen, asked.prompt.mediation]).toEqual([false, undefined]);
    await advance(10 * minute);
    expect(prompts).toHaveLength(2);
    asked.prompt.fail('NotAllowedError');
    await expect(finished(asked.ceremony)).rejects.toMatchObject({ code: 'passkey_timeout' });
    await advance(200);
    prompts.at(-1)!.sign('a');
    expect(await finished(offered.ceremony)).toMatchObject({ status: 'active' });
  });

  test.each([0, 30, 200, 10_000])('that is aborted after %i ms asks no more', async milliseconds => {
    const { passkeys, tab } = anonymous();
    const aborter = new AbortController();
    env.service.failNext(options, ...milliseconds === 10_000 ? ['lost request'] as const : []);
    const result = settle(20_000, passkeys.login({ conditional: true, signal: aborter.signal }));
    setTimeout(() => aborter.abort(new Error('left')), milliseconds);
    expect(await result).toMatchObject({ code: 'passkey_cancelled' });
    await advance(60 * minute);
    expect([tab.manager.state.status, env.service.count(options) <= 1]).toEqual(['anonymous', true]);
  });
});

describe('a step-up', () => {
  test('proves by a passkey', async () => {
    const { passkeys, tab } = await loggedIn();
    env.service.passkeys = [known];
    await advance(20 * minute);
    env.service.sent.length = 0;
    tab.manager.updateConfig({ onStepUp: () => passkeys.stepUp() });
    const { ceremony, prompt } = await prompted(tab.manager.accounts.export());
    prompt.sign('a');
    expect(await finished(ceremony)).toMatchObject({ account: { email: credentials.email } });
    expect(routes()).toEqual(['GET accounts/me/export', `${stepUp}/options`, stepUp, 'GET accounts/me/export']);
  });

  test('that is cancelled keeps the session', async () => {
    const { passkeys, tab } = await loggedIn();
    env.service.passkeys = [known];
    const { ceremony, prompt } = await prompted(passkeys.stepUp());
    prompt.fail('NotAllowedError');
    await expect(finished(ceremony)).rejects.toMatchObject({ code: 'passkey_cancelled' });
    expect([tab.manager.state.status, tab.count('ended')]).toEqual(['active', 0]);
  });

  test.each([[true, true], [true, false], [false, true]])('knows how: password %o, passkey %o', async (password, passkey) => {
    const { passkeys } = await loggedIn();
    env.service.hasPasswords = password;
    env.service.passkeys = passkey ? [known] : [];
    expect(await finished(passkeys.stepUpMethods())).toEqual({ password, passkey });
    if (!passkey)
      await expect(finished(passkeys.stepUp())).rejects.toMatchObject({ code: 'passkey_unknown' });
  });
});

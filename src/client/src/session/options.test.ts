import { describe, expect, test, vi } from 'vitest';
import { createSessionManager } from './manager.ts';
import type { SessionManagerOptions } from './options.ts';

const open = (options: object) => createSessionManager({ baseUrl: 'https://sessions.example.com/api', ...options } as SessionManagerOptions);
const refusalOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('an option that TypeScript would refuse is refused by its name', () => {
  test.each([
    ['no address of the API', { baseUrl: undefined }, 'baseUrl'],
    ['an empty one', { baseUrl: '' }, 'baseUrl'],
    ['one without a scheme', { baseUrl: 'localhost:7071/api' }, 'baseUrl'],
    ['one that is none', { baseUrl: 'https://' }, 'baseUrl'],
    ['a name in other letters', { baseURL: '/api' }, 'baseURL'],
    ['a name that there isn\'t', { timeout: 5000 }, 'timeout'],
    ['a text for a number', { requestTimeout: '5000' }, 'requestTimeout'],
    ['nothing for one', { maxRetries: null }, 'maxRetries'],
    ['no number for one', { checkInterval: NaN }, 'checkInterval'],
    ['an origin without a scheme', { trustedOrigins: ['orders:8080'] }, 'trustedOrigins'],
    ['one origin without its list', { trustedOrigins: 'https://orders.example.com' }, 'trustedOrigins'],
    ['a text for a switch', { cookie: 'false' }, 'cookie'],
    ['a number for a switch', { heartbeat: 1 }, 'heartbeat'],
    ['a level for debug', { debug: 'verbose' }, 'debug'],
    ['nothing for debug', { debug: null }, 'debug'],
    ['a storage that there isn\'t', { storage: 'session' }, 'storage: session'],
    ['no storage', { storage: null }, 'storage: null'],
    ['a storage without its methods', { storage: {} }, 'storage'],
    ['a step-up that is no function', { onStepUp: {} }, 'onStepUp'],
    ['a platform that is none', { platform: 'node' }, 'platform: node'],
  ])('%s', (_, options, name) => {
    expect(refusalOf(() => open(options))).toMatchObject({ name: 'SessionError', code: 'invalid_option', message: expect.stringContaining(name) });
  });

  test('no options at all', () => {
    expect(refusalOf(() => createSessionManager(...[] as unknown as [SessionManagerOptions]))).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('baseUrl') });
  });

  test.each([
    { storage: 'memory', debug: true, onStepUp: null },
    { storage: { getItem: () => null, setItem() {}, removeItem() {} }, debug: () => {}, onStepUp: async () => {}, trustedOrigins: [] },
    { storage: undefined, debug: undefined, onStepUp: undefined, trustedOrigins: undefined, maxRetries: undefined },
  ])('but not %j', options => {
    open(options).close();
  });

  test('when it is changed', () => {
    const manager = open({});
    expect(refusalOf(() => manager.updateConfig({ heartBeat: true } as object))).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('heartBeat') });
    manager.updateConfig({ heartbeat: true });
    manager.close();
  });

  test.each(['baseUrl', 'cookie', 'storage', 'trustedOrigins', 'platform'])('and %s says that it can\'t be changed', option => {
    const manager = open({});
    const values = { baseUrl: '/api', cookie: true, storage: 'memory', trustedOrigins: [], platform: {} };
    expect(refusalOf(() => manager.updateConfig({ [option]: values[option as keyof typeof values] })))
      .toMatchObject({ code: 'invalid_option', message: `Option ${option} can't be changed.` });
    manager.close();
  });
});

test('a relative address is that of the page, and on a server one that leads nowhere', async () => {
  const fetch = vi.fn((_: RequestInfo | URL) => Promise.reject(new TypeError('fetch failed')));
  const login = async (): Promise<unknown> => {
    const manager = open({ baseUrl: '/api', platform: { fetch, page: null } });
    const error: unknown = await manager.login({ email: 'a@example.com', password: 'x' }).catch((reason: unknown) => reason);
    manager.close();
    return error;
  };
  expect(await login()).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('baseUrl') });
  expect(fetch.mock.calls).toEqual([['http://no-page.invalid/api/sessions/login', expect.anything()]]);
  vi.stubGlobal('location', new URL('https://shop.example.com/cart'));
  try {
    expect(await login()).toMatchObject({ code: 'network_error' });
    expect(fetch).toHaveBeenLastCalledWith('https://shop.example.com/api/sessions/login', expect.anything());
  } finally {
    vi.unstubAllGlobals();
  }
});

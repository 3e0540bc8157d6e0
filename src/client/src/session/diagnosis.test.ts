import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSessionManager } from './manager.ts';
import type { SessionManagerOptions } from './options.ts';

const credentials = { email: 'a@example.com', password: 'x' };
const page = 'https://shop.example.com';
let sent: RequestInit[];

beforeEach(() => {
  vi.stubGlobal('location', new URL(`${page}/cart`));
  sent = [];
});
afterEach(() => void vi.unstubAllGlobals());

/** Logs in at a service that answers with this, or not at all, and returns the error. */
async function failedLogin(answer: (init: RequestInit) => Response | null, options: Partial<SessionManagerOptions> = {}): Promise<unknown> {
  const fetch = async (_: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    sent.push(init);
    return answer(init) ?? Promise.reject(new TypeError('Failed to fetch'));
  };
  const manager = createSessionManager({ baseUrl: 'https://sessions.example.com/api', ...options, platform: { fetch, page: null } });
  try {
    return await manager.login(credentials).catch((error: unknown) => error);
  } finally {
    manager.close();
  }
}

const opaque = (init: RequestInit): Response | null => init.mode === 'no-cors' ? Response.error() : null;

describe('a login at a service that keeps its answers from this page', () => {
  test('names the page\'s origin and what to set', async () => {
    expect(await failedLogin(opaque)).toMatchObject({ code: 'cors_blocked', message: expect.stringMatching(/shop\.example\.com.*CORS.*baseUrl/), cause: { code: 'network_error' } });
  });

  test('asks for the permission that its own requests need', async () => {
    expect(await failedLogin(opaque, { cookie: true })).toMatchObject({ code: 'cors_blocked', message: expect.stringContaining('Cookies__AllowedOrigins') });
    expect(sent.at(-1)).toMatchObject({ credentials: 'include', headers: { 'content-type': 'application/json', 'x-session-request': '1' } });
    expect(sent.slice(1).every(init => !init.body)).toBe(true);
  });

  test('is a lost request where the service answers by now', async () => {
    expect(await failedLogin(init => init.method === 'POST' ? null : Response.json({}))).toMatchObject({ code: 'network_error' });
  });

  test('is not diagnosed on the service\'s own origin', async () => {
    expect(await failedLogin(opaque, { baseUrl: '/api' })).toMatchObject({ code: 'network_error' });
    expect(sent).toHaveLength(1);
  });
});

test('a service that can\'t be reached costs one more request', async () => {
  expect(await failedLogin(() => null)).toMatchObject({ code: 'network_error' });
  expect(sent.map(({ mode }) => mode)).toEqual([undefined, 'no-cors']);
});

test('a page with https can\'t use a service without', async () => {
  expect(await failedLogin(() => null, { baseUrl: 'http://sessions.example.com/api' })).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('baseUrl') });
});

test.each([
  ['the page of a router', 200, '<!doctype html>'], ['a page that there isn\'t', 404, '<h1>Not found</h1>'], ['another API', 404, '{"error":"not found"}'],
])('the answer of %s names baseUrl', async (_, status, body) => {
  expect(await failedLogin(() => new Response(body, { status }))).toMatchObject({ code: 'unexpected_response', status, message: expect.stringContaining('baseUrl') });
});

test.each([500, 502, 504])('a proxy that reaches no app (%i) asks whether it is running', async status => {
  expect(await failedLogin(() => new Response('', { status }))).toMatchObject({ code: 'unexpected_response', status, message: expect.stringMatching(/running\?$/) });
});

test('a gateway that is overloaded is no wrong address', async () => {
  const error = await failedLogin(() => new Response('<h1>Busy</h1>', { status: 503, headers: { 'retry-after': '7' } }));
  expect(error).toMatchObject({ code: 'unexpected_response', retryAfter: 7, message: expect.not.stringContaining('baseUrl') });
});

test('an origin that may not use the cookie names the setting', async () => {
  const problem = { type: 'x', title: 'The request may not use the cookie', status: 403, detail: 'The page\'s origin may not use the cookie.', code: 'origin_not_allowed', traceId: 'x' };
  expect(await failedLogin(() => Response.json(problem, { status: 403 }), { cookie: true }))
    .toMatchObject({ code: 'origin_not_allowed', status: 403, message: expect.stringMatching(/https:\/\/shop\.example\.com.*Cookies__AllowedOrigins/) });
});

test('an address that fetch doesn\'t trust names the option', async () => {
  const manager = createSessionManager({ baseUrl: '/api' });
  await expect(manager.fetch('https://orders.example.com/')).rejects.toMatchObject({ code: 'untrusted_origin', message: expect.stringContaining('trustedOrigins') });
  manager.close();
});

import { expect, inject, test } from 'vitest';
import { withTabs } from './harness/tabs.ts';

test('a login tells a service that keeps its answers from a lost one, and a page from an API', () => withTabs(async ({ open, who }) => {
  const failedLogin = async (baseUrl: string): Promise<{ code: string; message: string }> => (await open({ baseUrl })).evaluate(credentials =>
    window.manager.login(credentials).then(() => ({ code: 'none', message: '' }), ({ code, message }: { code: string; message: string }) => ({ code, message })), who);
  expect(await failedLogin(`${inject('base')}api`)).toEqual({ code: 'cors_blocked', message: expect.stringContaining('CORS') });
  expect(await failedLogin('http://localhost:9/api')).toEqual({ code: 'network_error', message: expect.any(String) });
  expect(await failedLogin('/page.js?')).toEqual({ code: 'unexpected_response', message: expect.stringContaining('baseUrl') });
}));

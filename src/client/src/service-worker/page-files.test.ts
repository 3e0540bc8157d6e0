import { beforeEach, describe, expect, test } from 'vitest';
import { FakeCaches, responseOf } from '../testing/caches.ts';
import { pageCacheName, type WorkerSettings } from './cache.ts';
import { isPageFile, respondTo } from './handler.ts';

const baseUrl = 'https://sessions.example.com/api/';
const origin = 'https://app.example.com';
const settings: WorkerSettings = { baseUrl, routes: [], hasPages: true };

let caches: FakeCaches;
let network: () => Promise<Response>;
let timeout: number;

beforeEach(() => {
  caches = new FakeCaches();
  network = () => Promise.resolve(new Response('fresh'));
  // Longer than a cache lookup under load.
  timeout = 5000;
});

const away = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
const respond = (request: Request): Promise<Response> | null => respondTo(request, settings, { fetch: () => network(), caches, origin, timeout }, () => {});

describe('a file of the page', () => {
  const file = (address: string, mode = 'no-cors', destination = 'script', headers: Record<string, string> = {}) =>
    ({ url: new URL(address, origin).href, method: 'GET', mode, destination, headers: new Headers(headers) }) as unknown as Request;
  const page = (mode: string, destination: string, headers?: Record<string, string>) => isPageFile(file('/', mode, destination, headers), origin);

  const keep = async (path: string) => await (await caches.open(pageCacheName(baseUrl))).put(new URL(path, origin).href, new Response('kept'));

  test('is the page, a script, a style or an image, and nothing with a token', () => {
    expect(page('navigate', 'document')).toBe(true);
    expect(page('cors', 'script')).toBe(true);
    expect(page('cors', '')).toBe(false);
    expect(page('cors', 'script', { authorization: 'Bearer x' })).toBe(false);
  });

  test.each([
    ['picture', 'https://pictures.example.com/me.png', 'image'], ['script', 'https://cdn.example.com/main.js', 'script'],
  ])('is no %s of another origin', (_, address, destination) => {
    expect(respond(file(address, 'no-cors', destination))).toBeNull();
    expect(respond(file(new URL(address).pathname, 'no-cors', destination))).not.toBeNull();
  });

  test.each([
    ['page', '/app?from=mail', 'navigate', 'document', '/app'], ['script', '/main.js?v=3', 'cors', 'script', '/main.js'],
  ])('comes from the cache if the network fails, also a %s with a query', async (_, address, mode, destination, kept) => {
    await keep(kept);
    const answer = async () => await (await respond(file(address, mode, destination)))!.text();
    network = away;
    expect(await answer()).toBe('kept');
    network = () => Promise.resolve(new Response('fresh'));
    expect(await answer()).toBe('fresh');
  });

  test('isn\'t taken from the cache if it was redirected, which a browser refuses for a navigation', async () => {
    await (await caches.open(pageCacheName(baseUrl))).put(`${origin}/app`, responseOf({ redirected: true }, 'a login page'));
    network = away;
    await expect(respond(file('/app', 'navigate', 'document'))).rejects.toThrow('Failed to fetch');
  });

  test('is awaited, to be of the same build as its page; only the page itself comes from the cache if the network hangs', async () => {
    await keep('/app');
    await keep('/main.js');
    timeout = 20;
    network = () => new Promise(() => {});
    expect(await (await respond(file('/app', 'navigate', 'document')))!.text()).toBe('kept');
    network = async () => {
      await new Promise(done => setTimeout(done, 60));
      return new Response('fresh');
    };
    expect(await (await respond(file('/main.js?v=4', 'cors', 'script')))!.text()).toBe('fresh');
  });
});

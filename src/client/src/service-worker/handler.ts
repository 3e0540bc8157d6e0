import { cachedAtHeader, markerUrl, pageCacheName, sessionCacheName, sessionCachePrefix, type WorkerSettings } from './cache.ts';

/** The browser APIs that the worker uses. */
export interface WorkerPlatform {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly caches: Pick<CacheStorage, 'has' | 'open' | 'keys' | 'match'>;
  readonly origin: string;
  /** How many milliseconds to wait for the network where the cache has a response. */
  readonly timeout: number;
}

type WaitUntil = (work: Promise<unknown>) => void;

// Older responses of a session are deleted.
const maxEntries = 50;

/**
 * Responds from the network, or from the cache where the network fails. Null leaves the request to the browser.
 * @param waitUntil Keeps the worker alive until the work is done.
 */
export function respondTo(request: Request, settings: WorkerSettings, platform: WorkerPlatform, waitUntil: WaitUntil): Promise<Response> | null {
  if (request.method !== 'GET' || request.cache === 'only-if-cached')
    return null;
  if (isCachedRoute(request.url, settings))
    return respondToApi(request, settings, platform, waitUntil);
  return settings.hasPages && isPageFile(request, platform.origin) ? respondToPage(request, settings, platform) : null;
}

export function isCachedRoute(url: string, { baseUrl, routes }: WorkerSettings): boolean {
  const [path = ''] = url.split(/[?#]/);
  return !!baseUrl && path.startsWith(baseUrl) && routes.includes(path.slice(baseUrl.length));
}

/** Whether it is a navigation or a file of the page: of its own origin, and without an access token. */
export function isPageFile({ url, mode, destination, headers }: Pick<Request, 'url' | 'mode' | 'destination' | 'headers'>, origin: string): boolean {
  return new URL(url).origin === origin && !headers.has('authorization')
    && (mode === 'navigate' || /^(script|style|image|font|manifest)$/.test(destination));
}

/** The session id in an access token (`sid`); null without a valid one. The number behind the dot changes with each refresh. */
export function sessionIdOf(authorization: string | null): string | null {
  try {
    const [, payload = ''] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization ?? '') ?? [];
    const { sid } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sid?: unknown };
    return typeof sid === 'string' && sid.split('.')[0] || null;
  } catch {
    return null;
  }
}

/** Whether a text contains a secret: a JWT by its form, others by the name of their field. */
export const hasToken = (text: string): boolean => /"[\w-]*(token|secret|password)"\s*:\s*"|\beyJ[\w-]+\.[\w-]+\.[\w-]+/i.test(text);

function respondToApi(request: Request, settings: WorkerSettings, platform: WorkerPlatform, waitUntil: WaitUntil): Promise<Response> {
  const session = sessionIdOf(request.headers.get('authorization'));
  const network = platform.fetch(request);
  // A late response is cached, too. A cache that fails doesn't fail the response.
  waitUntil(network.then(async response => {
    if (session && response.status === 200 && !response.redirected)
      await store(request.url, session, response.clone(), settings, platform);
  }).catch(() => {}));
  return networkFirst(network, () => find(request.url, session, settings, platform), platform.timeout, true);
}

/**
 * The network's response, or the cached one where the network fails. A cache that fails or hangs counts as empty.
 * @param isTimed Whether the cached response also replaces one that takes longer than the timeout.
 */
async function networkFirst(network: Promise<Response>, find: () => Promise<Response | undefined>, timeout: number, isTimed: boolean): Promise<Response> {
  const timedOut = (): Promise<undefined> => new Promise(resolve => {
    setTimeout(resolve, timeout);
  });
  const cached = (): Promise<Response | undefined> => Promise.race([find().catch(() => undefined), timedOut()]);
  try {
    return isTimed ? await Promise.race([network, timedOut().then(cached)]) ?? await network : await network;
  } catch (error) {
    const response = await cached();
    if (response)
      return response;
    throw error;
  }
}

async function find(url: string, session: string | null, { baseUrl }: WorkerSettings, { caches }: WorkerPlatform): Promise<Response | undefined> {
  // In cookie mode a page that opens offline has no token; the only session cache is that of its session.
  const names = session ? [await sessionCacheName(baseUrl, session)] : (await caches.keys()).filter(name => name.startsWith(sessionCachePrefix(baseUrl)));
  return names.length === 1 ? await caches.match(url, { cacheName: names[0]! }) : undefined;
}

async function store(url: string, session: string, response: Response, { baseUrl }: WorkerSettings, { caches }: WorkerPlatform): Promise<void> {
  const name = await sessionCacheName(baseUrl, session);
  const type = response.headers.get('content-type') ?? '';
  // The page creates the cache of its session and deletes it: after the end there is none to write to.
  if (!/^application\/json\b/.test(type) || !await caches.has(name))
    return;
  const text = await response.text();
  if (hasToken(text))
    return;
  const cache = await caches.open(name);
  if (!await cache.match(markerUrl(baseUrl)))
    return;
  // By URL alone, so that no request header is stored.
  await cache.put(url, new Response(text, { headers: { 'content-type': type, [cachedAtHeader]: new Date().toUTCString() } }));
  // Each page that opens puts the marker again, so it may be anywhere in the list.
  const responses = (await cache.keys()).filter(entry => entry.url !== markerUrl(baseUrl));
  await Promise.all(responses.slice(0, -maxEntries).map(oldest => cache.delete(oldest)));
}

function respondToPage(request: Request, { baseUrl }: WorkerSettings, { fetch, caches, timeout }: WorkerPlatform): Promise<Response> {
  const options = { cacheName: pageCacheName(baseUrl), ignoreVary: true, ignoreSearch: true };
  const find = async (): Promise<Response | undefined> => {
    const response = await caches.match(request.url, options);
    // A browser refuses a redirected response for a navigation.
    return response?.redirected ? undefined : response;
  };
  // Scripts and styles are waited for: they must be of the same build as the page.
  return networkFirst(fetch(request), find, timeout, request.mode === 'navigate');
}

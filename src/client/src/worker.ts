import { cachedAt, cacheOf, markOf, pageCacheOf, sessionCachesOf, type WorkerSettings } from './caches.ts';

/** What the worker uses of its browser. */
export interface WorkerSurroundings {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly caches: Pick<CacheStorage, 'has' | 'open' | 'keys' | 'match'>;
}

/** The oldest answers of a session go when there are more. */
const most = 50;

/**
 * Answers a request from the network, and where that can't be reached from the cache. Null where the browser is to do it by itself.
 * @param hold Keeps the worker alive until something is done.
 */
export function answerOf(
  request: Request, settings: WorkerSettings, surroundings: WorkerSurroundings, hold: (work: Promise<unknown>) => void,
): Promise<Response> | null {
  if (request.method !== 'GET' || request.cache === 'only-if-cached')
    return null;
  if (isData(request.url, settings))
    return dataOf(request, settings, surroundings, hold);
  return settings.hasPages && isOfThePage(request) ? fileOf(request, settings, surroundings) : null;
}

/** Whether it is one of the routes whose answers may be cached. */
export function isData(address: string, { baseUrl, routes }: WorkerSettings): boolean {
  const [path = ''] = address.split(/[?#]/);
  return !!baseUrl && path.startsWith(baseUrl) && routes.includes(path.slice(baseUrl.length));
}

/** What the page itself consists of; never something that is asked for with a token. */
export function isOfThePage({ mode, destination, headers }: Pick<Request, 'mode' | 'destination' | 'headers'>): boolean {
  return !headers.has('authorization') && (mode === 'navigate' || /^(script|style|image|font|manifest)$/.test(destination));
}

/** The session that a token is of, as it says itself. Null where there is none, or where it is nobody's. */
export function sessionOf(authorization: string | null): string | null {
  try {
    const [, payload = ''] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization ?? '') ?? [];
    const { sid } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sid?: unknown };
    return typeof sid === 'string' && sid.split('.')[0] || null;
  } catch {
    return null;
  }
}

/** Whether there is a token in it, by the name of a field or by its form (a JWT, or a refresh token of this service). */
export function hasToken(text: string): boolean {
  return /"[\w-]*(token|secret|password)"\s*:\s*"|\beyJ[\w-]+\.[\w-]+\.[\w-]+/i.test(text);
}

async function dataOf(
  request: Request, settings: WorkerSettings, surroundings: WorkerSurroundings, hold: (work: Promise<unknown>) => void,
): Promise<Response> {
  const session = sessionOf(request.headers.get('authorization'));
  let response: Response;
  try {
    response = await surroundings.fetch(request);
  } catch (error) {
    const kept = await find(request.url, session, settings, surroundings).catch(() => undefined);
    if (kept)
      return kept;
    throw error;
  }
  try {
    if (session && response.status === 200)
      hold(keep(request.url, session, response.clone(), settings, surroundings).catch(() => {}));
  } catch {
    // The answer is there, whatever becomes of its copy.
  }
  return response;
}

async function find(address: string, session: string | null, { baseUrl }: WorkerSettings, { caches }: WorkerSurroundings): Promise<Response | undefined> {
  // A page of cookie mode that begins offline has no token, and the page has left the cache of its session only.
  const names = session ? [await cacheOf(baseUrl, session)] : (await caches.keys()).filter(name => name.startsWith(sessionCachesOf(baseUrl)));
  return names.length === 1 ? await caches.match(address, { cacheName: names[0]! }) : undefined;
}

async function keep(address: string, session: string, response: Response, { baseUrl }: WorkerSettings, { caches }: WorkerSurroundings): Promise<void> {
  const name = await cacheOf(baseUrl, session);
  const type = response.headers.get('content-type') ?? '';
  // The page opens the cache of its session, and removes it: an answer that comes after the end finds none.
  if (!/^application\/json\b/.test(type) || !await caches.has(name))
    return;
  const text = await response.text();
  if (hasToken(text))
    return;
  const cache = await caches.open(name);
  if (!await cache.match(markOf(baseUrl)))
    return;
  // Under the address alone: no header of the request is stored, and of the answer just what it takes to read it.
  await cache.put(address, new Response(text, { headers: { 'content-type': type, [cachedAt]: new Date().toUTCString() } }));
  const [, ...answers] = await cache.keys();
  await Promise.all(answers.slice(0, -most).map(oldest => cache.delete(oldest)));
}

async function fileOf(request: Request, { baseUrl }: WorkerSettings, { fetch, caches }: WorkerSurroundings): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const options = { cacheName: pageCacheOf(baseUrl), ignoreVary: true, ignoreSearch: request.mode === 'navigate' };
    const kept = await caches.match(request.url, options).catch(() => undefined);
    if (kept)
      return kept;
    throw error;
  }
}

import { cachedAt, cacheOf, markOf, pageCacheOf, sessionCachesOf, type WorkerSettings } from './caches.ts';

/** What the worker uses of its browser. */
export interface WorkerSurroundings {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly caches: Pick<CacheStorage, 'has' | 'open' | 'keys' | 'match'>;
  /** The worker's own, and so that of its pages. */
  readonly origin: string;
  /** How many milliseconds the network has where the cache has an answer, too. */
  readonly patience: number;
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
  return settings.hasPages && isOfThePage(request, surroundings.origin) ? fileOf(request, settings, surroundings) : null;
}

/** Whether it is one of the routes whose answers may be cached. */
export function isData(address: string, { baseUrl, routes }: WorkerSettings): boolean {
  const [path = ''] = address.split(/[?#]/);
  return !!baseUrl && path.startsWith(baseUrl) && routes.includes(path.slice(baseUrl.length));
}

/** What the page itself consists of; never something that is asked for with a token, or that another origin has. */
export function isOfThePage({ url, mode, destination, headers }: Pick<Request, 'url' | 'mode' | 'destination' | 'headers'>, origin: string): boolean {
  return new URL(url).origin === origin && !headers.has('authorization')
    && (mode === 'navigate' || /^(script|style|image|font|manifest)$/.test(destination));
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

/** Whether there is a token in it: a JWT anywhere, by its form, and any other by the name of its field. */
export function hasToken(text: string): boolean {
  return /"[\w-]*(token|secret|password)"\s*:\s*"|\beyJ[\w-]+\.[\w-]+\.[\w-]+/i.test(text);
}

function dataOf(
  request: Request, settings: WorkerSettings, surroundings: WorkerSurroundings, hold: (work: Promise<unknown>) => void,
): Promise<Response> {
  const session = sessionOf(request.headers.get('authorization'));
  const fresh = surroundings.fetch(request);
  // Also when the page has had the kept one meanwhile. The answer is there, whatever becomes of its copy.
  hold(fresh.then(async response => {
    if (session && response.status === 200 && !response.redirected)
      await keep(request.url, session, response.clone(), settings, surroundings);
  }).catch(() => {}));
  return firstOf(fresh, () => find(request.url, session, settings, surroundings), surroundings.patience, true);
}

/**
 * What the network answers, or what the cache has where the network fails. A cache that fails or never answers is as one that is empty.
 * @param isHasty Whether the cache also answers for a network that hangs: a page gives up some time, too.
 */
async function firstOf(fresh: Promise<Response>, find: () => Promise<Response | undefined>, patience: number, isHasty: boolean): Promise<Response> {
  const late = (): Promise<undefined> => new Promise(done => {
    setTimeout(done, patience);
  });
  const kept = (): Promise<Response | undefined> => Promise.race([find().catch(() => undefined), late()]);
  try {
    return isHasty ? await Promise.race([fresh, late().then(kept)]) ?? await fresh : await fresh;
  } catch (error) {
    const answer = await kept();
    if (answer)
      return answer;
    throw error;
  }
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
  // Each page that opens puts the mark anew, so it may be anywhere among them.
  const answers = (await cache.keys()).filter(({ url }) => url !== markOf(baseUrl));
  await Promise.all(answers.slice(0, -most).map(oldest => cache.delete(oldest)));
}

function fileOf(request: Request, { baseUrl }: WorkerSettings, { fetch, caches, patience }: WorkerSurroundings): Promise<Response> {
  // They are kept without query.
  const options = { cacheName: pageCacheOf(baseUrl), ignoreVary: true, ignoreSearch: true };
  // A page that has come from a slow network wants the scripts and styles of its own build, however long they take.
  const kept = async (): Promise<Response | undefined> => {
    const response = await caches.match(request.url, options);
    // Earlier versions kept such, and a browser takes none for a navigation.
    return response?.redirected ? undefined : response;
  };
  return firstOf(fetch(request), kept, patience, request.mode === 'navigate');
}

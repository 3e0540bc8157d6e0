/** What the page and its service worker agree on: the names of the caches, and the settings, which are in the address of the script. */

/** Tells that an answer comes from the cache, and of when it is (an HTTP date). */
export const cachedAt = 'x-session-cache';

export interface WorkerSettings {
  /** With a slash at its end. */
  readonly baseUrl: string;
  /** Behind `baseUrl`, without query: what may be cached. */
  readonly routes: readonly string[];
  /** Whether files of the page are to be found in the cache, too. */
  readonly hasPages: boolean;
}

export function addressOf(script: string | URL, { baseUrl, routes, hasPages }: WorkerSettings): URL {
  const address = new URL(script, globalThis.location?.href);
  address.searchParams.set('base', baseUrl);
  address.searchParams.set('routes', routes.join(','));
  if (hasPages)
    address.searchParams.set('pages', '');
  return address;
}

/** Reads what `addressOf` wrote. A worker survives neither the page nor its own idleness, its address does. */
export function settingsOf(address: string): WorkerSettings {
  const { searchParams } = new URL(address);
  return {
    baseUrl: searchParams.get('base') ?? '',
    routes: (searchParams.get('routes') ?? '').split(',').filter(Boolean),
    hasPages: searchParams.has('pages'),
  };
}

export function sessionCachesOf(baseUrl: string): string {
  return `serverless-sessions:${baseUrl}:session:`;
}

export function pageCacheOf(baseUrl: string): string {
  return `serverless-sessions:${baseUrl}:pages`;
}

/** The cache of one session, and so of one user. Whoever reads the name can't tell whose it is. */
export async function cacheOf(baseUrl: string, sessionId: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sessionId));
  return sessionCachesOf(baseUrl) + [...new Uint8Array(hash, 0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** In each cache that a page has opened: a worker that comes too late opens an empty one, and leaves it so. */
export function markOf(baseUrl: string): string {
  return `${baseUrl}session-cache`;
}

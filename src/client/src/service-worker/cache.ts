/** What the page and its service worker share: cache names, and settings that are part of the script's URL. */

/** Response header that marks a cached response and has its date. */
export const cachedAtHeader = 'x-session-cache';

export interface WorkerSettings {
  /** With a slash at its end. */
  readonly baseUrl: string;
  /** The routes that may be cached, relative to `baseUrl` and without query. */
  readonly routes: readonly string[];
  /** Whether the page's own files are cached, too. */
  readonly hasPages: boolean;
}

export function workerUrl(script: string | URL, { baseUrl, routes, hasPages }: WorkerSettings): URL {
  const url = new URL(script, globalThis.location?.href);
  url.searchParams.set('base', baseUrl);
  url.searchParams.set('routes', routes.join(','));
  if (hasPages)
    url.searchParams.set('pages', '');
  return url;
}

/** Reads the settings from the worker's own URL, which outlives the page and the worker's idle time. */
export function settingsOf(url: string): WorkerSettings {
  const { searchParams } = new URL(url);
  return {
    baseUrl: searchParams.get('base') ?? '',
    routes: (searchParams.get('routes') ?? '').split(',').filter(Boolean),
    hasPages: searchParams.has('pages'),
  };
}

export const sessionCachePrefix = (baseUrl: string): string => `serverless-sessions:${baseUrl}:session:`;

export const pageCacheName = (baseUrl: string): string => `serverless-sessions:${baseUrl}:pages`;

/** One cache per session, and so per user. The name doesn't reveal the session. */
export async function sessionCacheName(baseUrl: string, sessionId: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sessionId));
  return sessionCachePrefix(baseUrl) + [...new Uint8Array(hash, 0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** An entry of every cache that a page has opened. A late worker that recreates a deleted cache finds none, and leaves it empty. */
export const markerUrl = (baseUrl: string): string => `${baseUrl}session-cache`;

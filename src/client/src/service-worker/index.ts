import { ifAllowed } from '../platform/platform.ts';
import type { SessionManager } from '../session/types.ts';
import { markerUrl, pageCacheName, sessionCacheName, sessionCachePrefix, workerUrl } from './cache.ts';

export interface ServiceWorkerOptions {
  /** The `baseUrl` of the session manager. */
  readonly baseUrl: string;
  /** Where the page serves `session-sw.js` of this package. */
  readonly script: string | URL;
  /** The scope of the worker; the folder of the script by default. */
  readonly scope?: string;
  /** GET routes whose last response is available offline, relative to `baseUrl` and without query; devices and log by default. */
  readonly routes?: readonly string[];
  /** The page and its files, so that it opens offline; none by default. Public, same-origin, matched without query, kept over a logout. */
  readonly pages?: readonly (string | URL)[];
}

export interface SessionServiceWorker {
  /** The registration; null if the browser has no service workers, refuses this one or doesn't respond. Never rejects. */
  readonly ready: Promise<ServiceWorkerRegistration | null>;
  /** Releases all resources; the worker stays registered. */
  stop(): void;
  /** Removes the worker and its caches. */
  remove(): Promise<void>;
}

// Without the status: a cached one would be misleading.
const defaultRoutes = ['sessions/my-sessions', 'sessions/my-session-logs'];

// Milliseconds for a page without a session to get one from other tabs.
const settlingTime = 500;

// The browser may take longer.
const minSyncInterval = 3_600_000;

// How many milliseconds the browser may take for a registration or its caches.
const browserTimeout = 10_000;

/** Keeps the last responses of some routes available offline. If it fails, the page works without it. */
export function registerServiceWorker(manager: SessionManager, options: ServiceWorkerOptions): SessionServiceWorker {
  const { script, scope, routes = defaultRoutes, pages = [] } = options;
  const container = ifAllowed(() => navigator.serviceWorker);
  const caches = ifAllowed(() => globalThis.caches);
  if (!container || !caches)
    return { ready: Promise.resolve(null), stop() {}, remove: () => Promise.resolve() };
  const baseUrl = new URL(options.baseUrl, location.href).href.replace(/\/*$/, '/');

  // Changes run in sequence; each keeps the cache of the current session and deletes the others.
  let lastChange: Promise<unknown> = Promise.resolve();
  let followedId: string | null | undefined;
  let isSettling = true;
  const settling = setTimeout(() => {
    isSettling = false;
    follow();
  }, settlingTime);
  function follow(): void {
    const { status, session } = manager.state;
    const id = session?.id ?? null;
    if (status === 'starting' || id === followedId || isSettling && id === null && followedId === undefined)
      return;
    followedId = id;
    lastChange = lastChange.then(() => orNull(keepOnly(id)));
  }

  async function keepOnly(id: string | null): Promise<void> {
    const own = id && await sessionCacheName(baseUrl, id);
    for (const name of await caches!.keys()) {
      if (name.startsWith(sessionCachePrefix(baseUrl)) && name !== own)
        await caches!.delete(name);
    }
    if (own)
      await (await caches!.open(own)).put(markerUrl(baseUrl), new Response());
  }

  async function cachePages(): Promise<void> {
    const urls = pages.map(page => new URL(page, location.href)).filter(({ origin }) => origin === location.origin);
    // `addAll` rejects duplicates.
    const wanted = new Set(urls.map(({ href }) => href.replace(/[?#].*/, '')));
    const cache = await caches!.open(pageCacheName(baseUrl));
    // All or none, and no redirect: a browser refuses a redirected response for a navigation.
    await cache.addAll([...wanted].map(url => new Request(url, { redirect: 'error' })));
    for (const { url } of await cache.keys()) {
      if (!wanted.has(url))
        await cache.delete(url);
    }
  }

  function onMessage({ data }: MessageEvent<{ serverlessSessions?: unknown } | null>): void {
    // An update without changes checks the clock.
    if (data?.serverlessSessions === 'check')
      manager.updateConfig({});
  }

  async function register(): Promise<ServiceWorkerRegistration | null> {
    const url = trustedScriptUrl(workerUrl(script, { baseUrl, routes, hasPages: pages.length > 0 }).href);
    const registration = await container!.register(url, { ...scope !== undefined && { scope }, updateViaCache: 'none' });
    if (pages.length > 0)
      void cachePages().catch(() => {});
    void requestPeriodicSync(registration).catch(() => {});
    return registration;
  }

  // A registration of an earlier page, where this one was refused; never that of the app's own worker.
  async function earlierRegistration(): Promise<ServiceWorkerRegistration | undefined> {
    const url = new URL(script, location.href);
    const scopeUrl = new URL(scope ?? new URL('.', url), location.href).href;
    const found = await container!.getRegistration(scopeUrl);
    const worker = found?.active ?? found?.waiting ?? found?.installing;
    return found?.scope === scopeUrl && worker && new URL(worker.scriptURL).pathname === url.pathname ? found : undefined;
  }

  const unsubscribe = manager.subscribe(follow);
  container.addEventListener('message', onMessage);
  follow();
  const ready = orNull(register());
  function stop(): void {
    clearTimeout(settling);
    unsubscribe();
    container!.removeEventListener('message', onMessage);
  }
  return {
    ready,
    stop,
    async remove() {
      stop();
      const registration = await ready ?? await orNull(earlierRegistration());
      await orNull(registration?.unregister());
      await lastChange;
      await orNull(keepOnly(null));
      await orNull(caches.delete(pageCacheName(baseUrl)));
    },
  };
}

/** Null if the browser rejects or doesn't respond. */
async function orNull<T>(work: Promise<T> | undefined): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), browserTimeout);
  });
  try {
    return await Promise.race([work ?? null, timeout]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

type ScriptUrlPolicy = { createScriptURL(url: string): string };

// A page allows a policy name once.
let policy: ScriptUrlPolicy | undefined;

// For pages with `require-trusted-types-for 'script'`.
function trustedScriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy } };
  policy ??= trustedTypes?.createPolicy('serverless-sessions', { createScriptURL: text => text });
  return policy?.createScriptURL(url) ?? url;
}

// Some browsers have it, for installed apps only.
async function requestPeriodicSync(registration: ServiceWorkerRegistration): Promise<void> {
  const { periodicSync } = registration as { periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> } };
  const permission = periodicSync && await navigator.permissions.query({ name: 'periodic-background-sync' as PermissionName });
  if (permission?.state === 'granted')
    await periodicSync!.register('serverless-sessions', { minInterval: minSyncInterval });
}

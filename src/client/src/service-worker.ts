import { addressOf, cacheOf, markOf, pageCacheOf, sessionCachesOf } from './caches.ts';
import { ifAllowed } from './platform.ts';
import type { SessionManager } from './types.ts';

export interface ServiceWorkerOptions {
  /** As that of the session manager. */
  readonly baseUrl: string;
  /** Where the page has `session-sw.js` of this package. */
  readonly script: string | URL;
  /** The pages that it is for; those beside and below the script unless it is given. */
  readonly scope?: string;
  /**
   * The GET routes whose last answer is there when the service isn't, behind `baseUrl` and without query.
   * @defaultValue `sessions/my-sessions` and `sessions/my-session-logs`
   */
  readonly routes?: readonly string[];
  /**
   * The files that the page consists of, itself among them, so that it opens offline: they are public, of the page's own origin, each
   * found by its address without query, and are kept over a logout.
   * @defaultValue none
   */
  readonly pages?: readonly (string | URL)[];
}

export interface SessionServiceWorker {
  /** The registration; null where the browser has no service workers, or refuses this one. It never rejects. */
  readonly ready: Promise<ServiceWorkerRegistration | null>;
  /** Lets go of everything; the worker goes on. */
  stop(): void;
  /** Removes the worker and all that it has kept. */
  remove(): Promise<void>;
}

// Not the status: that a session was good some days ago is no answer to whether it is.
const defaultRoutes = ['sessions/my-sessions', 'sessions/my-session-logs'];

// A page that shares its session with the open tabs alone hears of it a moment after it has begun with none.
const hearing = 500;

// Some hours lie between two in any case; the browser decides.
const minInterval = 3_600_000;

/** Lets the last answers of some routes be there offline. Whatever fails in it, the page works as it would without. */
export function registerServiceWorker(manager: SessionManager, options: ServiceWorkerOptions): SessionServiceWorker {
  const { script, scope, routes = defaultRoutes, pages = [] } = options;
  const container = ifAllowed(() => navigator.serviceWorker);
  const caches = ifAllowed(() => globalThis.caches);
  if (!container || !caches)
    return { ready: Promise.resolve(null), stop() {}, remove: () => Promise.resolve() };
  const baseUrl = new URL(options.baseUrl, location.href).href.replace(/\/*$/, '/');

  // One change after the other; each leaves the cache of this session and no other.
  let last: Promise<unknown> = Promise.resolve();
  let followed: string | null | undefined;
  let isHearing = true;
  const heard = setTimeout(() => {
    isHearing = false;
    follow();
  }, hearing);
  function follow(): void {
    const { status, session } = manager.state;
    const id = session?.id ?? null;
    if (status === 'starting' || id === followed || isHearing && id === null && followed === undefined)
      return;
    followed = id;
    last = last.then(() => keepOnly(id)).catch(() => {});
  }

  async function keepOnly(id: string | null): Promise<void> {
    const own = id && await cacheOf(baseUrl, id);
    for (const name of await caches!.keys()) {
      if (name.startsWith(sessionCachesOf(baseUrl)) && name !== own)
        await caches!.delete(name);
    }
    if (own)
      await (await caches!.open(own)).put(markOf(baseUrl), new Response());
  }

  async function keepPages(): Promise<void> {
    const addresses = pages.map(page => new URL(page, location.href)).filter(({ origin }) => origin === location.origin);
    // Not even one of them would be kept if there were two of one.
    const wanted = new Set(addresses.map(({ href }) => href.replace(/[?#].*/, '')));
    const cache = await caches!.open(pageCacheOf(baseUrl));
    // All or none, each a whole answer (200) of its own address: a browser takes no redirected one for a navigation.
    await cache.addAll([...wanted].map(address => new Request(address, { redirect: 'error' })));
    for (const { url } of await cache.keys()) {
      if (!wanted.has(url))
        await cache.delete(url);
    }
  }

  function told({ data }: MessageEvent<{ serverlessSessions?: unknown } | null>): void {
    // It looks at its clock, as it does each time that its settings may be others.
    if (data?.serverlessSessions === 'check')
      manager.updateConfig({});
  }

  async function register(): Promise<ServiceWorkerRegistration | null> {
    const address = trusted(addressOf(script, { baseUrl, routes, hasPages: pages.length > 0 }).href);
    const registration = await container!.register(address, { ...scope !== undefined && { scope }, updateViaCache: 'none' });
    if (pages.length > 0)
      void keepPages().catch(() => {});
    void askForSync(registration).catch(() => {});
    return registration;
  }

  // One that was there before may have the same pages though this one was refused.
  async function registered(): Promise<ServiceWorkerRegistration | undefined> {
    const address = new URL(script, location.href);
    const pagesOf = new URL(scope ?? new URL('.', address), location.href).href;
    const found = await container!.getRegistration(pagesOf);
    const worker = found?.active ?? found?.waiting ?? found?.installing;
    // What an app has of its own may have them, too.
    return found?.scope === pagesOf && worker && new URL(worker.scriptURL).pathname === address.pathname ? found : undefined;
  }

  const stopFollowing = manager.subscribe(follow);
  container.addEventListener('message', told);
  follow();
  const ready = register().catch(() => null);
  function stop(): void {
    clearTimeout(heard);
    stopFollowing();
    container!.removeEventListener('message', told);
  }
  return {
    ready,
    stop,
    async remove() {
      stop();
      const registration = await ready ?? await registered().catch(() => undefined);
      await registration?.unregister();
      await last;
      await keepOnly(null);
      await caches.delete(pageCacheOf(baseUrl));
    },
  };
}

interface Policy {
  createScriptURL(address: string): string;
}

// A page allows a name once. Nobody else gets hold of it, and through it comes no other address than that of a worker.
let policy: Policy | undefined;

// Where the page allows no script by a text (require-trusted-types-for).
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  policy ??= trustedTypes?.createPolicy('serverless-sessions', { createScriptURL: text => text });
  return policy?.createScriptURL(address) ?? address;
}

// Only an app that is installed may have it, and only some browsers do.
async function askForSync(registration: ServiceWorkerRegistration): Promise<void> {
  const { periodicSync } = registration as { periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> } };
  const permission = periodicSync && await navigator.permissions.query({ name: 'periodic-background-sync' as PermissionName });
  if (permission?.state === 'granted')
    await periodicSync!.register('serverless-sessions', { minInterval });
}

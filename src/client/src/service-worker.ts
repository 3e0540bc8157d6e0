import { addressOf, cacheOf, markOf, pageCacheOf, sessionCachesOf } from './caches.ts';
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
   * @defaultValue `sessions/my-sessions`, `sessions/my-session-logs` and `sessions/status`
   */
  readonly routes?: readonly string[];
  /**
   * The files that the page consists of, itself among them, so that it opens offline: they are public, and are kept over a logout.
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

const defaultRoutes = ['sessions/my-sessions', 'sessions/my-session-logs', 'sessions/status'];

// Some hours lie between two in any case; the browser decides.
const minInterval = 3_600_000;

/** Lets the last answers of some routes be there offline. Whatever fails in it, the page works as it would without. */
export function registerServiceWorker(manager: SessionManager, options: ServiceWorkerOptions): SessionServiceWorker {
  const { script, scope, routes = defaultRoutes, pages = [] } = options;
  const { navigator, caches } = globalThis as Partial<typeof globalThis>;
  const container = navigator?.serviceWorker;
  if (!container || !caches)
    return { ready: Promise.resolve(null), stop() {}, remove: () => Promise.resolve() };
  const baseUrl = new URL(options.baseUrl, location.href).href.replace(/\/*$/, '/');

  // One change after the other; each leaves the cache of this session and no other.
  let last: Promise<unknown> = Promise.resolve();
  let followed: string | null | undefined;
  function follow(): void {
    const { status, session } = manager.state;
    const id = session?.id ?? null;
    if (status === 'starting' || id === followed)
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
    const wanted = pages.map(page => new URL(page, location.href).href.replace(/[?#].*/, ''));
    const cache = await caches!.open(pageCacheOf(baseUrl));
    await cache.addAll(wanted);
    for (const { url } of await cache.keys()) {
      if (!wanted.includes(url))
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

  const stopFollowing = manager.subscribe(follow);
  container.addEventListener('message', told);
  follow();
  const ready = register().catch(() => null);
  function stop(): void {
    stopFollowing();
    container!.removeEventListener('message', told);
  }
  return {
    ready,
    stop,
    async remove() {
      stop();
      const registration = await ready;
      await registration?.unregister();
      await last;
      await keepOnly(null);
      await caches.delete(pageCacheOf(baseUrl));
    },
  };
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(address: string): string };
}

// Where the page allows no script by a text (require-trusted-types-for), this one address is good.
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  return trustedTypes?.createPolicy('serverless-sessions', { createScriptURL: () => address }).createScriptURL(address) ?? address;
}

// Only an app that is installed may have it, and only some browsers do.
async function askForSync(registration: ServiceWorkerRegistration): Promise<void> {
  const { periodicSync } = registration as { periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> } };
  const permission = periodicSync && await navigator.permissions.query({ name: 'periodic-background-sync' as PermissionName });
  if (permission?.state === 'granted')
    await periodicSync!.register('serverless-sessions', { minInterval });
}

import type { Page, PageEvent, StorageAdapter, Surroundings } from './options.ts';

/**
 * What a browser API gives, or null where it is missing or refuses. Blocked storage, a sandboxed frame or a WebView may throw as soon as
 * a property is read, and a page that can do without is not to fail for it.
 */
export function ifAllowed<T>(use: () => T): NonNullable<T> | null {
  try {
    return use() ?? null;
  } catch {
    return null;
  }
}

/** The browser's localStorage. */
export function browserStorage(): StorageAdapter | null {
  return ifAllowed(() => localStorage);
}

/** What this browser has; outside of one, what there is. */
export function surroundingsOf(given: Partial<Surroundings> = {}): Surroundings {
  return {
    // Looked up with each request, so that a page may still replace it.
    fetch: (input, init) => globalThis.fetch(input, init),
    clock: {
      now: () => Date.now(),
      after(milliseconds, call) {
        const timer = setTimeout(call, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    locks: ifAllowed(() => navigator.locks),
    openChannel: name => ifAllowed(() => new BroadcastChannel(name)),
    page: ifAllowed(() => document) && browserPage,
    ...given,
  };
}

const browserPage: Page = {
  isOnline: () => ifAllowed(() => navigator.onLine) ?? true,
  isVisible: () => document.visibilityState === 'visible',
  watch(call) {
    const watching = new AbortController();
    const on = (target: EventTarget, names: string, tell: (event: Event) => void): void =>
      names.split(' ').forEach(name => target.addEventListener(name, tell, watching));
    on(window, 'online offline', ({ type }) => call(type as PageEvent));
    // A page that comes out of the browser's cache or out of sleep hears at least one of these.
    on(window, 'focus pageshow', () => call('resumed'));
    on(document, 'visibilitychange resume', () => call(browserPage.isVisible() ? 'resumed' : 'hidden'));
    on(window, 'storage', event => call('stored', (event as StorageEvent).key, (event as StorageEvent).newValue));
    return () => watching.abort();
  },
};

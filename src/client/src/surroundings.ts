import type { Page, PageEvent, Surroundings } from './options.ts';

/** What this browser has; outside of one, what there is. */
export function surroundingsOf(given: Partial<Surroundings> = {}): Surroundings {
  const { navigator, BroadcastChannel } = globalThis as Partial<typeof globalThis>;
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
    locks: navigator?.locks ?? null,
    openChannel: BroadcastChannel ? name => new BroadcastChannel(name) : null,
    page: typeof document === 'undefined' ? null : browserPage,
    ...given,
  };
}

const browserPage: Page = {
  isOnline: () => navigator.onLine,
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

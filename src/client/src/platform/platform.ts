/** The browser APIs that the session manager uses; null where the browser lacks one. */
export interface Platform {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Web Locks. */
  readonly locks: Locks | null;
  /** Opens a BroadcastChannel, or returns null where the browser refuses. */
  readonly openChannel: ((name: string) => Channel | null) | null;
  readonly page: Page | null;
}

export interface Clock {
  /** This machine's time, in milliseconds since 1970. */
  now(): number;
  /** Calls back once after some milliseconds. Returns a function that cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: { readonly signal: AbortSignal }, callback: () => Promise<unknown>): Promise<unknown>;
}

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface Page {
  isOnline(): boolean;
  isVisible(): boolean;
  /** Listens to page events; `storage` comes with the key and the new value. Returns a function that stops. */
  watch(listener: (event: PageEvent, key?: string | null, value?: string | null) => void): () => void;
}

/** `activity`: the user does something, such as a click; as often as it happens. */
export type PageEvent = 'online' | 'offline' | 'hidden' | 'resumed' | 'storage' | 'activity';

/** A key-value storage such as localStorage, sessionStorage or React Native's AsyncStorage. Methods may return promises. */
export interface StorageAdapter {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

/** Returns what a browser API gives, or null where it is missing or throws, as in a sandboxed frame or a WebView. */
export function ifAllowed<T>(use: () => T): NonNullable<T> | null {
  try {
    return use() ?? null;
  } catch {
    return null;
  }
}

export const browserStorage = (): StorageAdapter | null => ifAllowed(() => localStorage);

/** The browser's APIs, replaced by those that are given. Works outside of a browser, too. */
export function platformOf(given: Partial<Platform> = {}): Platform {
  return {
    // Looked up for each request, so that a page can replace it.
    fetch: (input, init) => globalThis.fetch(input, init),
    clock: {
      now: () => Date.now(),
      after(milliseconds, callback) {
        // Days at most: beyond 2^31 ms a timer fires at once.
        const timer = setTimeout(callback, Math.min(milliseconds, 1e9));
        return () => clearTimeout(timer);
      },
    },
    locks: ifAllowed(() => navigator.locks),
    openChannel: name => ifAllowed(() => {
      const channel: BroadcastChannel & { unref?(): void } = new BroadcastChannel(name);
      // Node would wait for it to close.
      channel.unref?.();
      return channel;
    }),
    page: ifAllowed(() => document) && browserPage,
    ...given,
  };
}

const browserPage: Page = {
  isOnline: () => ifAllowed(() => navigator.onLine) ?? true,
  isVisible: () => !document.hidden,
  watch(listener) {
    const aborter = new AbortController();
    const listen = (target: EventTarget, names: string, as: (type: PageEvent) => PageEvent): void => names.split(' ').forEach(name =>
      target.addEventListener(
        name, event => listener(as(name as PageEvent), (event as StorageEvent).key, (event as StorageEvent).newValue),
        // Captured: a handler of the page may stop them.
        { capture: target === document, passive: true, signal: aborter.signal },
      ));
    listen(window, 'online offline storage', name => name);
    // A page that leaves the back/forward cache or wakes from sleep gets at least one of these four.
    listen(window, 'focus pageshow', () => 'resumed');
    listen(document, 'visibilitychange resume', () => browserPage.isVisible() ? 'resumed' : 'hidden');
    listen(document, 'pointerdown pointermove keydown touchstart wheel', () => 'activity');
    return () => aborter.abort();
  },
};

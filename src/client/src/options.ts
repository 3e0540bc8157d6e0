/** What can be changed while it runs, with `updateConfig`. */
export interface SessionConfig {
  /**
   * How many seconds before its end an access token is renewed, at most half of its life.
   * @defaultValue 300
   */
  readonly refreshThreshold: number;
  /**
   * How many milliseconds lie between two looks at the clock.
   * @defaultValue 30_000
   */
  readonly checkInterval: number;
  /**
   * How often a refresh that got no answer is repeated at a growing pace; from then on it is repeated at the last one.
   * @defaultValue 3
   */
  readonly maxRetries: number;
  /**
   * How many milliseconds the first repetition waits, give or take a half by chance; each further one waits twice as long.
   * @defaultValue 5_000
   */
  readonly retryDelay: number;
  /**
   * How many milliseconds an answer of the service may take. `fetch` has no such limit.
   * @defaultValue 10_000
   */
  readonly requestTimeout: number;
  /**
   * How many seconds before the end of a session that no refresh can prolong `expiring` tells of it.
   * @defaultValue 300
   */
  readonly expiryWarning: number;
  /**
   * Whether to tell the service, while the page is visible, that its user is there.
   * @defaultValue false
   */
  readonly heartbeat: boolean;
  /**
   * `true` writes each event to the console, a function gets it instead. There is never a token in it.
   * @defaultValue false
   */
  readonly debug: boolean | ((message: string, detail?: unknown) => void);
}

export interface SessionManagerOptions extends Partial<SessionConfig> {
  /** The address of the API, such as `https://sessions.example.com/api`, or `/api` on the page's own origin. */
  readonly baseUrl: string;
  /**
   * Whether the browser keeps the refresh token in a cookie that no script can read (docs/api.md, cookie mode). The access token is in
   * memory only then, and what is in the storage is no secret.
   * @defaultValue false
   */
  readonly cookie?: boolean;
  /**
   * Where the session outlives the page: `local` is localStorage, `memory` is nowhere, so that it lives as long as a tab has it.
   * @defaultValue `local`
   */
  readonly storage?: 'local' | 'memory' | StorageAdapter;
  /**
   * Origins besides that of `baseUrl` to which `fetch` may give the access token, such as `https://orders.example.com`.
   * @defaultValue none
   */
  readonly trustedOrigins?: readonly string[];
  /** What the browser has, to be replaced in tests and where there is no browser. */
  readonly surroundings?: Partial<Surroundings>;
}

/** Keeps texts under names; localStorage, sessionStorage and React Native's AsyncStorage are such. May answer with promises. */
export interface StorageAdapter {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

/** What the session manager uses of its browser. What a browser lacks is `null`. */
export interface Surroundings {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Keeps two tabs from doing the same (Web Locks). */
  readonly locks: Locks | null;
  /** Reaches the other tabs (BroadcastChannel); null where the browser refuses. */
  readonly openChannel: ((name: string) => Channel | null) | null;
  readonly page: Page | null;
}

export interface Clock {
  /** Milliseconds since 1970, as far as this machine knows. */
  now(): number;
  /** Calls once, after some milliseconds; returns what takes it back. */
  after(milliseconds: number, call: () => void): () => void;
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: { readonly signal: AbortSignal }, work: () => Promise<unknown>): Promise<unknown>;
}

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The page that the session manager lives in. */
export interface Page {
  isOnline(): boolean;
  isVisible(): boolean;
  /**
   * Calls with what happens to the page; `stored` is a change of localStorage by another tab, with its key and the new value. Returns
   * what ends it.
   */
  watch(call: (event: PageEvent, key?: string | null, value?: string | null) => void): () => void;
}

export type PageEvent = 'online' | 'offline' | 'hidden' | 'resumed' | 'stored';

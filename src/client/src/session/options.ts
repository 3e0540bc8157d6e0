import type { Platform, StorageAdapter } from '../platform/platform.ts';

/** What `updateConfig` can change later. */
export interface SessionConfig {
  /**
   * How many seconds before its expiry the access token is renewed in the background, at most half of its lifetime. `-Infinity` renews
   * it only when a request needs it.
   * @defaultValue 300
   */
  readonly refreshThreshold: number;
  /**
   * The longest time between two checks of the clock, in milliseconds.
   * @defaultValue 30_000
   */
  readonly checkInterval: number;
  /**
   * How many times the delay of a failed refresh doubles; retries go on with the last delay.
   * @defaultValue 3
   */
  readonly maxRetries: number;
  /**
   * The delay of the first retry in milliseconds, with 50 % jitter.
   * @defaultValue 5_000
   */
  readonly retryDelay: number;
  /**
   * Timeout of a request to the service, in milliseconds. `fetch` has none.
   * @defaultValue 10_000
   */
  readonly requestTimeout: number;
  /**
   * How many seconds before the end of a session that no refresh can extend `expiring` is emitted.
   * @defaultValue 300
   */
  readonly expiryWarning: number;
  /**
   * Whether to report the user as present while the page is visible.
   * @defaultValue false
   */
  readonly heartbeat: boolean;
  /**
   * `true` logs each event to the console; a function gets it instead. Tokens are never logged.
   * @defaultValue false
   */
  readonly debug: boolean | ((message: string, detail?: unknown) => void);
}

export interface SessionManagerOptions extends Partial<SessionConfig> {
  /** The address of the API, such as `https://sessions.example.com/api`, or `/api` on the page's own origin. */
  readonly baseUrl: string;
  /**
   * Keeps the refresh token in an HttpOnly cookie (docs/api.md, cookie mode) and the access token in memory only.
   * @defaultValue false
   */
  readonly cookie?: boolean;
  /**
   * Where the session is kept: `local` is localStorage, `memory` lasts as long as a tab is open.
   * @defaultValue `local`
   */
  readonly storage?: 'local' | 'memory' | StorageAdapter;
  /**
   * Origins besides that of `baseUrl` that `fetch` may send the access token to, such as `https://orders.example.com`.
   * @defaultValue none
   */
  readonly trustedOrigins?: readonly string[];
  /** Replaces browser APIs, for tests and other runtimes. */
  readonly platform?: Partial<Platform>;
}

import { SessionError } from '../api/error.ts';
import { ifAllowed, type Platform, type StorageAdapter } from '../platform/platform.ts';

/** What `updateConfig` can change later. */
export interface SessionConfig {
  /**
   * How many seconds before its expiry the access token is renewed in the background, at most half of its lifetime; 300 by default.
   * `-Infinity` renews it only when a request needs it.
   */
  readonly refreshThreshold: number;
  /** The longest time between two checks of the clock, in milliseconds; 30,000 by default. */
  readonly checkInterval: number;
  /** How many times the delay of a failed refresh doubles; 3 by default. Later retries keep the last delay. */
  readonly maxRetries: number;
  /** The delay of the first retry in milliseconds, with 50 % jitter; 5,000 by default. */
  readonly retryDelay: number;
  /** Timeout of a request to the service, in milliseconds; 10,000 by default. `fetch` has none. */
  readonly requestTimeout: number;
  /** How many seconds before the end of a session that no refresh can extend `expiring` is emitted; 300 by default. */
  readonly expiryWarning: number;
  /** Whether to report the user as present while the page is visible; false by default. */
  readonly heartbeat: boolean;
  /** `true` logs each event to the console; a function gets it instead. Tokens are never logged. False by default. */
  readonly debug: boolean | ((message: string, detail?: unknown) => void);
  /**
   * Called when the service asks for a fresh proof (`insufficient_user_authentication`): asks the user for it, and calls `stepUp`. The
   * request is repeated once when it resolves; when it rejects, because the user cancelled, the request stays refused and the session
   * continues. Runs once at a time, for all requests of the page. Null by default.
   */
  readonly onStepUp: (() => Promise<unknown>) | null;
}

export interface SessionManagerOptions extends Partial<SessionConfig> {
  /** The address of the API, such as `https://sessions.example.com/api`, or `/api` on the page's own origin; a server sends nothing to the latter. */
  readonly baseUrl: string;
  /** Keeps the refresh token in an HttpOnly cookie (docs/api.md, cookie mode), and the access token in memory only; false by default. */
  readonly cookie?: boolean;
  /**
   * Where the session is kept: `local`, the default, is localStorage; `memory` lasts as long as a tab is open. With sessionStorage each tab has
   * its own session; tabs that share another object notice each other's logins when they are shown.
   */
  readonly storage?: 'local' | 'memory' | StorageAdapter;
  /** Origins besides that of `baseUrl` that `fetch` may send the access token to, such as `https://orders.example.com`. */
  readonly trustedOrigins?: readonly string[];
  /** Replaces browser APIs, for tests and other runtimes. */
  readonly platform?: Partial<Platform>;
}

const fixed: Omit<Required<SessionManagerOptions>, keyof SessionConfig> = {
  baseUrl: '', cookie: false, storage: 'local', trustedOrigins: [], platform: {},
};

const changeable: SessionConfig = {
  refreshThreshold: 300, checkInterval: 30_000, maxRetries: 3, retryDelay: 5_000, requestTimeout: 10_000, expiryWarning: 300,
  heartbeat: false, debug: false, onStepUp: null,
};

const isFunction = (value: unknown): boolean => typeof value === 'function';

// Checks of options whose default alone doesn't determine the valid types.
const checks: { readonly [Name in keyof SessionManagerOptions]?: (value: unknown) => unknown } = {
  storage: value => ['local', 'memory'].includes(value as string) || (value as StorageAdapter | null)?.removeItem,
  trustedOrigins: Array.isArray,
  debug: value => typeof value === 'boolean' || isFunction(value),
  onStepUp: value => value === null || isFunction(value),
};

/** Changes options, or the defaults. One that is undefined counts as absent. Repeats TypeScript's checks for JavaScript callers. */
export function configure(
  changes: Partial<SessionManagerOptions> = {}, options?: Required<SessionManagerOptions>,
): Required<SessionManagerOptions> {
  const defaults = { ...fixed, ...changeable };
  const given = defined(changes);
  for (const key in given) {
    const name = key as keyof SessionManagerOptions;
    if (options && name in fixed)
      throw new SessionError('invalid_option', `Option ${name} can't be changed.`);
    if (!(checks[name] ?? (value => typeof value === typeof defaults[name] && !Number.isNaN(value)))(given[name]))
      throw new SessionError('invalid_option', `Invalid option ${name}: ${given[name]}`);
  }
  return { ...options ?? defaults, ...given };
}

export const defined = <T extends object>(values: T): T => Object.fromEntries(Object.entries(values).filter(entry => entry[1] !== undefined)) as T;

/** Parses the address in an option. */
export function parseAddress(option: string, address: string): URL {
  // Relative to a server, which has no page, it leads nowhere (RFC 6761).
  const url = ifAllowed(() => new URL(address, globalThis.location?.href ?? 'http://no-page.invalid'));
  if (!address || !url?.protocol.startsWith('http'))
    throw new SessionError('invalid_option', `Invalid option ${option}: ${address}`);
  return url;
}

import type { SessionError } from '../api/error.ts';
import type { Account, Device, Heartbeat, LogPage, Notice, Session, SessionStatus } from '../api/wire.ts';
import type { SessionConfig } from './options.ts';

/**
 * Why a session ended: a `reason` of the API (docs/api.md#errors), `token_invalid`, or `cookie_missing` where the cookie is gone or
 * belongs to another session.
 */
export type EndReason =
  | 'logout' | 'logout_all' | 'revoked' | 'evicted' | 'admin' | 'expired_idle' | 'expired_absolute' | 'token_reuse' | 'password_changed'
  | 'password_reset' | 'email_taken_back' | 'account_closed'
  | 'unknown' | 'token_invalid' | 'cookie_missing'
  // A newer service may send others; this form keeps the names above for editors to suggest.
  | (string & Record<never, never>);

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Whether the session lasts for weeks instead of hours. */
  readonly remember?: boolean;
  /** The user's own name for the device. */
  readonly device?: string;
  readonly captchaToken?: string;
}

/** A snapshot: replaced by a new object on each change. */
export interface SessionState {
  /** `starting` while an asynchronous storage is read, or the service is asked for the session of a cookie. */
  readonly status: 'starting' | 'anonymous' | 'active';
  readonly session: Session | null;
  readonly account: Account | null;
  /** Milliseconds by the service's clock: compare with `now()`. Null without an access token. */
  readonly accessTokenExpiresAt: number | null;
  /** Why the last session ended; null while one is active or if there was none. */
  readonly endReason: EndReason | null;
  /** What the browser reports; it may be wrong. */
  readonly isOnline: boolean;
  /** Whether this tab is refreshing. */
  readonly isRefreshing: boolean;
  /** The next retry of a failed refresh. */
  readonly retry: Retry | null;
  /** Set when the session ends soon and no refresh can extend it. */
  readonly expiring: Expiry | null;
}

export interface Retry {
  /** How many tries in a row have failed. */
  readonly tries: number;
  /** When the next one is sent, in milliseconds by the service's clock. */
  readonly at: number;
}

export interface Expiry {
  /** `absolute`: the session reaches its maximum age. `unreachable`: the service doesn't respond. */
  readonly cause: 'absolute' | 'unreachable';
  /** When the session ends, in milliseconds by the service's clock. */
  readonly at: number;
}

/** Event details by event name. Each event is emitted in every tab, except `refreshing` and `retrying`. */
export interface SessionEvents {
  /** `state` has changed. */
  changed: SessionState;
  /** This tab starts a refresh. */
  refreshing: SessionState;
  /** There is a new access token, whichever tab got it. */
  refreshed: SessionState;
  /** A refresh of this tab failed and will be retried. */
  retrying: Retry & { readonly error: SessionError };
  /** The session ends soon and no refresh can extend it: save unsaved work. */
  expiring: Expiry;
  /** Emitted once. */
  ended: { readonly reason: EndReason; readonly session: Session; readonly account: Account };
  offline: SessionState;
  online: SessionState;
  /** A security notice. Polled only while there is a listener. */
  notice: Notice;
}

export interface SessionManager {
  readonly state: SessionState;
  /** Resolves when `status` is no longer `starting`. */
  readonly ready: Promise<SessionState>;

  /** Calls the listener whenever `state` is replaced. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** Calls the listener with each event of that name. Returns a function that unsubscribes. */
  on<K extends keyof SessionEvents>(event: K, listener: (detail: SessionEvents[K]) => void): () => void;

  /** Starts a session in all tabs, and ends the one that was active. */
  login(credentials: Credentials): Promise<SessionState>;
  /** Ends the session in all tabs at once. The logout is delivered when the service can be reached, even after a restart. */
  logout(): Promise<void>;
  /** Ends all sessions of the user, or all others. Needs the service. */
  logoutAll(options?: { readonly others?: boolean }): Promise<void>;
  /** Ends one session of the user. */
  revoke(sessionId: string): Promise<void>;

  /** Gets new tokens now. */
  forceRefresh(): Promise<SessionState>;
  /** Returns a valid access token, for what `fetch` can't do, such as a WebSocket. */
  getAccessToken(): Promise<string>;
  getSessionStatus(): Promise<SessionStatus>;
  /** Returns all sessions of the user. */
  sessions(): Promise<readonly Device[]>;
  /** Returns a page of the user's log, newest first. */
  logs(page?: { readonly after?: string; readonly limit?: number }): Promise<LogPage>;
  /** Reports the user as present. */
  heartbeat(): Promise<Heartbeat>;

  /**
   * The browser's `fetch` with the access token. Refreshes an expired token first, and repeats the request once if the service finds the
   * token expired. Rejects with a `SessionError` if there is no session.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  /** The service's time, in milliseconds since 1970. */
  now(): number;
  updateConfig(config: Partial<SessionConfig>): void;
  /** Releases all resources; the session continues. */
  close(): void;
}

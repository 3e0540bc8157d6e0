import type { SessionError } from './error.ts';
import type { SessionConfig } from './options.ts';
import type { Account, Device, Heartbeat, LogPage, Notice, Session, SessionStatus } from './wire.ts';

/**
 * Why a session is over: what the service says (docs/api.md, `reason`), `token_invalid` where it doesn't know the token, or
 * `cookie_missing` where the browser has lost the cookie, or another page of the host has put its own there.
 */
export type EndReason =
  | 'logout' | 'logout_all' | 'revoked' | 'evicted' | 'admin' | 'expired_idle' | 'expired_absolute' | 'token_reuse' | 'password_changed'
  | 'unknown' | 'token_invalid' | 'cookie_missing'
  // A service that is newer than this package may have others; this keeps the names above for editors to propose.
  | (string & Record<never, never>);

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Whether the session lives for weeks instead of hours. */
  readonly remember?: boolean;
  /** The user's own name for the device. */
  readonly device?: string;
  readonly captchaToken?: string;
}

/** What is so right now. A new object whenever something changes, the same one while nothing does. */
export interface SessionState {
  /** `starting` only while a storage that answers with promises is being read, or the service is asked for the session of a cookie. */
  readonly status: 'starting' | 'anonymous' | 'active';
  readonly session: Session | null;
  readonly account: Account | null;
  /** When the access token expires, in milliseconds by the service's clock: compare with `now()`. Null without one. */
  readonly accessTokenExpiresAt: number | null;
  /** Why the last session is over; null while one is open, and where there was none. */
  readonly endReason: EndReason | null;
  /** What the browser says. It may be wrong, so nothing depends on it but how often what fails is tried. */
  readonly isOnline: boolean;
  /** Whether a refresh of this tab is on its way. */
  readonly isRefreshing: boolean;
  /** The refresh that is to be repeated; null when the last one succeeded. */
  readonly retry: Retry | null;
  /** Set when the session will be over soon, and no refresh can help. */
  readonly expiring: Expiry | null;
}

export interface Retry {
  /** How many in a row have failed. */
  readonly tries: number;
  /** When the next one is sent, in milliseconds by the service's clock. */
  readonly at: number;
}

export interface Expiry {
  /** `absolute`: the session has reached its greatest age. `unreachable`: the service doesn't answer. */
  readonly cause: 'absolute' | 'unreachable';
  /** When the session is over, in milliseconds by the service's clock. */
  readonly at: number;
}

/** The events and what they bring. Each one is told in every tab, except `refreshing` and `retrying`. */
export interface SessionEvents {
  /** `state` has changed. */
  changed: SessionState;
  /** This tab asks for new tokens. */
  refreshing: SessionState;
  /** There is a new access token, whichever tab got it. */
  refreshed: SessionState;
  /** A refresh of this tab failed and will be repeated. */
  retrying: Retry & { readonly error: SessionError };
  /** The session will be over soon, and no refresh can help: save what would be lost. */
  expiring: Expiry;
  /** The session is over. Told once. */
  ended: { readonly reason: EndReason; readonly session: Session; readonly account: Account };
  offline: SessionState;
  online: SessionState;
  /** The service tells the user something. It is asked only while somebody listens. */
  notice: Notice;
}

export interface SessionManager {
  readonly state: SessionState;
  /** Resolves when it is known whether there is a session; with localStorage that is at once, but where cookie mode finds nothing stored. */
  readonly ready: Promise<SessionState>;

  /** Calls whenever `state` is another one. Returns what ends it. */
  subscribe(listener: () => void): () => void;
  /** Calls with each event of a kind. Returns what ends it. */
  on<K extends keyof SessionEvents>(event: K, listener: (detail: SessionEvents[K]) => void): () => void;

  /** Opens a session, in all tabs. One that is open here is ended. */
  login(credentials: Credentials): Promise<SessionState>;
  /** Ends the session, in all tabs and at once. Where the service can't be reached, it is told later, even after a restart. */
  logout(): Promise<void>;
  /** Ends all sessions of the user, or all others. This one ends only when the service has answered. */
  logoutAll(options?: { readonly others?: boolean }): Promise<void>;
  /** Ends one session of the user. */
  revoke(sessionId: string): Promise<void>;

  /** Gets new tokens now, though the present ones may still be good. */
  forceRefresh(): Promise<SessionState>;
  /** An access token that is good, for what `fetch` can't do, such as a WebSocket. */
  getAccessToken(): Promise<string>;
  /** Asks the service whether the session is good. */
  getSessionStatus(): Promise<SessionStatus>;
  /** Every session of the user. */
  sessions(): Promise<readonly Device[]>;
  /** The user's history, newest first. */
  logs(page?: { readonly after?: string; readonly limit?: number }): Promise<LogPage>;
  /** Tells the service that the user is there. */
  heartbeat(): Promise<Heartbeat>;

  /**
   * As the browser's own, with the access token. A token that has expired is renewed first; where the service finds that one has, it is
   * renewed and the request repeated, once. Rejects with a `SessionError` where there is no session.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  /** The service's clock, in milliseconds since 1970. */
  now(): number;
  updateConfig(config: Partial<SessionConfig>): void;
  /** Lets go of everything; the session goes on. */
  close(): void;
}

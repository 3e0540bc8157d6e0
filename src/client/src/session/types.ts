import type { SessionError } from '../api/error.ts';
import type { Account, AccountExport, Device, Heartbeat, LogPage, Notice, NotificationChoices, Notifications, Session, SessionStatus } from '../api/wire.ts';
import type { SessionConfig } from './options.ts';

/**
 * Why a session ended: a `reason` of the API (docs/api.md#errors), `token_invalid`, or `cookie_missing` where the cookie is gone or
 * belongs to another session.
 */
export type EndReason =
  | 'logout' | 'logout_all' | 'revoked' | 'evicted' | 'admin' | 'expired_idle' | 'expired_absolute' | 'token_reuse' | 'password_changed'
  | 'password_reset' | 'account_closed' | 'email_taken_back' | 'inactive' | 'location_changed' | 'unknown' | 'token_invalid' | 'cookie_missing'
  // A newer service may send others; this form keeps the names above for editors to suggest.
  | (string & Record<never, never>);

export interface LoginOptions {
  /** Whether the session lasts for weeks instead of hours. */
  readonly remember?: boolean;
  /** The user's own name for the device. */
  readonly device?: string;
  readonly captchaToken?: string;
  /** Whether to keep an account that its owner asked to delete; without, the login is refused with `account_closing`. */
  readonly restore?: boolean;
}

export interface Credentials extends LoginOptions {
  readonly email: string;
  readonly password: string;
}

/** What a passkey has signed, with the state of the options that it was asked for. */
export interface PasskeyProof {
  readonly state: string;
  readonly credential: unknown;
}

/**
 * The life of an account. What sends a mail succeeds for every address, and never tells whether there is an account. A used, replaced or
 * expired `token` is refused with `token_invalid`, and the session of this browser continues. Email, password and deletion need the
 * password, or without it a fresh proof by passkey.
 */
export interface Accounts {
  /** Creates an account. Undefined where the service verifies emails: it has sent a link to this one. */
  register(account: { readonly email: string; readonly password: string; readonly captchaToken?: string }): Promise<Account | undefined>;
  /** Sends the link that verifies an email again. */
  sendVerification(to: { readonly email: string }): Promise<void>;
  /** Verifies an email, changes it to the new one, or takes back the old one, by the token of the link. */
  verifyEmail(link: { readonly token: string }): Promise<void>;
  /** Sends a link to set a new password. */
  forgotPassword(of: { readonly email: string }): Promise<void>;
  /** Sets a new password, and ends all sessions of the user. */
  resetPassword(link: { readonly token: string; readonly password: string }): Promise<void>;
  /** Sends a link to a new email, which replaces the old one when the link is used. */
  changeEmail(to: { readonly email: string; readonly password?: string }): Promise<void>;
  /** Changes the password, and ends all other sessions of the user. */
  changePassword(change: { readonly currentPassword?: string; readonly newPassword: string }): Promise<void>;
  /** Closes the account: all sessions of the user end, this one with `account_closed`. Until it is erased, a login can restore it. */
  requestDeletion(proof: { readonly password?: string }): Promise<void>;
  /** Returns all that is stored of the user. It has no timeout. */
  export(): Promise<AccountExport>;
  /** Returns the user's notification choices. */
  notifications(): Promise<Notifications>;
  /** Changes some of them; needs a fresh proof. */
  setNotifications(change: { readonly [K in keyof Notifications]?: Partial<NotificationChoices> }): Promise<Notifications>;
}

/** A snapshot: replaced by a new object on each change. Where `status` is `active`, there are a session and an account. */
export type SessionState = ActiveState | InactiveState;

export interface ActiveState extends CommonState {
  readonly status: 'active';
  readonly session: Session;
  readonly account: Account;
  /** Milliseconds by the service's clock: compare with `now()`. Null without an access token. */
  readonly accessTokenExpiresAt: number | null;
  readonly endReason: null;
}

export interface InactiveState extends CommonState {
  /** `starting` while an asynchronous storage is read, or the service is asked for the session of a cookie. */
  readonly status: 'starting' | 'anonymous';
  readonly session: null;
  readonly account: null;
  readonly accessTokenExpiresAt: null;
  /** Why the last session ended; null if there was none. */
  readonly endReason: EndReason | null;
}

interface CommonState {
  /** What the browser reports; it may be wrong. */
  readonly isOnline: boolean;
  /** Whether this tab is refreshing. */
  readonly isRefreshing: boolean;
  /** The next retry of a failed refresh. */
  readonly retry: Retry | null;
  /** Set when the session ends soon: no refresh can extend it, or none is sent because the user is inactive. */
  readonly expiring: Expiry | null;
}

export interface Retry {
  /** How many tries in a row have failed. */
  readonly tries: number;
  /** When the next one is sent, in milliseconds by the service's clock. */
  readonly at: number;
}

export interface Expiry {
  /**
   * `absolute`: the session reaches its maximum age. `unreachable`: the service doesn't respond. `inactive`: the user does nothing; the next
   * click, key or touch keeps the session.
   */
  readonly cause: 'absolute' | 'unreachable' | 'inactive';
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
  /** The session ends soon: save unsaved work. */
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
  login(credentials: Credentials | (PasskeyProof & LoginOptions)): Promise<SessionState>;
  /** Ends the session in all tabs at once. The logout is delivered when the service can be reached, even after a restart. */
  logout(): Promise<void>;
  /** Ends all sessions of the user, or all others. Needs the service. */
  logoutAll(options?: { readonly others?: boolean }): Promise<void>;
  /** Ends one session of the user. */
  revoke(sessionId: string): Promise<void>;

  /** The life of the account: registration, email, password, deletion, export. */
  readonly accounts: Accounts;

  /** Proves again who the user is, for requests that need a fresh proof. All tabs get the new access token. */
  stepUp(proof: { readonly password: string } | PasskeyProof): Promise<void>;

  /** Gets new tokens now. */
  forceRefresh(): Promise<SessionState>;
  /** Returns a valid access token, for what `fetch` can't do, such as a WebSocket. */
  getAccessToken(): Promise<string>;
  /** Asks the service for the session; `state.account` gets an email or roles that have changed. */
  getSessionStatus(): Promise<SessionStatus>;
  /** Returns all sessions of the user. */
  sessions(): Promise<readonly Device[]>;
  /** Returns a page of the user's log, newest first. */
  logs(page?: { readonly after?: string; readonly limit?: number }): Promise<LogPage>;
  /** Reports the user as present, and whether they have done something since the last time. */
  heartbeat(): Promise<Heartbeat>;
  /** Reports activity that page events don't show, such as a running video. */
  noteActivity(): void;

  /**
   * The browser's `fetch` with the access token. Refreshes an expired token first, and repeats the request once if the service finds the
   * token expired, and once after `onStepUp`. Rejects with a `SessionError` if there is no session.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  /**
   * Sends a request to a route of the API, and returns its body; rejects with a `SessionError`. For the other entry points.
   * @param required A field that every such body has.
   * @param init `signal` replaces the timeout.
   * @param empty The status of a response without a body: 204 where no field is required.
   * @param isOwn Whether to send the access token, the default.
   */
  request<T = void>(
    route: string, required?: keyof T, init?: Pick<RequestInit, 'method' | 'body' | 'signal'>, empty?: number, isOwn?: boolean,
  ): Promise<T>;

  /** The service's time, in milliseconds since 1970. */
  now(): number;
  updateConfig(config: Partial<SessionConfig>): void;
  /** Releases all resources; the session continues. */
  close(): void;
}

/** The responses of the API (docs/api.md). Times are UTC, such as `2026-03-14T09:26:53.589Z`. */

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly roles: readonly string[];
}

/** All that the service stores of an account (docs/api.md, GET accounts/me/export). */
export interface AccountExport {
  readonly account: Account;
  readonly [part: string]: unknown;
}

/** Where an address is, as far as the service's database knows. */
export interface SessionLocation {
  /** ISO 3166, two capitals. */
  readonly country: string;
  readonly region?: string;
  readonly city?: string;
  /** In degrees. */
  readonly latitude?: number;
  readonly longitude?: number;
  /** The number of the autonomous system (ASN), and its name. */
  readonly network?: number;
  readonly networkName?: string;
}

/** One login on one device. */
export interface Session {
  readonly id: string;
  /** The name that the user gave the device, or one derived from its browser and system. */
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string;
  /** Absent where it isn't known. */
  readonly location?: SessionLocation;
  readonly createdAt: string;
  readonly lastActivityAt: string;
  /** When it expires unless refreshed. */
  readonly expiresAt: string;
  /** When it expires in any case. */
  readonly absoluteExpiresAt: string;
  /** Whether the request was made with this session. */
  readonly current: boolean;
}

/** A session in the user's list of devices. */
export interface Device extends Session {
  readonly lastSeenAt: string;
  readonly online: boolean;
}

export interface SessionStatus {
  readonly active: true;
  readonly session: Session;
  readonly account: Account;
  readonly accessTokenExpiresAt: string;
  readonly serverTime: string;
  /** Seconds without activity after which the session ends; absent where no policy sets it. */
  readonly inactivityTimeout?: number;
}

/** An entry of a user's audit log. */
export interface LogEntry {
  readonly id: string;
  readonly action: string;
  readonly sessionId: string | null;
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  readonly location?: SessionLocation;
  /** The administrator who did it, if one did. */
  readonly administrator?: string;
  readonly success: boolean;
  readonly error?: string;
  /** How the user of a login or step-up proved who they are, as in the claim `amr`. */
  readonly amr?: readonly string[];
  readonly createdAt: string;
}

/** A page of log entries, newest first. */
export interface LogPage {
  readonly logs: readonly LogEntry[];
  /** The `after` of the next page; absent on the last. */
  readonly next?: string;
}

export interface Heartbeat {
  readonly online: true;
  /** Milliseconds until the next heartbeat is due. */
  readonly nextHeartbeatMs: number;
  readonly serverTime: string;
}

/** A security notice for the user. */
export interface Notice {
  readonly number: number;
  /** `new_device`, `new_country`, `impossible_travel`, `country_changed`, `login_refused`, `token_reuse`, `passkey_added` or `passkey_cloned`; expect others in the future. */
  readonly kind: string;
  /** Absent for a login that opened no session: one that was refused, or came with a cloned passkey. */
  readonly sessionId?: string;
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string;
  readonly location?: SessionLocation;
  readonly createdAt: string;
}

export type NoticePage = Readonly<{ notices: readonly Notice[]; nextPollMs: number }>;

/** What the browser needs for a passkey, and the state that goes back with its answer. */
export type Ceremony<Options = object> = Readonly<{ options: Options; state: string; expiresAt: string }>;
/** How the user can step up; `options` and `state` are absent without a passkey. */
export type StepUpWays<Options = object> = Readonly<{ password: boolean }> & Partial<Ceremony<Options>>;
/** Events that the user is notified about. */
export interface NotificationChoices {
  readonly newDevice: boolean;
  readonly newCountry: boolean;
  readonly impossibleTravel: boolean;
  readonly tokenReuse: boolean;
}

/** How the user is told. */
export interface Notifications {
  readonly mail: NotificationChoices;
  readonly push: NotificationChoices;
}

/** The response to a step-up. */
export type StepUpResponse = Readonly<{ accessToken: string; accessTokenExpiresAt: string; authenticatedAt: string; methods: readonly string[] }>;

/** A passkey of the user. */
export interface Passkey {
  readonly id: string;
  /** The id that its authenticator gave it, in base64url. */
  readonly credentialId: string;
  readonly name: string;
  /** The password manager or security key that keeps it, if known. */
  readonly provider: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** Whether its provider has a copy, so that it survives the loss of the device. */
  readonly isSynced: boolean;
  /** Whether an administrator secured the account: it proves nothing until its user keeps it. */
  readonly forReview: boolean;
}

/** Token fields of a login and of a refresh; times in seconds. There is no refresh token in cookie mode. */
export type TokenFields = Readonly<{
  tokenType: 'Bearer'; accessToken: string; expiresIn: number; refreshToken?: string; refreshExpiresIn: number; inactivityTimeout?: number;
}>;
export type LoginResponse = TokenFields & Readonly<{ session: Device; account: Account }>;
export type RefreshResponse = TokenFields & Readonly<{ session: Pick<Session, 'id' | 'lastActivityAt' | 'expiresAt' | 'absoluteExpiresAt'> }>;

/** An error response (RFC 9457). */
export type ProblemDetails = Readonly<{ type: string; title: string; status: number; detail: string; code: string; reason?: string; traceId: string }>;

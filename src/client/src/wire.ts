/** What the routes answer (docs/api.md). Times are texts in UTC, such as `2026-03-14T09:26:53.589Z`. */

/** Whose session it is. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly roles: readonly string[];
}

/** A login on a device. */
export interface Session {
  readonly id: string;
  /** The user's own name for the device, or one made of its browser and system. */
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string;
  readonly createdAt: string;
  readonly lastActivityAt: string;
  /** When it ends unless it is refreshed. */
  readonly expiresAt: string;
  /** When it ends whatever happens. */
  readonly absoluteExpiresAt: string;
  /** Whether it is the session of the one who asks. */
  readonly current: boolean;
}

/** A session in the list of a user's devices. */
export interface Device extends Session {
  readonly lastSeenAt: string;
  readonly online: boolean;
}

/** What `getSessionStatus` answers. */
export interface SessionStatus {
  readonly active: true;
  readonly session: Session;
  readonly account: Account;
  readonly accessTokenExpiresAt: string;
  readonly serverTime: string;
}

/** Something that happened to the user's sessions. */
export interface LogEntry {
  readonly id: string;
  readonly action: string;
  readonly sessionId: string | null;
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string | null;
  /** The administrator who did it, if one did. */
  readonly administrator?: string;
  readonly success: boolean;
  readonly error?: string;
  readonly createdAt: string;
}

/** A page of the user's history, newest first. */
export interface LogPage {
  readonly logs: readonly LogEntry[];
  /** Give it as `after` to get the page behind this one; absent on the last. */
  readonly next?: string;
}

/** What `heartbeat` answers. */
export interface Heartbeat {
  readonly online: true;
  /** In how many milliseconds the next one is due. */
  readonly nextHeartbeatMs: number;
  readonly serverTime: string;
}

/** Something that the service tells the user. */
export interface Notice {
  readonly number: number;
  /** `new_device`, `token_reuse`; there may be others in future. */
  readonly kind: string;
  readonly sessionId: string;
  readonly device: string | null;
  readonly userAgent: string | null;
  readonly ipAddress: string;
  readonly createdAt: string;
}

/** A page of notices. */
export interface NoticePage {
  readonly notices: readonly Notice[];
  readonly nextPollMs: number;
}

/** The token fields of a login and of a refresh; lifetimes in seconds. */
export interface TokenFields {
  readonly tokenType: 'Bearer';
  readonly accessToken: string;
  readonly expiresIn: number;
  /** Absent where the browser keeps it in a cookie. */
  readonly refreshToken?: string;
  readonly refreshExpiresIn: number;
}

export interface LoginAnswer extends TokenFields {
  readonly session: Device;
  readonly account: Account;
}

export interface RefreshAnswer extends TokenFields {
  readonly session: Pick<Session, 'id' | 'lastActivityAt' | 'expiresAt' | 'absoluteExpiresAt'>;
}

/** An error as the service tells it (RFC 9457). */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly reason?: string;
  readonly traceId: string;
}

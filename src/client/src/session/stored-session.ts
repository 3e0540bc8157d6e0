import type { SessionErrorCode } from '../api/error.ts';
import type { Account, Session } from '../api/wire.ts';
import type { EndReason } from './types.ts';

/** The session of this browser, as it is stored and sent to the other tabs. */
export type StoredSession = ActiveSession | EndedSession;

export interface ActiveSession {
  /** Grows with each change, so that tabs can tell which record is newer. */
  readonly revision: number;
  readonly id: string;
  readonly session: Session;
  readonly account: Account;
  /** Number of stored refreshes. */
  readonly generation: number;
  /** Null where a page of cookie mode was just opened. */
  readonly access: AccessToken | null;
  /** Null in cookie mode. */
  readonly refreshToken: string | null;
  /** How many milliseconds the service's clock is ahead of this machine's. */
  readonly skew: number;
  /** Seconds without activity after which the service ends the session; undefined where no policy sets it. */
  readonly inactivityTimeout: number | undefined;
  readonly pending: PendingRefresh | null;
  readonly endReason?: undefined;
}

/** In milliseconds; `expiresAt` is by the service's clock. */
export type AccessToken = Readonly<{ token: string; expiresAt: number; lifetime: number }>;

/** A refresh that was started and isn't known to have succeeded. */
export interface PendingRefresh {
  /** Idempotency key: sent again with it, it is the same refresh. */
  readonly attempt: string;
  /** How many tries in a row have failed. */
  readonly tries: number;
  /** When it may be sent again, by the service's clock. */
  readonly at: number;
  /** The last error, and the end of its `Retry-After`, which every tab respects. */
  readonly code?: SessionErrorCode;
  readonly until?: number;
}

/** What is kept of an ended session: no token and no personal data. */
export type EndedSession = Readonly<{ revision: number; id: string; endReason: EndReason; session?: undefined }>;

export const activeOf = (stored: StoredSession | null): ActiveSession | null => stored?.session ? stored : null;

/** Whether `next` replaces `current`. Two tabs may write the same revision, so the end of a session is final. */
export function isNewer(next: StoredSession, current: StoredSession | null): boolean {
  if (!current)
    return true;
  if (next.id === current.id && !next.endReason !== !current.endReason)
    return !!next.endReason;
  return next.revision > current.revision
    // The same record, from a tab with the access token, which the storage lacks in cookie mode.
    || (next.revision === current.revision && !!activeOf(next)?.access && !activeOf(current)?.access);
}

/** Validates what came from the storage or another tab. */
export function toStoredSession(value: unknown): StoredSession | null {
  const stored = value as Partial<Record<keyof ActiveSession, unknown>> | null;
  return stored?.revision && stored.id && (stored.endReason || (stored.session && stored.account)) ? stored as StoredSession : null;
}

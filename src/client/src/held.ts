import type { SessionErrorCode } from './error.ts';
import type { EndReason } from './types.ts';
import type { Account, Session } from './wire.ts';

/** The session that this browser holds, as it is stored and as the tabs tell it each other. */
export interface Live {
  /** Goes up with each change, so that an older one is known by it. */
  readonly revision: number;
  /** The session's. */
  readonly id: string;
  readonly session: Session;
  readonly account: Account;
  /** How many refreshes were stored; what tells that another tab was faster. */
  readonly generation: number;
  /** Null where a page of cookie mode has just been opened. */
  readonly access: Access | null;
  /** Null in cookie mode. */
  readonly refreshToken: string | null;
  /** How far the service's clock is ahead of this machine's, in milliseconds. */
  readonly skew: number;
  readonly pending: Pending | null;
}

export interface Access {
  readonly token: string;
  /** By the service's clock. */
  readonly expiresAt: number;
  /** In milliseconds. */
  readonly lifetime: number;
}

/** A refresh that was begun and isn't known to have succeeded. */
export interface Pending {
  /** Names it: repeated with the same attempt it is the same refresh, however often it is sent. */
  readonly attempt: string;
  /** How many in a row have failed. */
  readonly tries: number;
  /** Not to be sent by anybody else, or again, before this time of the service's clock. */
  readonly at: number;
  /** What the service refused it with, and until when it wants to be left alone, whoever comes back to a page. */
  readonly code?: SessionErrorCode;
  readonly until?: number;
}

/** What is left of a session: no token, and nobody's name. */
export interface Over {
  readonly revision: number;
  readonly id: string;
  readonly over: EndReason;
}

export type Held = Live | Over;

export function live(held: Held | null): Live | null {
  return held && 'session' in held ? held : null;
}

/** Whether one is to take the place of the other. Two tabs may have made the same revision: the end of a session is final then. */
export function isNewer(next: Held, held: Held | null): boolean {
  if (!held)
    return true;
  if (next.id === held.id && ('over' in next) !== ('over' in held))
    return 'over' in next;
  return next.revision > held.revision
    // The same, told by a tab that has the token, while the storage of cookie mode doesn't.
    || (next.revision === held.revision && !!live(next)?.access && !live(held)?.access);
}

/** What a storage or another tab has; null where it makes no sense. */
export function heldOf(value: unknown): Held | null {
  const held = value as Partial<Live & Over> | null | undefined;
  return held?.revision && held.id && (held.over || (held.session && held.account)) ? held as Held : null;
}

export function parse(text: string | null | undefined): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

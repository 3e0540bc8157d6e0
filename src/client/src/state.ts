import { type Held, live } from './held.ts';
import type { Expiry, SessionState } from './types.ts';
import type { Session } from './wire.ts';

export const initialState: SessionState = {
  status: 'starting', session: null, account: null, accessTokenExpiresAt: null, endReason: null,
  isOnline: true, isRefreshing: false, retry: null, expiring: null,
};

export interface Circumstances {
  readonly isRefreshing: boolean;
  readonly isOnline: boolean;
  /** By the service's clock. */
  readonly now: number;
  /** How long before the end of a session to warn, in milliseconds. */
  readonly warning: number;
}

/** What is so now; the same object as before where nothing has changed. */
export function stateOf(before: SessionState, held: Held | null, circumstances: Circumstances): SessionState {
  const { session = null, account = null, access, pending } = live(held) ?? {};
  const { isRefreshing, isOnline } = circumstances;
  const after: SessionState = {
    status: session ? 'active' : 'anonymous',
    session,
    account,
    accessTokenExpiresAt: access?.expiresAt ?? null,
    endReason: held && 'over' in held ? held.over : null,
    isOnline,
    isRefreshing,
    retry: pending?.tries ? { tries: pending.tries, at: pending.at } : null,
    expiring: session && expiryOf(session, circumstances, !!pending?.tries),
  };
  // What another tab or the storage tells may be the same in another object.
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

// A refresh can't help at the greatest age of a session, and none can be had from a service that doesn't answer.
function expiryOf({ absoluteExpiresAt, expiresAt }: Session, { now, warning }: Circumstances, isUnreachable: boolean): Expiry | null {
  const [absolute, idle] = [Date.parse(absoluteExpiresAt), Date.parse(expiresAt)];
  return absolute - now <= warning ? { cause: 'absolute', at: absolute }
    : isUnreachable && idle - now <= warning ? { cause: 'unreachable', at: idle }
    : null;
}

import type { Session } from '../api/wire.ts';
import { activeOf, type StoredSession } from './stored-session.ts';
import type { Expiry, SessionState } from './types.ts';

export const initialState: SessionState = {
  status: 'starting', session: null, account: null, accessTokenExpiresAt: null, endReason: null,
  isOnline: true, isRefreshing: false, retry: null, expiring: null,
};

/** `now` is the service's time in milliseconds, `expiryWarning` is in seconds. */
type StateInputs = Pick<SessionState, 'isRefreshing' | 'isOnline'> & { readonly now: number; readonly expiryWarning: number };

/** Derives the public state. Returns `previous` where nothing has changed. */
export function deriveState(previous: SessionState, stored: StoredSession | null, inputs: StateInputs): SessionState {
  const { session = null, account = null, access, pending } = activeOf(stored) ?? {};
  const next: SessionState = {
    status: session ? 'active' : 'anonymous',
    session,
    account,
    accessTokenExpiresAt: access?.expiresAt ?? null,
    endReason: stored && 'endReason' in stored ? stored.endReason : null,
    isOnline: inputs.isOnline,
    isRefreshing: inputs.isRefreshing,
    retry: pending?.tries ? { tries: pending.tries, at: pending.at } : null,
    expiring: session && expiryOf(session, inputs, !!pending?.tries),
  };
  // A record from the storage or another tab may be equal and yet another object.
  return JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
}

// A refresh can't extend the absolute expiry, and fails while the service is unreachable.
function expiryOf({ absoluteExpiresAt, expiresAt }: Session, { now, expiryWarning }: StateInputs, isUnreachable: boolean): Expiry | null {
  const warnAt = now + expiryWarning * 1000;
  const [absolute, idle] = [Date.parse(absoluteExpiresAt), Date.parse(expiresAt)];
  return absolute <= warnAt ? { cause: 'absolute', at: absolute }
    : isUnreachable && idle <= warnAt ? { cause: 'unreachable', at: idle }
    : null;
}

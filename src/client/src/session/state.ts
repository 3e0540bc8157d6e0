import { type ActiveSession, activeOf, type StoredSession } from './stored-session.ts';
import type { Expiry, SessionState } from './types.ts';

export const initialState: SessionState = {
  status: 'starting', session: null, account: null, accessTokenExpiresAt: null, endReason: null,
  isOnline: true, isRefreshing: false, retry: null, expiring: null,
};

/** `now` is the service's time in milliseconds, `expiryWarning` is in seconds; `endOf` returns when a session ends for inactivity. */
type StateInputs = Pick<SessionState, 'isRefreshing' | 'isOnline'>
  & { readonly now: number; readonly expiryWarning: number; readonly endOf: (session: ActiveSession) => number };

/** Derives the public state. Returns `previous` where nothing has changed. */
export function deriveState(previous: SessionState, stored: StoredSession | null, inputs: StateInputs): SessionState {
  const active = activeOf(stored);
  const { session = null, account = null, access, pending } = active ?? {};
  // The session decides which of the two states it is.
  const next = {
    status: session ? 'active' : 'anonymous',
    session,
    account,
    accessTokenExpiresAt: access?.expiresAt ?? null,
    endReason: stored && 'endReason' in stored ? stored.endReason : null,
    isOnline: inputs.isOnline,
    isRefreshing: inputs.isRefreshing,
    retry: pending?.tries ? { tries: pending.tries, at: pending.at } : null,
    expiring: active && expiryOf(active, inputs),
  } as SessionState;
  // A record from the storage or another tab may be equal and yet another object.
  return JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
}

// A refresh can't extend the absolute expiry, fails while the service is unreachable, and waits for the user to do something.
function expiryOf(active: ActiveSession, { now, expiryWarning, endOf }: StateInputs): Expiry | null {
  const { session, pending, inactivityTimeout } = active;
  const warnAt = now + expiryWarning * 1000;
  const absolute = Date.parse(session.absoluteExpiresAt);
  const idle = Date.parse(session.expiresAt);
  const inactive = endOf(active);
  return absolute <= warnAt ? { cause: 'absolute', at: absolute }
    : pending?.tries && idle <= warnAt ? { cause: 'unreachable', at: idle }
    // At most half of the time: a short timeout isn't one long warning.
    : inactive <= Math.min(warnAt, now + inactivityTimeout! * 500) ? { cause: 'inactive', at: inactive }
    : null;
}

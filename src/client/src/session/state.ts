import type { Inactivity } from './inactivity.ts';
import { type ActiveSession, activeOf, type StoredSession } from './stored-session.ts';
import type { Expiry, SessionState } from './types.ts';

export const initialState: SessionState = {
  status: 'starting', session: null, account: null, accessTokenExpiresAt: null, endReason: null,
  isOnline: true, isRefreshing: false, retry: null, expiring: null,
};

type EndOf = Inactivity['endOf'];

/**
 * Derives the public state. Returns `previous` where nothing has changed.
 * @param now The service's time, in milliseconds.
 * @param expiryWarning In seconds.
 * @param endOf Returns when a session ends for inactivity.
 */
export function deriveState(
  previous: SessionState, stored: StoredSession | null, flags: Pick<SessionState, 'isOnline' | 'isRefreshing'>,
  now: number, expiryWarning: number, endOf: EndOf,
): SessionState {
  const active = activeOf(stored);
  const { session = null, account = null, access, pending } = active ?? {};
  // The session decides which of the two states it is.
  const next = {
    status: session ? 'active' : 'anonymous',
    session,
    account,
    accessTokenExpiresAt: access?.expiresAt ?? null,
    endReason: stored?.endReason ?? null,
    ...flags,
    retry: pending?.tries ? { tries: pending.tries, at: pending.at } : null,
    expiring: active && expiryOf(active, now, expiryWarning, endOf),
  } as SessionState;
  // A record from the storage or another tab may be equal and yet another object.
  return JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
}

// A refresh can't extend the absolute expiry, fails while the service is unreachable, and waits for the user to do something.
function expiryOf(active: ActiveSession, now: number, expiryWarning: number, endOf: EndOf): Expiry | null {
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

import type { Clock } from '../platform/platform.ts';
import type { ActiveSession } from './stored-session.ts';

export type Inactivity = ReturnType<typeof createInactivity>;

// Pointers move many times in a second.
const precision = 1000;

/**
 * The user's activity. Times are in milliseconds; those of a session without an inactivity timeout are NaN, which is neither before nor after
 * anything.
 * @param now The service's time.
 * @param isObserved Whether the platform reports activity; if not, the user counts as active until the app reports some.
 */
export function createInactivity(clock: Clock, now: () => number, isObserved: boolean) {
  // By this machine's clock, which all tabs share; the estimate of the service's clock changes with each refresh.
  let activeAt = isObserved ? 0 : NaN;

  const expiryOf = ({ session }: ActiveSession): number => Date.parse(session.expiresAt);
  /** When the session ends unless its user does something, by the service's clock. The service knows the activity before its last refresh. */
  const endOf = (session: ActiveSession): number => Math.max(expiryOf(session), activeAt + session.skew + session.inactivityTimeout! * 1000);

  return {
    /** By this machine's clock. */
    get activeAt() {
      return activeAt;
    },
    endOf,
    /** Records activity. Returns whether it is news. */
    note(): boolean {
      const isNews = !(Math.abs(clock.now() - activeAt) < precision);
      if (isNews)
        activeAt = clock.now();
      return isNews;
    },
    /** Adopts the activity of another tab. */
    adopt(at: number): void {
      activeAt = Math.max(activeAt, at);
    },
    /**
     * When the next refresh is useful, by the service's clock. Without activity since the last one it extends nothing, so it waits until the
     * session has ended.
     */
    refreshFrom(session: ActiveSession): number {
      return endOf(session) - expiryOf(session) < precision ? expiryOf(session) + precision : 0;
    },
    /** Whole seconds since the last activity, at most the timeout, for the service; undefined counts as 0. */
    idleFor(session: ActiveSession): number | undefined {
      return Math.floor(Math.max(0, session.inactivityTimeout! - Math.max(0, endOf(session) - now()) / 1000)) || undefined;
    },
  };
}

import { createContext, createElement, type ReactElement, type ReactNode, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Expiry, Retry, SessionManager, SessionState } from './types.ts';

/** What is so now, and what can be done. */
export interface ReactSession extends SessionState,
  Pick<SessionManager, 'login' | 'logout' | 'logoutAll' | 'revoke' | 'sessions' | 'logs' | 'fetch' | 'now'> {
  /** The session manager itself, for everything else. */
  readonly manager: SessionManager;
}

/** How fresh the session is. It changes each second while a component shows it. */
export interface BackgroundSession {
  /** Whether there is an access token that is good now. A session may go on without: the next request renews it. */
  readonly isValid: boolean;
  /** How many milliseconds the access token is good for, in whole seconds; null without one. It is renewed before that. */
  readonly timeUntilExpiry: number | null;
  readonly isRefreshing: boolean;
  readonly isOnline: boolean;
  /** The refresh that is to be repeated. */
  readonly retry: Retry | null;
  /** Set when the session will be over soon, and no refresh can help. */
  readonly expiring: Expiry | null;
  readonly forceRefresh: SessionManager['forceRefresh'];
}

const Manager = createContext<SessionManager | null>(null);

export interface SessionProviderProps {
  readonly manager: SessionManager;
  readonly children?: ReactNode;
}

/** Gives the components in it the session. The manager is made outside of them, once for the page. */
export function SessionProvider({ manager, children }: SessionProviderProps): ReactElement {
  return createElement(Manager.Provider, { value: manager }, children);
}

/** The session. The component is shown anew whenever its state is another one. */
export function useSession(): ReactSession {
  const manager = useManager();
  const { login, logout, logoutAll, revoke, sessions, logs, fetch, now } = manager;
  return { ...useSessionState(manager), login, logout, logoutAll, revoke, sessions, logs, fetch, now, manager };
}

/** How fresh the session is, second by second. */
export function useBackgroundSession(): BackgroundSession {
  const manager = useManager();
  const { status, isRefreshing, isOnline, retry, expiring, accessTokenExpiresAt } = useSessionState(manager);
  const timeUntilExpiry = useTimeUntil(manager, status === 'active' ? accessTokenExpiresAt : null);
  return {
    isValid: !!timeUntilExpiry, timeUntilExpiry, isRefreshing, isOnline, retry, expiring, forceRefresh: manager.forceRefresh,
  };
}

export function useManager(): SessionManager {
  const manager = useContext(Manager);
  if (!manager)
    throw new Error('There is no <SessionProvider> around this component.');
  return manager;
}

// What a server and the first look at its page show: nobody knows there who is logged in.
const unknown: SessionState = {
  status: 'starting', session: null, account: null, accessTokenExpiresAt: null, endReason: null,
  isOnline: true, isRefreshing: false, retry: null, expiring: null,
};

export function useSessionState(manager: SessionManager): SessionState {
  return useSyncExternalStore(manager.subscribe, () => manager.state, () => unknown);
}

/** The milliseconds until a time of the service's clock, in whole seconds and never below 0. */
export function useTimeUntil(manager: SessionManager, at: number | null): number | null {
  const isCounting = at !== null;
  const eachSecond = useCallback((tell: () => void) => {
    if (!isCounting)
      return () => {};
    const timer = setInterval(tell, 1000);
    return () => clearInterval(timer);
  }, [isCounting]);
  return useSyncExternalStore(
    eachSecond,
    () => at === null ? null : Math.max(0, Math.ceil((at - manager.now()) / 1000) * 1000),
    () => null,
  );
}

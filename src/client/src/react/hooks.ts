import { createContext, createElement, type ReactElement, type ReactNode, useCallback, useContext, useSyncExternalStore } from 'react';
import { initialState } from '../session/state.ts';
import type { SessionManager, SessionState } from '../session/types.ts';

/** The state of the session, and its methods. */
export type ReactSession = SessionState
  & Pick<SessionManager, 'login' | 'logout' | 'logoutAll' | 'revoke' | 'accounts' | 'sessions' | 'logs' | 'fetch' | 'now'>
  & { readonly manager: SessionManager };

/** The state of the tokens, updated every second. */
export interface BackgroundSession extends Pick<SessionState, 'isRefreshing' | 'isOnline' | 'retry' | 'expiring'>, Pick<SessionManager, 'forceRefresh'> {
  /** Whether the access token is valid. The session may be active without: the next request renews it. */
  readonly isValid: boolean;
  /** Milliseconds until the access token expires, in whole seconds; null without one. */
  readonly timeUntilExpiry: number | null;
}

const ManagerContext = createContext<SessionManager | null>(null);

export interface SessionProviderProps {
  /** Created once, outside of the components. */
  readonly manager: SessionManager;
  readonly children?: ReactNode;
}

/** Provides the session to the components in it. */
export function SessionProvider({ manager, children }: SessionProviderProps): ReactElement {
  return createElement(ManagerContext.Provider, { value: manager }, children);
}

/** Returns the session, and renders again when its state changes. */
export function useSession(): ReactSession {
  const manager = useManager();
  const { login, logout, logoutAll, revoke, accounts, sessions, logs, fetch, now } = manager;
  return { ...useSessionState(manager), login, logout, logoutAll, revoke, accounts, sessions, logs, fetch, now, manager };
}

/** Returns the state of the tokens, and renders again every second. */
export function useBackgroundSession(): BackgroundSession {
  const manager = useManager();
  const { isRefreshing, isOnline, retry, expiring, accessTokenExpiresAt } = useSessionState(manager);
  const timeUntilExpiry = useTimeUntil(manager, accessTokenExpiresAt);
  return { isValid: !!timeUntilExpiry, timeUntilExpiry, isRefreshing, isOnline, retry, expiring, forceRefresh: manager.forceRefresh };
}

export function useManager(): SessionManager {
  const manager = useContext(ManagerContext);
  if (!manager)
    throw new Error('There is no <SessionProvider> around this component.');
  return manager;
}

export function useSessionState(manager: SessionManager): SessionState {
  // A server doesn't know the session, and the first render of its page must match.
  return useSyncExternalStore(manager.subscribe, () => manager.state, () => initialState);
}

/** Returns the milliseconds until a time of the service's clock, in whole seconds and at least 0. */
export function useTimeUntil(manager: SessionManager, at: number | null): number | null {
  const isCounting = at !== null;
  const subscribe = useCallback((listener: () => void) => {
    if (!isCounting)
      return () => {};
    const timer = setInterval(listener, 1000);
    return () => clearInterval(timer);
  }, [isCounting]);
  return useSyncExternalStore(
    subscribe,
    () => at === null ? null : Math.max(0, Math.ceil((at - manager.now()) / 1000) * 1000),
    () => null,
  );
}

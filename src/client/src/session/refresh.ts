import { handleFailure, SessionError } from '../api/error.ts';
import { type ApiClient, endReasonOf, isTerminal, throwNetworkError } from '../api/http.ts';
import type { LoginResponse, RefreshResponse } from '../api/wire.ts';
import { delay, propagationDelay } from '../platform/lock.ts';
import type { Platform } from '../platform/platform.ts';
import type { Inactivity } from './inactivity.ts';
import type { SessionConfig } from './options.ts';
import type { SessionStore } from './store.ts';
import { type AccessToken, type ActiveSession, activeOf } from './stored-session.ts';
import type { EndReason } from './types.ts';

// Milliseconds for a busy tab to publish tokens that it has already received.
const busyTabPatience = 1000;

export type Refresher = ReturnType<typeof createRefresher>;

interface RefresherOptions extends Pick<Platform, 'clock' | 'locks'> {
  readonly store: SessionStore;
  readonly api: ApiClient;
  readonly config: () => SessionConfig;
  readonly inactivity: Inactivity;
  readonly now: () => number;
  /** A factor for the delay of retries. */
  readonly slowdown: () => number;
  readonly locked: (work: () => Promise<unknown>) => Promise<unknown>;
  /** Whether all tabs have the same storage, or need none. */
  readonly isShared: boolean;
  readonly post: (message: 'ask') => void;
  /** Reports the start, an error, and without an argument the end of a refresh. */
  readonly report: (what?: 'refreshing' | SessionError) => void;
}

export function createRefresher({ store, api, clock, config, inactivity, now, slowdown, locked, locks, isShared, post, report }: RefresherOptions) {
  let running: Promise<ActiveSession> | null = null;

  function isRenewed(stale: ActiveSession): boolean | null {
    const { access } = store.get(stale.id);
    return access && access.token !== stale.access?.token;
  }

  // How long to listen to the other tabs before asking the service.
  function patienceFor(stale: ActiveSession, isStored: boolean): number {
    const { access, generation, pending } = store.get(stale.id);
    return Math.max(
      // A tab that slept may have missed a refresh, and its refresh token is spent then.
      isStored && isShared && access ? 0 : generation > stale.generation ? busyTabPatience : propagationDelay,
      locks || pending?.tries !== 0 ? 0 : pending.at - now(),
    );
  }

  async function refresh(stale: ActiveSession): Promise<ActiveSession> {
    if (isRenewed(stale))
      return store.get(stale.id);
    const { code, until } = stale.pending ?? {};
    const wait = until! - now();
    if (wait > 0)
      throw new SessionError(code!, 'Try later.', { retryAfter: wait / 1000 });
    await locked(async () => {
      // Without locks a random tab is first, and the others find its attempt.
      if (!locks)
        await delay(clock, Math.random() * propagationDelay);
      const end = patienceFor(stale, await store.read()) + clock.now();
      if (clock.now() < end)
        post('ask');
      while (clock.now() < end && !isRenewed(stale))
        await delay(clock, 15);
      if (isRenewed(stale))
        return false;
      const current = store.get(stale.id);
      // Another tab has failed while this one waited for the lock.
      if ((current.pending?.tries ?? 0) > (stale.pending?.tries ?? 0))
        throwNetworkError();
      await exchange(current);
      return true;
    });
    return store.get(stale.id);
  }

  // The attempt is stored before the request is sent, so that after a crash another tab or page repeats the same one.
  async function exchange(current: ActiveSession): Promise<void> {
    const attempt = current.pending?.attempt ?? newAttempt();
    // A logout or a newer record wins over a late response.
    const update = (change: (active: ActiveSession) => Partial<ActiveSession>): Promise<void> => store.write(stored => {
      const active = activeOf(stored);
      return active?.id === current.id && active.generation === current.generation ? { ...active, ...change(active) } : null;
    });
    if (!current.pending)
      await update(() => ({ pending: { attempt, tries: 0, at: now() + config().requestTimeout } }));
    report('refreshing');
    const sentAt = clock.now();
    try {
      const idleFor = inactivity.idleFor(current);
      const { body, date } = await api.post<RefreshResponse>('sessions/refresh', { refreshToken: current.refreshToken, attempt, idleFor }, 'session');
      if (body.session.id !== current.id)
        throw new SessionError('invalid_request', 'No session.');
      await update(({ session, generation }) => ({
        ...tokensOf(body, sentAt, date),
        session: { ...session, ...body.session },
        generation: generation + 1,
        pending: null,
      }));
    } catch (error) {
      if (!(error instanceof SessionError))
        throw error;
      const reason = isTerminal(error) ? endReasonOf(error)
        : error.code === 'invalid_request' && !current.refreshToken ? 'cookie_missing'
        : null;
      if (reason)
        await end(current.id, reason);
      else
        await update(({ pending }) => {
          const tries = (pending?.tries ?? 0) + 1;
          const { maxRetries, retryDelay } = config();
          const wait = slowdown() * retryDelay * 2 ** Math.min(tries - 1, maxRetries) * (0.5 + Math.random());
          const until = now() + handleFailure(error);
          return { pending: { attempt, tries, at: Math.max(now() + wait, until), code: error.code, until } };
        });
      report(error);
      throw error;
    }
  }

  /** Ends a session locally, unless another one has replaced it. */
  const end = (id: string, endReason: EndReason): Promise<void> => store.write(stored => activeOf(stored)?.id === id ? { id, endReason } : null);

  return {
    /** The refresh that is running, if any. */
    get running() {
      return running;
    },
    /** Returns a session with a newer access token than `stale`: the stored one, or one from another tab or the service. */
    refresh: (stale: ActiveSession): Promise<ActiveSession> => running ??= refresh(stale).finally(() => {
      running = null;
      report();
    }),
    end,
  };
}

/** The tokens of a login or refresh, with the clock skew and the policy of that moment. */
export function tokensOf(
  fields: LoginResponse | RefreshResponse, sentAt: number, date: number,
): Pick<ActiveSession, 'refreshToken' | 'skew' | 'inactivityTimeout'> & { access: AccessToken } {
  // A repeated refresh returns the time of the first one, which is close enough if `Date` can't be read.
  const skew = (date || Date.parse(fields.session.lastActivityAt)) - sentAt;
  const lifetime = fields.expiresIn * 1000;
  return {
    access: { token: fields.accessToken, lifetime, expiresAt: sentAt + skew + lifetime },
    refreshToken: fields.refreshToken ?? null,
    skew,
    inactivityTimeout: fields.inactivityTimeout,
  };
}

// Not randomUUID, which only secure contexts have.
export const newAttempt = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

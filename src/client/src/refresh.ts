import { type Api, isTerminal, networkError } from './api.ts';
import { quietly, SessionError } from './error.ts';
import { type Access, type Live, live } from './held.ts';
import { hearing, pause } from './lock.ts';
import type { Clock, SessionConfig } from './options.ts';
import type { Store } from './store.ts';
import type { EndReason } from './types.ts';
import type { LoginAnswer, RefreshAnswer } from './wire.ts';

export interface Refresher {
  readonly isRunning: boolean;
  /** Gets something newer than `stale`: what there is already, or something from another tab or from the service. */
  refresh(stale: Live): Promise<Live>;
  /** Ends the session here, unless another one has taken its place. */
  end(id: string, reason: EndReason): Promise<void>;
}

export interface RefresherParts {
  readonly store: Store;
  readonly api: Api;
  readonly clock: Clock;
  readonly config: () => SessionConfig;
  readonly now: () => number;
  /** How many times as long a refresh that failed waits. */
  readonly slowness: () => number;
  /** Does it while no other tab does the same. */
  readonly exclusively: (work: () => Promise<unknown>) => Promise<unknown>;
  readonly hasLocks: boolean;
  /** Whether all tabs have the same storage, or need none. */
  readonly isShared: boolean;
  /** Asks the other tabs for what they hold. */
  readonly ask: () => void;
  /** Tells that it begins, that it failed, and without anything that it is over. */
  readonly tell: (what?: 'refreshing' | SessionError) => void;
}

export function createRefresher({ store, api, clock, config, now, slowness, exclusively, hasLocks, isShared, tell, ask }: RefresherParts): Refresher {
  let running: Promise<Live> | null = null;

  function isRenewed(stale: Live): boolean | null {
    const { access } = store.open(stale.id);
    return access && access.token !== stale.access?.token;
  }

  // How long to listen to the other tabs before the service is asked.
  function patienceFor(stale: Live, isStored: boolean): number {
    const { access, pending } = store.open(stale.id);
    // A tab that slept may have missed that the others went on, and its refresh token is spent then.
    const patience = isStored && isShared && access ? 0 : hearing;
    return hasLocks || pending?.tries !== 0 ? patience : Math.max(patience, pending.at - now());
  }

  async function refresh(stale: Live): Promise<Live> {
    if (isRenewed(stale))
      return store.open(stale.id);
    // Until then nobody is to ask, whoever comes back and whatever is clicked.
    const { code, until } = stale.pending ?? {};
    const wait = until! - now();
    if (wait > 0)
      throw new SessionError(code!, 'Not now.', { retryAfter: wait / 1000 });
    await exclusively(async () => {
      // Without locks chance decides who is first, and the others find its attempt.
      if (!hasLocks)
        await pause(clock, Math.random() * hearing);
      const patience = patienceFor(stale, await store.read());
      if (patience > 0)
        ask();
      for (const end = clock.now() + patience; clock.now() < end && !isRenewed(stale);)
        await pause(clock, 15);
      if (isRenewed(stale))
        return false;
      const held = store.open(stale.id);
      // Several tabs may have waited for this: where the first of them has just failed, the others needn't.
      if ((held.pending?.tries ?? 0) > (stale.pending?.tries ?? 0))
        throw networkError();
      await exchange(held);
      return true;
    });
    return store.open(stale.id);
  }

  // A crash anywhere leaves the attempt in the storage: whoever goes on repeats it, and the service knows that it is the same one.
  async function exchange(held: Live): Promise<void> {
    const attempt = held.pending?.attempt ?? newAttempt();
    // Who has logged out meanwhile stays logged out, and an old answer never replaces a newer one.
    const write = (change: (still: Live) => Partial<Live>): Promise<void> => store.write(current => {
      const still = live(current);
      return still?.id === held.id && still.generation === held.generation ? { ...still, ...change(still) } : null;
    });
    if (!held.pending)
      await write(() => ({ pending: { attempt, tries: 0, at: now() + config().requestTimeout } }));
    tell('refreshing');
    const sentAt = clock.now();
    try {
      const { answer, serverTime } = await api.post<RefreshAnswer>('sessions/refresh', { refreshToken: held.refreshToken, attempt }, 'session');
      if (answer.session.id !== held.id)
        throw new SessionError('invalid_request', 'Strange cookie.');
      await write(({ session, generation }) => ({
        ...tokensOf(answer, sentAt, serverTime),
        session: { ...session, ...answer.session },
        generation: generation + 1,
        pending: null,
      }));
    } catch (error) {
      if (!(error instanceof SessionError))
        throw error;
      const reason = isTerminal(error) ? endReasonOf(error)
        : error.code === 'invalid_request' && !held.refreshToken ? 'cookie_missing'
        : null;
      if (reason)
        await end(held.id, reason);
      else
        await write(({ pending }) => {
          const tries = (pending?.tries ?? 0) + 1;
          const { maxRetries, retryDelay } = config();
          const delay = slowness() * retryDelay * 2 ** Math.min(tries - 1, maxRetries) * (0.5 + Math.random());
          const until = now() + quietly(error);
          return { pending: { attempt, tries, at: Math.max(now() + delay, until), code: error.code, until } };
        });
      tell(error);
      throw error;
    }
  }

  const end = (id: string, reason: EndReason): Promise<void> => store.write(held => live(held)?.id === id ? { id, over: reason } : null);

  return {
    get isRunning() {
      return !!running;
    },
    refresh(stale) {
      running ??= refresh(stale).finally(() => {
        running = null;
        tell();
      });
      return running;
    },
    end,
  };
}

/** What a login and a refresh bring. */
export function tokensOf(
  fields: LoginAnswer | RefreshAnswer, sentAt: number, serverTime: number,
): { access: Access; refreshToken: string | null; skew: number } {
  // A repeated refresh tells when it was first done, which is near enough where there is nothing better.
  const skew = (serverTime || Date.parse(fields.session.lastActivityAt)) - sentAt;
  const lifetime = fields.expiresIn * 1000;
  return {
    access: { token: fields.accessToken, lifetime, expiresAt: sentAt + skew + lifetime },
    refreshToken: fields.refreshToken ?? null,
    skew,
  };
}

export function endReasonOf({ code, reason }: SessionError): EndReason {
  return reason ?? (code === 'token_reused' ? 'token_reuse' : code);
}

// Not randomUUID, which only secure pages have.
export function newAttempt(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

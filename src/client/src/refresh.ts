import { type Api, isTerminal, networkError } from './api.ts';
import { SessionError } from './error.ts';
import { type Access, type Live, live } from './held.ts';
import { hearing } from './lock.ts';
import type { Clock, SessionConfig } from './options.ts';
import type { Store } from './store.ts';
import type { EndReason } from './types.ts';
import type { LoginAnswer, RefreshAnswer } from './wire.ts';

export interface Refresher {
  readonly isRunning: boolean;
  /** Gets something newer than `stale`, from another tab or from the service. Resolves when this tab has it. */
  refresh(stale: Live): Promise<void>;
  /** Ends the session here, unless another one has taken its place. */
  end(id: string, reason: EndReason): Promise<void>;
}

export interface RefresherParts {
  readonly store: Store;
  readonly api: Api;
  readonly clock: Clock;
  readonly config: () => SessionConfig;
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

export function createRefresher({ store, api, clock, config, exclusively, hasLocks, isShared, ask, tell }: RefresherParts): Refresher {
  let running: Promise<void> | null = null;

  // What is held of the session that was to be refreshed; throws where it is over.
  function same(stale: Live): Live {
    const now = store.live();
    if (now?.id !== stale.id)
      throw new SessionError('no_session', 'The session is over.');
    return now;
  }

  const pause = (milliseconds: number): Promise<void> => new Promise(done => clock.after(milliseconds, done));

  function isRenewed(stale: Live): boolean {
    const { access } = same(stale);
    return !!access && access.token !== stale.access?.token;
  }

  async function refresh(stale: Live): Promise<void> {
    await exclusively(async () => {
      // Without locks chance decides who is first, and the others find its attempt.
      if (!hasLocks)
        await pause(Math.random() * hearing);
      const isStored = await store.read();
      // A tab that slept may have missed that the others went on, and its refresh token is spent then.
      let patience = isStored && isShared && same(stale).access ? 0 : hearing;
      const { pending, skew } = same(stale);
      if (!hasLocks && pending?.tries === 0)
        patience = Math.max(patience, pending.at - clock.now() - skew);
      if (patience > 0)
        ask();
      for (const end = clock.now() + patience; clock.now() < end && !isRenewed(stale);)
        await pause(hearing / 10);
      if (isRenewed(stale))
        return false;
      const now = same(stale);
      // Several tabs may have waited for this: where the first of them has just failed, the others needn't.
      if ((now.pending?.tries ?? 0) > (stale.pending?.tries ?? 0))
        throw networkError();
      await exchange(now);
      return true;
    });
  }

  // A crash anywhere leaves the attempt in the storage: whoever goes on repeats it, and the service knows that it is the same one.
  async function exchange(held: Live): Promise<void> {
    const attempt = held.pending?.attempt ?? newAttempt();
    // Who has logged out meanwhile stays logged out, and an old answer never replaces a newer one.
    const write = (change: (now: Live) => Partial<Live>): Promise<void> => store.write(now => {
      const still = live(now);
      return still?.id === held.id && still.generation === held.generation ? { ...still, ...change(still) } : null;
    });
    if (!held.pending)
      await write(({ skew }) => ({ pending: { attempt, tries: 0, at: clock.now() + skew + config().requestTimeout } }));
    tell('refreshing');
    const sentAt = clock.now();
    try {
      const { answer, serverTime } = await api.post<RefreshAnswer>('sessions/refresh', { ...bodyOf(held), attempt });
      if (answer.session.id !== held.id)
        throw new SessionError('invalid_request', 'The cookie is that of another session.');
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
        await write(({ pending, skew }) => {
          const tries = (pending?.tries ?? 0) + 1;
          const { maxRetries, retryDelay } = config();
          const delay = retryDelay * 2 ** Math.min(tries - 1, maxRetries) * (0.5 + Math.random());
          return { pending: { attempt, tries, at: clock.now() + skew + Math.max(delay, (error.retryAfter ?? 0) * 1000) } };
        });
      tell(error);
      throw error;
    }
  }

  const end = (id: string, reason: EndReason): Promise<void> => store.write(now => live(now)?.id === id ? { id, over: reason } : null);

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

/** How a request names the session: in cookie mode the browser does. */
export function bodyOf({ refreshToken }: { readonly refreshToken: string | null }): object {
  return refreshToken ? { refreshToken } : {};
}

export function endReasonOf({ code, reason }: SessionError): EndReason {
  return reason ?? (code === 'token_reused' ? 'token_reuse' : code);
}

// Not randomUUID, which only secure pages have.
function newAttempt(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

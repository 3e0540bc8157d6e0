import { quietly } from './error.ts';
import { type Live, parse } from './held.ts';
import type { Clock } from './options.ts';
import { createRounds, type Rounds } from './rounds.ts';
import type { Shelf } from './storage.ts';
import type { Notice, NoticePage } from './wire.ts';

/**
 * Asks the service something while somebody is there to hear it.
 * @param isWanted Whether to ask now.
 * @param ask Asks, and says in how many milliseconds to ask again.
 * @param pause How long to wait when there was no answer.
 */
export function createPoll(clock: Clock, isWanted: () => unknown, ask: () => Promise<number>, pause: () => number): Rounds {
  let answered = 0;
  // The pause may be another one when it is over.
  let wait = (): number => 0;
  // Not later than that after a clock that was set back.
  return createRounds(clock, () => isWanted() ? Math.min(answered + wait() - clock.now(), wait()) : null, async () => {
    if (!isWanted())
      return;
    wait = await ask().then(told => () => told, (error: unknown) => {
      const least = quietly(error);
      return () => Math.max(least, pause());
    });
    // A service that is slow is left alone as long as one that is fast.
    answered = clock.now();
  });
}

/** Reads the notices of the user from where this browser has stopped; what is older than the session is nobody's news. */
export function createNotices(key: string, shelf: Shelf, get: (route: string) => Promise<NoticePage>, tell: (notice: Notice) => void): (held: Live) => Promise<number> {
  let seen = { account: '', number: 0 };
  return async ({ account: { id: account }, session: { createdAt } }) => {
    if (seen.account !== account) {
      const stored = parse(await shelf.get(key)) as typeof seen | null;
      seen = stored?.account === account ? stored : { account, number: 0 };
    }
    const { notices, nextPollMs } = await get(`sessions/notices?after=${seen.number}`);
    for (const notice of notices) {
      seen = { account, number: notice.number };
      if (notice.createdAt > createdAt)
        tell(notice);
    }
    if (notices[0])
      await shelf.set(key, JSON.stringify(seen));
    return nextPollMs;
  };
}

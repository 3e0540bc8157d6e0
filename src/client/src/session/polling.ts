import { handleFailure } from '../api/error.ts';
import { parseJson } from '../api/http.ts';
import type { Notice, NoticePage } from '../api/wire.ts';
import type { Clock } from '../platform/platform.ts';
import type { SafeStorage } from '../platform/storage.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { ActiveSession } from './stored-session.ts';

/**
 * Polls while it is wanted.
 * @param isWanted Whether to poll now.
 * @param poll Returns how many milliseconds to wait for the next poll.
 * @param errorDelay How many milliseconds to wait after an error.
 */
export function createPoller(clock: Clock, isWanted: () => unknown, poll: () => Promise<number>, errorDelay: () => number): Scheduler {
  let answeredAt = 0;
  // Evaluated on use: `errorDelay` may change.
  let wait = (): number => 0;
  // The second term is for a clock that was set back.
  return createScheduler(clock, () => isWanted() ? Math.min(answeredAt + wait() - clock.now(), wait()) : null, async () => {
    if (!isWanted())
      return;
    wait = await poll().then(next => () => next, (error: unknown) => {
      const retryAfter = handleFailure(error);
      return () => Math.max(retryAfter, errorDelay());
    });
    answeredAt = clock.now();
  });
}

/** Reads the user's notices from where this browser stopped; those older than the session are skipped. */
export function createNoticeReader(key: string, storage: SafeStorage, get: (route: string) => Promise<NoticePage>, emit: (notice: Notice) => void) {
  let seen: Readonly<{ account: string; number: number }> | undefined;
  return async ({ account: { id: account }, session: { createdAt } }: ActiveSession): Promise<number> => {
    if (seen?.account !== account) {
      const stored = parseJson(await storage.get(key)) as typeof seen;
      seen = stored?.account === account ? stored : { account, number: 0 };
    }
    const { notices, nextPollMs } = await get(`sessions/notices?after=${seen.number}`);
    for (const notice of notices) {
      seen = { account, number: notice.number };
      if (notice.createdAt > createdAt)
        emit(notice);
    }
    if (notices[0])
      await storage.set(key, JSON.stringify(seen));
    return nextPollMs;
  };
}

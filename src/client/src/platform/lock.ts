import type { Clock, Locks } from './platform.ts';

/** Milliseconds until a change has reached the other tabs, by channel or storage. */
export const propagationDelay = 150;

/**
 * Runs `work` while no other tab does, or without the lock after `patience` milliseconds. Work that changed something resolves to true:
 * the lock is then kept until the other tabs can know.
 */
export function withLock(locks: Locks | null, clock: Clock, name: string, patience: number, work: () => Promise<unknown>): Promise<unknown> {
  return new Promise(resolve => {
    const aborter = new AbortController();
    let started: Promise<unknown> | undefined;
    const linger = (hasChanged: unknown): unknown => hasChanged && delay(clock, propagationDelay);
    // Runs once, whoever calls first: the lock, the timeout, or a lock that was stolen or refused.
    const run = (): Promise<unknown> => {
      cancel();
      resolve(started ??= work());
      return started.then(linger, linger);
    };
    const cancel = clock.after(patience, () => {
      aborter.abort();
      void run();
    });
    const request = async (): Promise<unknown> => locks ? locks.request(name, { signal: aborter.signal }, run) : run();
    // An error of the work rejects its own promise.
    request().catch(run);
  });
}

export const delay = (clock: Clock, milliseconds: number): Promise<void> => new Promise(resolve => clock.after(milliseconds, resolve));

import type { Clock, Locks } from './options.ts';

/** How many milliseconds it may take until the other tabs have heard, or find in the storage, what one did. */
export const hearing = 150;

/**
 * Does something while no other tab does the same, if it can be had: whoever waits longer than `patience` does it all the same. Work
 * that changed something says so: the next tab doesn't get the lock before it can have heard of it.
 */
export function exclusively(locks: Locks | null, clock: Clock, name: string, patience: number, work: () => Promise<unknown>): Promise<unknown> {
  return new Promise(resolve => {
    const giveUp = new AbortController();
    let begun: Promise<unknown> | undefined;
    const linger = (hasChanged: unknown): unknown => hasChanged && pause(clock, hearing);
    // Once, whoever calls it: the lock, the end of the patience, or a lock that was stolen or refused.
    const run = (): Promise<unknown> => {
      cancel();
      resolve(begun ??= work());
      return begun.then(linger, linger);
    };
    const cancel = clock.after(patience, () => {
      giveUp.abort();
      void run();
    });
    const request = async (): Promise<unknown> => locks ? locks.request(name, { signal: giveUp.signal }, run) : run();
    // How the work ends is told by its own promise, not by that of the lock.
    request().catch(run);
  });
}

export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise(done => clock.after(milliseconds, done));
}

import type { Clock, Locks } from './options.ts';

/** Does something while no other tab does the same, if it can be had: whoever waits longer than `patience` does it all the same. */
export function exclusively(locks: Locks | null, clock: Clock, name: string, patience: number, work: () => Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const giveUp = new AbortController();
    let begun: Promise<void> | undefined;
    // Once, whoever calls it: the lock, the end of the patience, or a lock that was stolen or refused.
    const run = (): Promise<void> => {
      cancel();
      resolve(begun ??= work());
      return begun;
    };
    const cancel = clock.after(patience, () => {
      giveUp.abort();
      void run();
    });
    const request = async (): Promise<unknown> => locks ? locks.request(name, { signal: giveUp.signal }, run) : run();
    // How the work ends is told by its own promise, not by that of the lock.
    request().catch(run).catch(() => {});
  });
}

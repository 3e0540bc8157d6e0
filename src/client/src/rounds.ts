import type { Clock } from './options.ts';

/** Something that is done again and again, at a pace that it says itself. */
export interface Rounds {
  /** Begins, or looks anew when the next one is due. */
  restart(): void;
  /** For good, a round that is running included: it is the last one. */
  stop(): void;
}

/**
 * @param due In how many milliseconds the next round is due; null for none until the next `restart`.
 * @param round Must not throw.
 */
export function createRounds(clock: Clock, due: () => number | null, round: () => Promise<void>): Rounds {
  let cancel: (() => void) | null = null;
  let isRunning = false;
  let isOver = false;
  function restart(): void {
    cancel?.();
    const wait = isRunning || isOver ? null : due();
    if (wait === null)
      return;
    cancel = clock.after(Math.max(0, wait), () => {
      isRunning = true;
      void round().finally(() => {
        isRunning = false;
        restart();
      });
    });
  }
  return {
    restart,
    stop() {
      isOver = true;
      cancel?.();
    },
  };
}

import type { Clock } from '../platform/platform.ts';

export type Scheduler = ReturnType<typeof createScheduler>;

/**
 * Repeats a task.
 * @param delay Milliseconds until the next run; null for none until `update` is called.
 * @param task Must not throw.
 */
export function createScheduler(clock: Clock, delay: () => number | null, task: () => Promise<void>) {
  let cancel: (() => void) | null = null;
  let isRunning = false;
  /** Starts, or recalculates when the next run is due. */
  function update(): void {
    cancel?.();
    const wait = isRunning ? null : delay();
    if (wait === null)
      return;
    cancel = clock.after(Math.max(0, wait), () => {
      isRunning = true;
      void task().finally(() => {
        isRunning = false;
        update();
      });
    });
  }
  return {
    update,
    /** Stops for good; a task that is running is the last one. */
    stop(): void {
      delay = () => null;
      update();
    },
  };
}

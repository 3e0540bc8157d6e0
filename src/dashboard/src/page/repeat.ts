/**
 * Repeats something until a signal, one at a time.
 * @returns A function that does it at once, unless it is being done.
 */
export function repeat(signal: AbortSignal, every: number, run: () => Promise<unknown>): () => void {
  let isRunning = false;
  let timer = setTimeout(next, every);

  async function next(): Promise<void> {
    clearTimeout(timer);
    if (isRunning || signal.aborted)
      return;
    isRunning = true;
    try {
      await run();
    } finally {
      isRunning = false;
      timer = setTimeout(next, every);
    }
  }

  return () => void next();
}

/** `AbortSignal.any`, which browsers before 2024 lack. */
export function anySignal(...signals: readonly AbortSignal[]): AbortSignal {
  const aborter = new AbortController();
  for (const signal of signals) {
    if (signal.aborted)
      aborter.abort(signal.reason);
    signal.addEventListener('abort', () => aborter.abort(signal.reason), { signal: aborter.signal });
  }
  return aborter.signal;
}

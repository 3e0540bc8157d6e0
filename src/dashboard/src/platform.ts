import type { Memory } from './api/connection.ts';

/** What a browser may lack or refuse, and what takes its place. */

/** A value that nobody guesses. Not randomUUID, which only secure pages have. */
export function newAttempt(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

/** A signal that ends with the first of several; browsers of 2023 lack AbortSignal.any. */
export function anyOf(...signals: readonly AbortSignal[]): AbortSignal {
  if (typeof AbortSignal.any === 'function')
    return AbortSignal.any([...signals]);
  const first = new AbortController();
  for (const signal of signals) {
    if (signal.aborted)
      first.abort(signal.reason);
    signal.addEventListener('abort', () => first.abort(signal.reason), { signal: first.signal });
  }
  return first.signal;
}

/** What this browser remembers under names that begin with the prefix. Where it keeps nothing for us, that is nothing. */
export function stored(prefix: string): Memory {
  return {
    get(name) {
      try {
        return localStorage.getItem(prefix + name);
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        if (value === null)
          localStorage.removeItem(prefix + name);
        else
          localStorage.setItem(prefix + name, value);
      } catch {
        // Then a reload asks for a login, as if nobody had wanted to stay.
      }
    },
  };
}

import type { Memory } from '../api/connection.ts';

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

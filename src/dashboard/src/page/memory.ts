import type { Memory } from '../api/connection.ts';

/** A yes or no of this browser. Where the browser keeps nothing for us, the answer is no. */
export function stored(name: string): Memory {
  return {
    get() {
      try {
        return localStorage.getItem(name) !== null;
      } catch {
        return false;
      }
    },
    set(stays) {
      try {
        if (stays)
          localStorage.setItem(name, 'yes');
        else
          localStorage.removeItem(name);
      } catch {
        // Then a reload asks for a login, as if nobody had wanted to stay.
      }
    },
  };
}

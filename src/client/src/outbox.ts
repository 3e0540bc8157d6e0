import { type Api, isFinal } from './api.ts';
import { quietly, type SessionError } from './error.ts';
import { type Live, parse } from './held.ts';
import type { Shelf } from './storage.ts';

/** Logouts that the service hasn't heard of. They outlive the page. */
export interface Outbox {
  add(held: Live): Promise<void>;
  all(): Promise<readonly Logout[]>;
  /** Tells the service of them, as far as it answers. Says in how many milliseconds to go on; null where nothing is left. */
  deliver(): Promise<number | null>;
}

interface Logout {
  readonly id: string;
  /** Any refresh token of the session may end it, a spent one too. Null in cookie mode. */
  readonly refreshToken: string | null;
}

/** @param current The session that is open now, if one is. */
export function createOutbox(key: string, shelf: Shelf, api: Api, current: () => Live | null): Outbox {
  // What the storage didn't take is kept here at least.
  let own: Logout[] = [];

  async function all(): Promise<Logout[]> {
    const stored = parse(await shelf.get(key));
    const others = (Array.isArray(stored) ? stored as Logout[] : []).filter(({ id }) => own.every(logout => logout.id !== id));
    return [...own, ...others];
  }

  const keep = (logouts: Logout[]): Promise<void> => shelf.set(key, JSON.stringify(logouts));

  return {
    all,
    async add({ id, refreshToken }) {
      // With those of earlier pages: a storage that is full loses what it had.
      own = [...await all(), { id, refreshToken }];
      await keep(own);
    },
    async deliver() {
      for (const { id, refreshToken } of await all()) {
        try {
          // In cookie mode the browser says which session it is, and that may be a later one: then this can't be told any more.
          if (refreshToken || (current()?.id ?? id) === id)
            await api.post('sessions/logout', { refreshToken });
        } catch (error) {
          // Only the service can say that the session is over already, or that nobody can end it with this.
          if (!isFinal(error as SessionError))
            return quietly(error);
        }
        own = own.filter(logout => logout.id !== id);
        await keep((await all()).filter(logout => logout.id !== id));
      }
      return null;
    },
  };
}

import type { Api } from './api.ts';
import { SessionError } from './error.ts';
import { type Live, parse } from './held.ts';
import { bodyOf } from './refresh.ts';
import type { Shelf } from './storage.ts';

/** Logouts that the service hasn't heard of. They outlive the page. */
export interface Outbox {
  add(held: Live): Promise<void>;
  /** Tells the service of them, as far as it answers. */
  deliver(): Promise<void>;
  isEmpty(): Promise<boolean>;
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

  async function keep(logouts: Logout[]): Promise<void> {
    await (logouts.length === 0 ? shelf.remove(key) : shelf.set(key, JSON.stringify(logouts)));
  }

  return {
    async add({ id, refreshToken }) {
      own.push({ id, refreshToken });
      await keep(await all());
    },
    async deliver() {
      for (const { id, refreshToken } of await all()) {
        try {
          // In cookie mode the browser says which session it is, and that may be a later one: then this can't be told any more.
          if (refreshToken || (current()?.id ?? id) === id)
            await api.post('sessions/logout', bodyOf({ refreshToken }));
        } catch (error) {
          const { status = 0 } = error as SessionError;
          if (!(error instanceof SessionError) || status < 400 || status >= 500 || status === 429)
            return;
          // The session is over already, or nobody can end it with this.
        }
        own = own.filter(logout => logout.id !== id);
        await keep((await all()).filter(logout => logout.id !== id));
      }
    },
    async isEmpty() {
      return (await all()).length === 0;
    },
  };
}

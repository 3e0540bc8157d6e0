import { handleFailure, type SessionError } from '../api/error.ts';
import { type ApiClient, isPermanent, parseJson } from '../api/http.ts';
import type { SafeStorage } from '../platform/storage.ts';
import type { ActiveSession } from './stored-session.ts';

export type LogoutQueue = ReturnType<typeof createLogoutQueue>;

/** Any refresh token of the session may end it, even a spent one. Null in cookie mode. */
export type Logout = Readonly<{ id: string; refreshToken: string | null }>;

/** Logouts that the service hasn't confirmed. They outlive the page. */
export function createLogoutQueue(key: string, storage: SafeStorage, api: ApiClient, active: () => ActiveSession | null) {
  // Kept in memory, too, in case the storage is full.
  let own: Logout[] = [];

  async function all(): Promise<Logout[]> {
    const stored = parseJson(await storage.get(key));
    const others = (Array.isArray(stored) ? stored as Logout[] : []).filter(logout => logout?.id && own.every(({ id }) => id !== logout.id));
    return [...own, ...others];
  }

  const save = (logouts: Logout[]): Promise<unknown> => storage.set(key, JSON.stringify(logouts));

  return {
    all,
    async add({ id, refreshToken }: ActiveSession): Promise<void> {
      own = [...await all(), { id, refreshToken }];
      await save(own);
    },
    /** Sends the logouts until one fails. Returns how many milliseconds to wait then; null when none is left. */
    async deliver(): Promise<number | null> {
      for (const { id, refreshToken } of await all()) {
        try {
          // The cookie may be that of a later session by now, which must not be ended.
          if (refreshToken || (active()?.id ?? id) === id)
            await api.post('sessions/logout', { refreshToken });
        } catch (error) {
          // Only the service knows whether the session has already ended or this logout is futile.
          if (!isPermanent(error as SessionError))
            return handleFailure(error);
        }
        own = own.filter(logout => logout.id !== id);
        await save((await all()).filter(logout => logout.id !== id));
      }
      return null;
    },
  };
}

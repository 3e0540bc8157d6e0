import { SessionError } from '../api/error.ts';
import { parseJson } from '../api/http.ts';
import type { SafeStorage } from '../platform/storage.ts';
import { type ActiveSession, activeOf, type EndedSession, isNewer, type StoredSession, toStoredSession } from './stored-session.ts';

export type SessionStore = ReturnType<typeof createStore>;

/** A record to be written; it gets its revision then. */
type NewRecord = Omit<ActiveSession, 'revision'> | Omit<EndedSession, 'revision'>;

/** The session of this browser: in memory, in the storage and in the other tabs. The newest record counts. */
export function createStore(
  key: string,
  storage: SafeStorage,
  storesTokens: boolean,
  publish: (stored: StoredSession) => void,
  onChange: (previous: StoredSession | null, current: StoredSession) => void,
) {
  let current: StoredSession | null = null;

  function replace(next: StoredSession): void {
    const previous = current;
    current = next;
    onChange(previous, next);
  }

  /** Takes a record of the storage or of another tab, if it is newer. */
  function adopt(value: unknown): void {
    const next = toStoredSession(value);
    if (!next || !isNewer(next, current))
      return;
    const theirs = activeOf(next);
    const ours = activeOf(current);
    // In cookie mode the storage has no access token; keep ours where it is the same generation.
    replace(theirs && !theirs.access && theirs.id === ours?.id && theirs.generation === ours.generation ? { ...theirs, access: ours.access } : next);
    if (ours && !theirs)
      void storeEnd(next);
  }

  // This tab may just have written new tokens over the end that another one stored.
  async function storeEnd(ended: StoredSession): Promise<void> {
    if (isNewer(ended, toStoredSession(parseJson(await storage.get(key)))))
      await storage.set(key, JSON.stringify(ended));
  }

  /** Adopts the stored record. Returns whether there is one: a full storage may have lost it. */
  async function read(): Promise<boolean> {
    const stored = parseJson(await storage.get(key));
    adopt(stored);
    return !!stored;
  }

  const first = storage.get(key);
  let ready: Promise<void> | null = null;
  if (first instanceof Promise)
    ready = first.then(text => adopt(parseJson(text)));
  else
    current = toStoredSession(parseJson(first));

  return {
    get current(): StoredSession | null {
      return current;
    },
    active: (): ActiveSession | null => activeOf(current),
    /** The active session, with this id if one is given; throws `no_session` otherwise. */
    get(id?: string): ActiveSession {
      const active = activeOf(current);
      if (!active || (id ?? active.id) !== active.id)
        throw new SessionError('no_session', 'No session.');
      return active;
    },
    /** Resolves after the first read; null where the storage is synchronous. */
    ready,
    adopt,
    read,
    /** Writes what `update` makes of the newest record; null changes nothing, so that a late response is dropped. */
    async write(update: (current: StoredSession | null) => NewRecord | null): Promise<void> {
      await read();
      const next = update(current);
      if (!next)
        return;
      // A new login is newer than the record of a tab that slept.
      const stored: StoredSession = { ...next, revision: (current?.revision ?? Date.now()) + 1 };
      replace(stored);
      publish(stored);
      await storage.set(key, JSON.stringify(storesTokens ? stored : { ...stored, access: null, refreshToken: null }));
    },
  };
}

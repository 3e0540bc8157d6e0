import { SessionError } from './error.ts';
import { type Held, heldOf, isNewer, type Live, live, type Over, parse } from './held.ts';
import type { Shelf } from './storage.ts';

/** What this browser holds: in memory, in the storage, and in the other tabs. The newest counts, wherever it comes from. */
export interface Store {
  /** The session, if one is open. */
  live(): Live | null;
  /** The same, or that very one; throws where it isn't open. */
  open(id?: string): Live;
  readonly current: Held | null;
  /** Looks whether the storage has something newer. Says whether it has anything: one that is full has lost what it had. */
  read(): Promise<boolean>;
  /** Takes what another tab or the storage tells. */
  adopt(value: unknown): void;
  /**
   * Changes what is held. `change` gets what is newest and says what comes next, or null to leave it, so an answer that came too late
   * changes nothing.
   */
  write(change: (held: Held | null) => Next | null): Promise<void>;
  /** Resolves when it has been read for the first time; null where that was at once. */
  readonly opening: Promise<void> | null;
}

/** What comes next; its revision is what it gets when it is written. */
export type Next = Omit<Live, 'revision'> | Omit<Over, 'revision'>;

export function createStore(
  key: string,
  shelf: Shelf,
  keepsTokens: boolean,
  publish: (held: Held) => void,
  changed: (before: Held | null, after: Held) => void,
): Store {
  let current: Held | null = null;

  function take(next: Held): void {
    const before = current;
    current = next;
    changed(before, next);
  }

  function adopt(value: unknown): void {
    const next = heldOf(value);
    if (!next || !isNewer(next, current))
      return;
    const [told, own] = [live(next), live(current)];
    // The storage of cookie mode has no access token, and this tab may.
    take(told && !told.access && told.id === own?.id && told.generation === own.generation ? { ...told, access: own.access } : next);
    if (own && !told)
      void bury(next);
  }

  // This tab may just have stored new tokens over the end that another one has stored.
  async function bury(over: Held): Promise<void> {
    if (isNewer(over, heldOf(parse(await shelf.get(key)))))
      await shelf.set(key, JSON.stringify(over));
  }

  async function read(): Promise<boolean> {
    const stored = parse(await shelf.get(key));
    adopt(stored);
    return !!stored;
  }

  const first = shelf.get(key);
  const opening = first instanceof Promise ? first.then(text => adopt(parse(text))) : null;
  if (!opening)
    current = heldOf(parse(first as string | null));

  return {
    get current() {
      return current;
    },
    live: () => live(current),
    open(id) {
      const held = live(current);
      if (!held || (id ?? held.id) !== held.id)
        throw new SessionError('no_session', 'No session.');
      return held;
    },
    opening,
    adopt,
    read,
    async write(change) {
      await read();
      const next = change(current);
      if (!next)
        return;
      // One that begins anew is newer than what a tab that slept has of long ago.
      const held: Held = { ...next, revision: (current?.revision ?? Date.now()) + 1 };
      take(held);
      publish(held);
      await shelf.set(key, JSON.stringify(keepsTokens ? held : { ...held, access: null, refreshToken: null }));
    },
  };
}

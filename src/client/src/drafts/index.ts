import { parseJson } from '../api/http.ts';
import { delay, propagationDelay, withLock } from '../platform/lock.ts';
import { browserStorage, platformOf, type StorageAdapter } from '../platform/platform.ts';
import { memoryStorage, safeStorage } from '../platform/storage.ts';
import type { SessionManager } from '../session/types.ts';
import { fillForm, type FormValues, readForm, watchForm } from './form.ts';

export interface DraftsOptions {
  /** Where drafts are kept; localStorage by default. */
  readonly storage?: StorageAdapter;
  /** How many milliseconds a draft is kept; a day by default. */
  readonly maxAge?: number;
}

/** Unsent input that survives a forced login: restored once, for the same account, and never after a logout. */
export interface Drafts {
  /**
   * Restores a form, and saves it when the session is about to end or has ended. Passwords, one-time codes, card data, files,
   * hidden fields and what has `autocomplete="off"`, itself or by its form, are left out; a form without edits isn't saved. A field that
   * shows a password needs `autocomplete="current-password"` or `"new-password"`. Returns a function that stops.
   */
  keep(name: string, form: HTMLFormElement): () => void;
  /** The same for other input. `read` returns what to save, or null for nothing. */
  keepValue<T>(name: string, read: () => T | null, restore: (value: T) => void): () => void;
  /** Deletes a draft. */
  discard(name: string): void;
}

type StoredDrafts = Readonly<{ account: string; at: number; values: Readonly<Record<string, unknown>> }>;
type Change = (values: StoredDrafts['values']) => StoredDrafts['values'];

const key = 'serverless-sessions:drafts';

// As an uncaught error, since nobody waits for it.
const report = (error: unknown): unknown => setTimeout(() => {
  throw error;
});

export function createDrafts(manager: SessionManager, { storage: adapter, maxAge = 86_400_000 }: DraftsOptions = {}): Drafts {
  const { locks, clock } = platformOf();
  const storage = safeStorage(adapter ?? browserStorage() ?? memoryStorage(), clock, () => 10_000, () => null);
  // Synchronous where the storage is.
  const apply = (account: string, change: Change): Promise<boolean> => {
    const write = async (text: string | null): Promise<boolean> => {
      const stored = parseJson(text) as StoredDrafts | null;
      const before = stored?.account === account && manager.now() - stored.at < maxAge ? stored.values ?? {} : {};
      const after = change(before);
      await (Object.keys(after).length === 0 ? storage.remove(key)
        : storage.set(key, JSON.stringify({ account, at: manager.now(), values: after } satisfies StoredDrafts)));
      return after !== before;
    };
    const text = storage.get(key);
    return text instanceof Promise ? text.then(write) : write(text);
  };
  // All tabs change one record, so changes run one after the other.
  let last: Promise<unknown> = Promise.resolve();
  const enqueue = (account: string, change: Change): void => {
    last = last.then(() => withLock(locks, clock, key, 1000, () => apply(account, change))).catch(report);
  };
  // A page that is about to leave can't wait for the lock. If it stays, the change is repeated with the lock.
  let immediate: Promise<unknown> = Promise.resolve();
  const applyNow = (account: string, change: Change): void => {
    // The repetition reports what fails.
    immediate = immediate.then(() => apply(account, change)).catch(() => {});
    last = Promise.all([last, immediate, delay(clock, propagationDelay)]);
    enqueue(account, change);
  };
  const without = (name: string): Change => values => {
    const { [name]: value, ...others } = values;
    return value === undefined ? values : others;
  };
  const discard = (name: string): void => {
    const account = manager.state.account?.id;
    if (account)
      enqueue(account, without(name));
  };

  function keepValue<T>(name: string, read: () => T | null, restore: (value: T) => void): () => void {
    let isSaved = false;
    const save = (account: string, how: typeof enqueue): void => {
      const value = read();
      // Removes an outdated draft of this tab, but never that of another one.
      if (value !== null || isSaved)
        how(account, value === null ? without(name) : values => ({ ...values, [name]: value }));
      isSaved = value !== null;
    };
    let owner: string | undefined;
    let isWarned = false;
    let isStopped = false;
    const onChange = (): void => {
      const { account, expiring } = manager.state;
      // The session continues after all, and the input may be sent now: it must not be restored.
      if (isWarned && account && !expiring) {
        isWarned = false;
        discard(name);
      }
      if (!account || account.id === owner)
        return;
      owner = account.id;
      enqueue(account.id, values => {
        const value = values[name];
        if (isStopped)
          return values;
        try {
          if (value !== undefined)
            restore(value as T);
        } catch (error) {
          // The draft is kept.
          report(error);
          return values;
        }
        return without(name)(values);
      });
    };
    const unsubscribes = [
      manager.subscribe(onChange),
      manager.on('expiring', () => {
        isWarned = true;
        if (owner)
          save(owner, enqueue);
      }),
      manager.on('ended', ({ reason, account }) => {
        // Another login has replaced the session.
        if (manager.state.session)
          return;
        owner = undefined;
        isWarned = false;
        // After a logout the next user may be another person.
        if (['logout', 'logout_all', 'account_closed'].includes(reason))
          applyNow(account.id, () => ({}));
        else
          save(account.id, applyNow);
      }),
    ];
    onChange();
    return () => {
      isStopped = true;
      unsubscribes.forEach(unsubscribe => unsubscribe());
    };
  }

  return {
    keepValue,
    keep(name, form) {
      const { isEdited, stop } = watchForm(form);
      const stopKeeping = keepValue<FormValues>(name, () => isEdited() ? readForm(form) : null, values => fillForm(form, values));
      return () => {
        stop();
        stopKeeping();
      };
    },
    discard,
  };
}

import type { Clock, StorageAdapter } from './options.ts';

/** Lives as long as the page. */
export function memoryStorage(): StorageAdapter {
  const items = new Map<string, string>();
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: key => items.delete(key),
  };
}

/** A storage that may be full, refuse or never answer: what it can't do is left undone. */
export interface Shelf {
  get(key: string): string | null | Promise<string | null>;
  /** Removes what can't be replaced: a token that was spent must not come back with the next page. */
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** @param patience How many milliseconds a storage may take that answers with promises. */
export function shelfOf(storage: StorageAdapter, clock: Clock, patience: () => number, tell: (error: unknown) => void): Shelf {
  const failed = (error: unknown): null => {
    tell(error);
    return null;
  };
  // A promise of another realm or library becomes one of ours.
  const timely = <T>(answer: T | PromiseLike<T>): T | Promise<T> => (answer as Partial<PromiseLike<T>> | null)?.then
    ? new Promise((done, fail) => {
      clock.after(patience(), () => fail(new Error('No answer.')));
      void (answer as PromiseLike<T>).then(done, fail);
    })
    : answer as T;
  const shelf: Shelf = {
    get(key) {
      try {
        const item = timely(storage.getItem(key));
        return item instanceof Promise ? item.catch(failed) : item;
      } catch (error) {
        return failed(error);
      }
    },
    async set(key, value) {
      try {
        await timely(storage.setItem(key, value));
      } catch (error) {
        failed(error);
        await shelf.remove(key);
      }
    },
    async remove(key) {
      try {
        await timely(storage.removeItem(key));
      } catch (error) {
        failed(error);
      }
    },
  };
  return shelf;
}

import type { StorageAdapter } from './options.ts';

/** Lives as long as the page. */
export function memoryStorage(): StorageAdapter {
  const items = new Map<string, string>();
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: key => items.delete(key),
  };
}

/** The browser's, or another one where the browser has none or refuses it. */
export function localStorageOr(fallback: StorageAdapter): StorageAdapter {
  try {
    // Reading the property throws where cookies are blocked.
    return globalThis.localStorage ?? fallback;
  } catch {
    return fallback;
  }
}

/** A storage that may be full, or refuse: what it can't do is left undone. */
export interface Shelf {
  get(key: string): string | null | Promise<string | null>;
  /** Removes what can't be replaced: a token that was spent must not come back with the next page. */
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export function shelfOf(storage: StorageAdapter, tell: (error: unknown) => void): Shelf {
  const failed = (error: unknown): null => {
    tell(error);
    return null;
  };
  // Async all the same: an adapter may throw or reject.
  const tried = async (work: () => unknown): Promise<unknown> => work();
  const shelf: Shelf = {
    get(key) {
      try {
        const item = storage.getItem(key);
        return item instanceof Promise ? item.catch(failed) : item;
      } catch (error) {
        return failed(error);
      }
    },
    async set(key, value) {
      await tried(() => storage.setItem(key, value)).catch(error => {
        failed(error);
        return shelf.remove(key);
      });
    },
    async remove(key) {
      await tried(() => storage.removeItem(key)).catch(failed);
    },
  };
  return shelf;
}

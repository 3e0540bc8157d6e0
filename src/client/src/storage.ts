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

/** The browser's; null where it has none or refuses it. */
export function browserStorage(): StorageAdapter | null {
  try {
    // Reading the property throws where cookies are blocked.
    return globalThis.localStorage ?? null;
  } catch {
    return null;
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
      try {
        await storage.setItem(key, value);
      } catch (error) {
        failed(error);
        await shelf.remove(key);
      }
    },
    async remove(key) {
      try {
        await storage.removeItem(key);
      } catch (error) {
        failed(error);
      }
    },
  };
  return shelf;
}

import { delay } from './lock.ts';
import type { Clock, StorageAdapter } from './platform.ts';

/** A storage that lives as long as the page. */
export function memoryStorage(): StorageAdapter {
  const items = new Map<string, string>();
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: key => items.delete(key),
  };
}

export type SafeStorage = ReturnType<typeof safeStorage>;

/**
 * Wraps a storage that may be full, throw or never answer: reports failures instead of throwing.
 * @param timeout How many milliseconds a promise of the storage may take.
 */
export function safeStorage(storage: StorageAdapter, clock: Clock, timeout: () => number, report: (error: unknown) => null) {
  function guard<T, E>(use: () => T | PromiseLike<T>, onError: (error: unknown) => E): T | E | Promise<T | E> {
    try {
      const result = use();
      return (result as Partial<PromiseLike<T>> | null)?.then ? Promise.race([result, delay(clock, timeout()).then(timedOut)]).catch(onError) : result as T;
    } catch (error) {
      return onError(error);
    }
  }
  const timedOut = (): never => {
    throw new Error('Timeout.');
  };
  const remove = async (key: string): Promise<unknown> => guard(() => storage.removeItem(key), report);
  return {
    get: (key: string): string | null | Promise<string | null> => guard(() => storage.getItem(key), report),
    /** Removes what it can't replace: a spent token must not come back with the next page. */
    set: async (key: string, value: string): Promise<unknown> => guard(() => storage.setItem(key, value), error => {
      report(error);
      return remove(key);
    }),
    remove,
  };
}

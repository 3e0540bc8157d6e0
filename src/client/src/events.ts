import type { SessionEvents } from './types.ts';

export interface Events {
  on<K extends keyof SessionEvents>(event: K, listener: (detail: SessionEvents[K]) => void): () => void;
  emit<K extends keyof SessionEvents>(event: K, detail: SessionEvents[K]): void;
  has(event: keyof SessionEvents): boolean;
}

export function createEvents(debug: (event: string, detail: unknown) => void): Events {
  const listeners = new Map<string, Set<(detail: never) => void>>();
  return {
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => void set.delete(listener);
    },
    emit(event, detail) {
      debug(event, detail);
      for (const listener of [...listeners.get(event) ?? []]) {
        try {
          listener(detail as never);
        } catch (error) {
          // A fault of a listener is told to whoever wrote it, and stops nobody else.
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
    has: event => (listeners.get(event)?.size ?? 0) > 0,
  };
}

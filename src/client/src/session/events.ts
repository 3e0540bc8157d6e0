import type { SessionEvents } from './types.ts';

export type Events = ReturnType<typeof createEvents>;

export function createEvents(debug: (event: string, detail: unknown) => void) {
  const listeners = new Map<string, Set<(detail: never) => void>>();
  return {
    on<K extends keyof SessionEvents>(event: K, listener: (detail: SessionEvents[K]) => void): () => void {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => void set.delete(listener);
    },
    emit<K extends keyof SessionEvents>(event: K, detail: SessionEvents[K]): void {
      debug(event, detail);
      for (const listener of [...listeners.get(event) ?? []]) {
        try {
          listener(detail as never);
        } catch (error) {
          // Reported as an uncaught error; the other listeners still run.
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
    has: (event: keyof SessionEvents): unknown => listeners.get(event)?.size,
  };
}

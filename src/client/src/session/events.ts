import type { SessionEvents } from './types.ts';

export type Events = ReturnType<typeof createEvents>;

export function createEvents(debug: (event: string, detail: unknown) => void) {
  const listeners: Record<string, Set<(detail: never) => void>> = {};
  return {
    on<K extends keyof SessionEvents>(event: K, listener: (detail: SessionEvents[K]) => void): () => void {
      const set = listeners[event] ??= new Set();
      // Two subscriptions may have the same function.
      const own = (detail: SessionEvents[K]): void => listener(detail);
      set.add(own);
      return () => void set.delete(own);
    },
    emit<K extends keyof SessionEvents>(event: K, detail: SessionEvents[K]): void {
      debug(event, detail);
      for (const listener of [...listeners[event] ?? []]) {
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
    has: (event: keyof SessionEvents): unknown => listeners[event]?.size,
  };
}

import { useCallback, useEffect, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';

export interface Polled<T> {
  readonly data: T | null;
  /** When it was so, where it comes from the cache of the service worker. */
  readonly cachedAt: string | null;
  readonly problem: string | null;
  readonly reload: () => void;
}

/** Asks a route, and again while the page is visible; null asks nothing. An answer says by itself when it wants to be asked again. */
export function usePolled<T extends object>(route: string | null, pause: number): Polled<T> {
  const { fetch, isOnline } = useSession();
  const [answer, setAnswer] = useState<Omit<Polled<T>, 'reload'> & { readonly route: string | null }>({ route: null, ...nothing });
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (route === null)
      return;
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tag: string | null = null;
    let wait = pause;
    async function ask(): Promise<void> {
      if (document.visibilityState === 'visible')
        await show().catch((error: unknown) => !leaving.signal.aborted && setAnswer(before => ({
          ...before.route === route ? before : nothing, route, problem: error instanceof Error ? error.message : 'It failed.',
        })));
      if (!leaving.signal.aborted)
        timer = setTimeout(() => void ask(), wait);
    }
    async function show(): Promise<void> {
      const response = await fetch(route!, { signal: leaving.signal, headers: tag ? { 'if-none-match': tag } : {} });
      if (response.status === 304) {
        setAnswer(before => before.problem === null ? before : { ...before, problem: null });
        return;
      }
      const data = await response.json() as T & { nextPollMs?: number; code?: string };
      wait = Math.max(pause, Number(response.headers.get('retry-after')) * 1000 || 0);
      if (!response.ok)
        throw new Error(data.code ?? `Status ${response.status}`);
      tag = response.headers.get('etag');
      wait = data.nextPollMs ?? pause;
      if (!leaving.signal.aborted)
        setAnswer({ route, data, cachedAt: response.headers.get('x-session-cache'), problem: null });
    }
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [route, pause, fetch, isOnline, round]);

  const reload = useCallback(() => setRound(before => before + 1), []);
  return { ...answer.route === route ? answer : nothing, reload };
}

const nothing = { data: null, cachedAt: null, problem: null };

import { useCallback, useEffect, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { messageOf } from './components.tsx';

/** `cachedAt` is the date of a response from the service worker's cache. */
export type Polling<T> = Readonly<{ data: T | null; cachedAt: string | null; error: string | null; reload: () => void }>;

const nothing = { data: null, cachedAt: null, error: null };

/** Polls a route while the page is visible; null polls nothing. A response may ask for a longer interval. */
export function usePolling<T extends object>(route: string | null, interval: number): Polling<T> {
  const { fetch, isOnline } = useSession();
  const [result, setResult] = useState<Omit<Polling<T>, 'reload'> & { readonly route: string | null }>({ route: null, ...nothing });
  const [reloads, setReloads] = useState(0);

  useEffect(() => {
    if (route === null)
      return;
    const aborter = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let etag: string | null = null;
    let wait = interval;
    async function poll(): Promise<void> {
      if (document.visibilityState === 'visible')
        await load().catch((error: unknown) => !aborter.signal.aborted && setResult(previous => ({
          ...previous.route === route ? previous : nothing, route, error: messageOf(error),
        })));
      if (!aborter.signal.aborted)
        timer = setTimeout(() => void poll(), wait);
    }
    async function load(): Promise<void> {
      const response = await fetch(route!, { signal: aborter.signal, headers: etag ? { 'if-none-match': etag } : {} });
      if (response.status === 304) {
        setResult(previous => previous.error === null ? previous : { ...previous, error: null });
        return;
      }
      // A gateway may answer with HTML.
      const data = await response.json().catch(() => null) as T & { nextPollMs?: number; title?: string } | null;
      wait = Math.max(interval, Number(response.headers.get('retry-after')) * 1000 || 0);
      if (!response.ok || !data)
        throw new Error(data?.title ?? `Status ${response.status}`);
      etag = response.headers.get('etag');
      wait = data.nextPollMs ?? interval;
      if (!aborter.signal.aborted)
        setResult({ route, data, cachedAt: response.headers.get('x-session-cache'), error: null });
    }
    void poll();
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
    // `isOnline`: polls again when the network is back.
  }, [route, interval, fetch, isOnline, reloads]);

  const reload = useCallback(() => setReloads(count => count + 1), []);
  return { ...result.route === route ? result : nothing, reload };
}

import { settingsOf } from './cache.ts';
import { respondTo } from './handler.ts';

// The part of ServiceWorkerGlobalScope that is used; the WebWorker library of types conflicts with DOM.
interface WorkerEvent {
  readonly request: Request;
  readonly tag: string;
  respondWith(response: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}
interface WorkerScope {
  readonly location: Location;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: object): Promise<readonly { postMessage(message: unknown): void }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate' | 'periodicsync' | 'fetch', listener: (event: WorkerEvent) => void): void;
}
const worker = globalThis as unknown as WorkerScope;
const settings = settingsOf(worker.location.href);
const platform = { fetch: (request: Request) => fetch(request), caches, origin: worker.location.origin, timeout: 4000 };

// Every version is network-first, so a newer one may take over at once.
worker.addEventListener('install', event => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', event => {
  const response = respondTo(event.request, settings, platform, work => event.waitUntil(work));
  if (response)
    event.respondWith(response);
});

// Only a page refreshes: it stores the attempt before the request, to repeat it after a lost reply. A worker has no such storage.
worker.addEventListener('periodicsync', event => {
  if (event.tag === 'serverless-sessions')
    event.waitUntil(worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
      .then(pages => pages.forEach(page => page.postMessage({ serverlessSessions: 'check' }))));
});

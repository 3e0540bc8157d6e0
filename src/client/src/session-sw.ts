import { settingsOf } from './caches.ts';
import { answerOf } from './worker.ts';

// The part of a service worker's surroundings that is used; the library of types for it excludes that for pages.
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
interface Worker {
  readonly location: { readonly href: string; readonly origin: string };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<readonly { postMessage(message: unknown): void }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', call: (event: Extendable) => void): void;
  addEventListener(type: 'periodicsync', call: (event: Extendable & { readonly tag: string }) => void): void;
  addEventListener(type: 'fetch', call: (event: Extendable & { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
}
const worker = globalThis as unknown as Worker;
const settings = settingsOf(worker.location.href);
const surroundings = { fetch: (request: Request) => fetch(request), caches, origin: worker.location.origin, patience: 4000 };

// The network comes first in every version, so a newer one may take over at once.
worker.addEventListener('install', event => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', event => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', event => {
  const answer = answerOf(event.request, settings, surroundings, work => event.waitUntil(work));
  if (answer)
    event.respondWith(answer);
});

// Only a page refreshes: it stores the attempt before it sends the request, where the next page finds it when the reply is lost. A worker
// without a page has no such place, and would end the session that it wanted to keep.
worker.addEventListener('periodicsync', event => {
  if (event.tag === 'serverless-sessions')
    event.waitUntil(worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
      .then(pages => pages.forEach(page => page.postMessage({ serverlessSessions: 'check' }))));
});

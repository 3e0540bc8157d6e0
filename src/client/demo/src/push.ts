import { createPush, type Push } from 'serverless-sessions-client/push';
import { registerServiceWorker } from 'serverless-sessions-client/service-worker';
import { baseUrl, manager } from './session.ts';

const files = [...document.querySelectorAll<HTMLElement>('script[src], link[href]')].map(element => element.getAttribute('src') ?? element.getAttribute('href')!);
const { ready } = registerServiceWorker(manager, {
  baseUrl,
  script: 'demo/session-sw.js',
  scope: 'demo',
  routes: ['sessions/my-sessions', 'sessions/my-session-logs', 'messages/conversations', 'messages', 'presence'],
  pages: [location.href, ...files],
});

/** Null without a service worker. */
export const push: Promise<Push | null> = ready.then(registration => registration && createPush(manager, registration));

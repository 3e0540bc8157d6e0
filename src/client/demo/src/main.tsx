import { createRoot } from 'react-dom/client';
import { createSessionManager } from 'serverless-sessions-client';
import { SessionProvider, SessionStatusIndicator } from 'serverless-sessions-client/react';
import { registerServiceWorker } from 'serverless-sessions-client/service-worker';
import { App } from './app.tsx';

// The page is at /api/demo, or behind the prefix of a proxy.
const baseUrl = '.';
// Shorter intervals than in an app, to see things happen.
const manager = createSessionManager({ baseUrl, checkInterval: 2000, retryDelay: 2000, heartbeat: true });
const files = [...document.querySelectorAll<HTMLElement>('script[src], link[href]')].map(element => element.getAttribute('src') ?? element.getAttribute('href')!);
registerServiceWorker(manager, {
  baseUrl,
  script: 'demo/session-sw.js',
  scope: 'demo',
  routes: ['sessions/my-sessions', 'sessions/my-session-logs', 'messages/conversations', 'messages', 'presence'],
  pages: [location.href, ...files],
});

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <SessionProvider manager={manager}>
    <App />
    <SessionStatusIndicator />
  </SessionProvider>,
);

import { createRoot } from 'react-dom/client';
import { createSessionManager } from 'serverless-sessions-client';
import { SessionProvider, SessionStatusIndicator } from 'serverless-sessions-client/react';
import { registerServiceWorker } from 'serverless-sessions-client/service-worker';
import { App } from './app.tsx';
import { createJournal } from './journal.ts';

// The page is at /api/demo, or behind whatever a proxy puts before it.
const baseUrl = '.';
// More often than an app would, so that nobody waits long for what there is to see.
const manager = createSessionManager({ baseUrl, checkInterval: 2000, retryDelay: 2000, heartbeat: true });
const journal = createJournal(manager);
const files = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].map(({ src }) => src)
  .concat([...document.querySelectorAll<HTMLLinkElement>('link[href]')].map(({ href }) => href));
registerServiceWorker(manager, {
  baseUrl,
  script: 'demo/session-sw.js',
  scope: 'demo',
  routes: ['sessions/my-sessions', 'sessions/my-session-logs', 'messages/conversations', 'messages', 'presence'],
  pages: [location.href, ...files],
});

createRoot(document.getElementById('root')!).render(
  <SessionProvider manager={manager}>
    <App journal={journal} />
    <SessionStatusIndicator />
  </SessionProvider>,
);

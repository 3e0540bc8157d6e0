import { createRoot } from 'react-dom/client';
import { SessionProvider, SessionStatusIndicator } from 'serverless-sessions-client/react';
import { registerServiceWorker } from 'serverless-sessions-client/service-worker';
import { App } from './app.tsx';
import { baseUrl, manager } from './session.ts';

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

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createSessionManager } from 'serverless-sessions-client';
import { SessionProvider, SessionStatusIndicator } from 'serverless-sessions-client/react';
import { App } from './app.tsx';

// One manager for the page. Scripts can't read the cookie that keeps the user logged in.
const sessions = createSessionManager({ baseUrl: '/api', cookie: true });

createRoot(document.getElementById('app')!).render(
  <StrictMode><SessionProvider manager={sessions}><App /><SessionStatusIndicator /></SessionProvider></StrictMode>,
);

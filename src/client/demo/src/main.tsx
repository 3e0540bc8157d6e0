import { createRoot } from 'react-dom/client';
import { SessionProvider, SessionStatusIndicator } from 'serverless-sessions-client/react';
import { App } from './app.tsx';
import { manager } from './session.ts';

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <SessionProvider manager={manager}>
    <App />
    <SessionStatusIndicator />
  </SessionProvider>,
);

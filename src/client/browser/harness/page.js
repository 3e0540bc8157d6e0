// The page of the browser tests, which call `openManager` and read `events`.
import { createSessionManager } from '/index.js';
import { createDrafts } from '/drafts/index.js';
import { registerServiceWorker } from '/service-worker/index.js';

Object.assign(window, { createDrafts, registerServiceWorker });
window.openManager = options => {
  window.events = [];
  window.manager = createSessionManager({ baseUrl: '/api', refreshThreshold: 5, ...options });
  for (const name of ['refreshing', 'refreshed', 'retrying', 'expiring', 'ended', 'offline', 'online'])
    // `performance` isn't faked.
    window.manager.on(name, detail => window.events.push({ name, at: performance.timeOrigin + performance.now(), detail: JSON.parse(JSON.stringify(detail)) }));
};

// The page of the tests: they say what to open, and read what was told.
import { createSessionManager } from '/index.js';
import { createDrafts } from '/drafts.js';
import { registerServiceWorker } from '/service-worker.js';

Object.assign(window, { createDrafts, registerServiceWorker });
window.openManager = options => {
  window.told = [];
  window.manager = createSessionManager({ baseUrl: '/api', refreshThreshold: 5, ...options });
  for (const name of ['refreshing', 'refreshed', 'retrying', 'expiring', 'ended', 'offline', 'online'])
    // The time, from what no test has in its hands.
    window.manager.on(name, detail => window.told.push({ name, at: performance.timeOrigin + performance.now(), detail: JSON.parse(JSON.stringify(detail)) }));
};

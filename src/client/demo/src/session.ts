import { createSessionManager } from 'serverless-sessions-client';
import { createPasskeys } from 'serverless-sessions-client/passkeys';
import { fetchFromAddress } from './address.ts';

/** The page is at /api/demo, or behind the prefix of a proxy. */
export const baseUrl = '.';

// Shorter intervals than in an app, to see things happen.
export const manager = createSessionManager({
  baseUrl, checkInterval: 2000, retryDelay: 2000, heartbeat: true, platform: { fetch: fetchFromAddress },
});
export const passkeys = createPasskeys(manager);

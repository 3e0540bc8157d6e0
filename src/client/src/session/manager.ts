import { SessionError } from '../api/error.ts';
import { readResponse } from '../api/http.ts';
import type { Device, Heartbeat, LogPage, NoticePage, SessionStatus, StepUpResponse } from '../api/wire.ts';
import { platformOf } from '../platform/platform.ts';
import { createAccounts } from './accounts.ts';
import { createSessionCoordinator } from './coordinator.ts';
import type { SessionConfig, SessionManagerOptions } from './options.ts';
import { createNoticeReader, createPoller } from './polling.ts';
import { type ActiveSession, activeOf } from './stored-session.ts';
import type { EndReason, SessionManager } from './types.ts';

const post = { method: 'POST' };

const defaults: SessionConfig = {
  refreshThreshold: 300, checkInterval: 30_000, maxRetries: 3, retryDelay: 5_000, requestTimeout: 10_000, expiryWarning: 300,
  heartbeat: false, debug: false, onStepUp: null,
};

// An option that is undefined counts as absent.
const defined = <T extends object>(values: T): T => Object.fromEntries(Object.entries(values).filter(entry => entry[1] !== undefined)) as T;

/** Keeps this browser logged in. Create one per page. */
export function createSessionManager(options: SessionManagerOptions): SessionManager {
  const platform = platformOf(options.platform);
  const { fetch, clock, page } = platform;
  let config: SessionConfig = { ...defaults, ...defined(options) };
  const baseUrl = new URL(options.baseUrl, globalThis.location?.href).href.replace(/\/*$/, '/');
  const trusted = [baseUrl, ...options.trustedOrigins ?? []].map(address => new URL(address).origin);
  const coordinator = createSessionCoordinator(options, baseUrl, platform, () => config);
  const { name, store, storage, api, events, locked, refresher, authorized, inactivity, noteActivity, login, logout, checkInterval, ready, now } = coordinator;

  async function call<T = void>(route: string, required?: keyof T, init?: RequestInit, empty?: number, isOwn = true): Promise<T> {
    await ready;
    const send = (token?: string): Promise<Response> => api.send('GET', route, token, init);
    return await readResponse<T>(await (isOwn ? authorized.send(send, true) : send()), now(), required, empty);
  }

  /** Sends a request, and ends the session that was active before it. */
  async function ending(reason: EndReason, request: () => Promise<void>): Promise<void> {
    await ready;
    const session = store.active();
    await request();
    if (session)
      await refresher.end(session.id, reason);
  }

  /** Changes a session, unless another one has replaced it. Under the lock, so that it never overwrites the tokens of a concurrent refresh. */
  const update = (id: string, change: Partial<ActiveSession>): Promise<unknown> => locked(async () => {
    await store.write(stored => {
      const active = activeOf(stored);
      return active?.id === id ? { ...active, ...change } : null;
    });
    return true;
  });

  let beatAt = clock.now();
  function heartbeat(): Promise<Heartbeat> {
    // Since the last one, or since the page was opened.
    const active = !(inactivity.activeAt < beatAt);
    beatAt = clock.now();
    return call<Heartbeat>('sessions/heartbeat', 'nextHeartbeatMs', { ...post, body: JSON.stringify({ active }) });
  }

  const isWatched = (): unknown => coordinator.state.session && (page?.isVisible() ?? true);
  const readNotices = createNoticeReader(`${name}:notices`, storage, route => call<NoticePage>(route, 'notices'), notice => events.emit('notice', notice));
  const pollers = [
    createPoller(clock, () => config.heartbeat && isWatched(), async () => (await heartbeat()).nextHeartbeatMs, checkInterval),
    createPoller(clock, () => events.has('notice') && isWatched(), async () => Math.max(await readNotices(store.get()), checkInterval()), checkInterval),
  ];
  const start = () => coordinator.start(() => pollers.forEach(poller => poller.update()));

  return {
    get state() {
      return coordinator.state;
    },
    ready: ready ? ready.then(start) : Promise.resolve(start()),
    subscribe: listener => events.on('changed', listener),
    on(event, listener) {
      const off = events.on(event, listener);
      coordinator.update();
      return off;
    },
    login,
    logout,
    logoutAll: ({ others = false } = {}) => others ? call('sessions/logout-all?others=true', undefined, post)
      : ending('logout_all', () => call('sessions/logout-all', undefined, post)),
    async revoke(id) {
      await call(`sessions/${encodeURIComponent(id)}`, undefined, { method: 'DELETE' });
      await refresher.end(id, 'revoked');
    },
    accounts: createAccounts(call, ending),
    async stepUp(proof) {
      await ready;
      const { id } = store.get();
      const { accessToken: token, accessTokenExpiresAt } =
        await call<StepUpResponse>('sessions/step-up', 'accessToken', { ...post, body: JSON.stringify(proof) });
      const expiresAt = Date.parse(accessTokenExpiresAt);
      const access = { token, expiresAt, lifetime: expiresAt - now() };
      await update(id, { access });
    },
    async forceRefresh() {
      await ready;
      await refresher.refresh(store.get());
      return coordinator.state;
    },
    async getAccessToken() {
      await ready;
      return (await authorized.fresh()).access!.token;
    },
    async getSessionStatus() {
      const status = await call<SessionStatus>('sessions/status', 'session');
      const { account } = status;
      if (JSON.stringify(store.active()?.account) !== JSON.stringify(account))
        await update(status.session.id, { account });
      return status;
    },
    sessions: async () => (await call<{ sessions: Device[] }>('sessions/my-sessions', 'sessions')).sessions,
    logs: (page = {}) => call<LogPage>(`sessions/my-session-logs?${new URLSearchParams(defined(page) as Record<string, string>)}`, 'logs'),
    heartbeat,
    noteActivity,
    async fetch(input, init) {
      await ready;
      const request = new Request(input, init);
      if (!trusted.includes(new URL(request.url).origin))
        throw new SessionError('untrusted_origin', `Not a trusted origin: ${request.url}`);
      return await authorized.send(token => {
        const copy = request.clone();
        if (token)
          copy.headers.set('authorization', `Bearer ${token}`);
        return fetch(copy);
      }, request.url.startsWith(baseUrl));
    },
    request: call,
    now,
    updateConfig(changes) {
      config = { ...config, ...defined(changes) };
      coordinator.update();
    },
    close() {
      coordinator.close();
      pollers.forEach(poller => poller.stop());
    },
  };
}

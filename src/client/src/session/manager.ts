import { SessionError } from '../api/error.ts';
import { readResponse } from '../api/http.ts';
import type { Device, Heartbeat, LogPage, NoticePage, SessionStatus, StepUpResponse } from '../api/wire.ts';
import { platformOf } from '../platform/platform.ts';
import { createAccounts } from './accounts.ts';
import { createSessionCoordinator } from './coordinator.ts';
import { configure, defined, parseAddress, type SessionManagerOptions } from './options.ts';
import { createNoticeReader, createPoller } from './polling.ts';
import { type ActiveSession, activeOf } from './stored-session.ts';
import type { EndReason, SessionManager } from './types.ts';

/** Keeps this browser logged in. Create one per page. Throws `invalid_option`. */
export function createSessionManager(options: SessionManagerOptions): SessionManager {
  let config = configure(options);
  const { cookie, trustedOrigins } = config;
  const platform = platformOf(config.platform);
  const { fetch, clock, page } = platform;
  const { origin, href } = parseAddress('baseUrl', config.baseUrl);
  const baseUrl = href.replace(/\/*$/, '/');
  const trusted = [origin, ...trustedOrigins.map(address => parseAddress('trustedOrigins', address).origin)];
  const coordinator = createSessionCoordinator(config, baseUrl, platform, () => config);
  const { name, store, storage, api, events, locked, refresher, authorized, inactivity, noteActivity, login, logout, checkInterval, ready, now } = coordinator;

  async function call<T = void>(route: string, required?: keyof T, init?: RequestInit, empty?: number, isOwn = true): Promise<T> {
    await ready;
    const send = (token?: string): Promise<Response> => api.send(route, token, init);
    const read = (response: Response): Promise<T> => readResponse(response, now(), required, empty);
    return await (isOwn ? authorized.send(send, true).then(read) : explained(send().then(read)));
  }

  const post = <T = void>(route: string, required?: keyof T, body?: object): Promise<T> =>
    call<T>(route, required, { method: 'POST', body: JSON.stringify(body) });

  // For requests without a session: those of a page that may never have had an answer. Loaded on demand, since few pages need it.
  const explained = <T>(answer: Promise<T>): Promise<T> => answer.catch(async (error: unknown) => {
    throw await import('./diagnosis.ts').then(({ explain }) => explain(error, baseUrl, fetch, cookie), () => error);
  });

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
  async function heartbeat(): Promise<Heartbeat> {
    const at = clock.now();
    // Since the last one that was answered, or since the page was opened.
    const answer = await post<Heartbeat>('sessions/heartbeat', 'nextHeartbeatMs', { active: !(inactivity.activeAt < beatAt) });
    beatAt = at;
    return answer;
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
    login: credentials => explained(login(credentials)),
    logout,
    logoutAll: ({ others = false } = {}) => others ? post('sessions/logout-all?others=true') : ending('logout_all', () => post('sessions/logout-all')),
    async revoke(id) {
      await call(`sessions/${encodeURIComponent(id)}`, undefined, { method: 'DELETE' });
      await refresher.end(id, 'revoked');
    },
    accounts: createAccounts(call, ending),
    async stepUp(proof) {
      await ready;
      const { id } = store.get();
      const { accessToken: token, accessTokenExpiresAt } = await post<StepUpResponse>('sessions/step-up', 'accessToken', proof);
      const expiresAt = Date.parse(accessTokenExpiresAt);
      await update(id, { access: { token, expiresAt, lifetime: expiresAt - now() } });
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
        throw new SessionError('untrusted_origin', `Not in trustedOrigins: ${request.url}`);
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
      config = configure(changes, config);
      coordinator.update();
    },
    close() {
      coordinator.close();
      pollers.forEach(poller => poller.stop());
    },
  };
}

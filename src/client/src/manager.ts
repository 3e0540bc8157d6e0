import { answerOf } from './api.ts';
import { quietly, SessionError } from './error.ts';
import { createKeeper } from './keeper.ts';
import type { SessionConfig, SessionManagerOptions } from './options.ts';
import { createNotices, createPoll } from './polls.ts';
import { createSender } from './request.ts';
import { surroundingsOf } from './platform.ts';
import type { SessionManager } from './types.ts';
import type { Device, Heartbeat, LogPage, NoticePage, SessionStatus } from './wire.ts';

const defaults: SessionConfig = {
  refreshThreshold: 300,
  checkInterval: 30_000,
  maxRetries: 3,
  retryDelay: 5_000,
  requestTimeout: 10_000,
  expiryWarning: 300,
  heartbeat: false,
  debug: false,
};

// What is given as undefined is as good as not given.
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(entry => entry[1] !== undefined)) as T;
}

/** Keeps this browser logged in. One is enough for a page. */
export function createSessionManager(options: SessionManagerOptions): SessionManager {
  const surroundings = surroundingsOf(options.surroundings);
  const { fetch, clock, page } = surroundings;
  let config: SessionConfig = { ...defaults, ...given(options) };
  const baseUrl = new URL(options.baseUrl, globalThis.location?.href).href.replace(/\/*$/, '/');
  const trusted = [baseUrl, ...options.trustedOrigins ?? []].map(address => new URL(address).origin);
  const keeper = createKeeper(options, baseUrl, surroundings, () => config);
  const { name, store, shelf, api, events, refresher, outbox, locked, enter, deliver, pace, opening } = keeper;
  const sender = createSender(store, refresher, keeper.now);

  async function call<T>(route: string, mark?: keyof T, method = 'GET'): Promise<T> {
    await opening;
    return await answerOf<T>(await sender.authorized(token => api.send(method, route, token), true), keeper.now(), mark);
  }

  const heartbeat = (): Promise<Heartbeat> => call<Heartbeat>('sessions/heartbeat', 'nextHeartbeatMs', 'POST');

  const isWatched = (): unknown => keeper.state.session && (page?.isVisible() ?? true);
  const askNotices = createNotices(`${name}:notices`, shelf, route => call<NoticePage>(route, 'notices'), notice => events.emit('notice', notice));
  const polls = [
    createPoll(clock, () => config.heartbeat && isWatched(), async () => (await heartbeat()).nextHeartbeatMs, pace),
    createPoll(clock, () => events.has('notice') && isWatched(), async () => Math.max(await askNotices(store.open()), pace()), pace),
  ];
  const begin = () => keeper.begin(() => polls.forEach(poll => poll.restart()));

  return {
    get state() {
      return keeper.state;
    },
    ready: opening ? opening.then(begin) : Promise.resolve(begin()),
    subscribe: listener => events.on('changed', listener),
    on(event, listener) {
      const off = events.on(event, listener);
      keeper.restart();
      return off;
    },
    async login(credentials) {
      await opening;
      // Without a refresh token, a session is ended by an access token that is good.
      if (options.cookie)
        await sender.fresh().catch(quietly);
      await locked(async () => {
        // In cookie mode this is the last time that a logout can be told.
        await outbox.deliver();
        const previous = store.live();
        await enter('sessions/login', { ...credentials, ...options.cookie && { cookie: true } });
        if (previous?.refreshToken)
          await outbox.add(previous);
        else if (previous?.access)
          await api.send('POST', 'sessions/logout', previous.access.token).catch(() => {});
        return true;
      });
      void deliver();
      return keeper.state;
    },
    async logout() {
      await opening;
      const session = store.live();
      if (!session)
        return;
      // First what is to be told, then the end: a crash between the two leaves a session that the service will end.
      await outbox.add(session);
      await refresher.end(session.id, 'logout');
      await deliver();
    },
    async logoutAll({ others = false } = {}) {
      await opening;
      const session = store.live();
      await call(`sessions/logout-all${others ? '?others=true' : ''}`, undefined, 'POST');
      if (!others && session)
        await refresher.end(session.id, 'logout_all');
    },
    async revoke(id) {
      await call(`sessions/${encodeURIComponent(id)}`, undefined, 'DELETE');
      await refresher.end(id, 'revoked');
    },
    async forceRefresh() {
      await opening;
      await refresher.refresh(store.open());
      return keeper.state;
    },
    async getAccessToken() {
      await opening;
      return (await sender.fresh()).access!.token;
    },
    getSessionStatus: () => call<SessionStatus>('sessions/status', 'session'),
    sessions: async () => (await call<{ sessions: Device[] }>('sessions/my-sessions', 'sessions')).sessions,
    logs: (page = {}) => call<LogPage>(`sessions/my-session-logs?${new URLSearchParams(given(page) as Record<string, string>)}`, 'logs'),
    heartbeat,
    async fetch(input, init) {
      await opening;
      const request = new Request(input, init);
      if (!trusted.includes(new URL(request.url).origin))
        throw new SessionError('untrusted_origin', `${request.url} isn't trusted.`);
      return await sender.authorized(token => {
        const copy = request.clone();
        if (token)
          copy.headers.set('authorization', `Bearer ${token}`);
        return fetch(copy);
      }, request.url.startsWith(baseUrl));
    },
    now: keeper.now,
    updateConfig(changes) {
      config = { ...config, ...given(changes) };
      keeper.restart();
    },
    close() {
      keeper.close();
      polls.forEach(poll => poll.stop());
    },
  };
}

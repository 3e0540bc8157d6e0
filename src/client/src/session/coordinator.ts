import { handleFailure, type SessionError } from '../api/error.ts';
import { createApiClient, isPermanent, parseJson, readResponse } from '../api/http.ts';
import type { LoginResponse, SessionStatus } from '../api/wire.ts';
import { delay, propagationDelay, withLock } from '../platform/lock.ts';
import { browserStorage, type Channel, ifAllowed, type PageEvent, type Platform, type StorageAdapter } from '../platform/platform.ts';
import { memoryStorage, safeStorage } from '../platform/storage.ts';
import { createAuthorizedRequests } from './authorized-requests.ts';
import { createEvents } from './events.ts';
import { createInactivity } from './inactivity.ts';
import { createLogoutQueue } from './logout-queue.ts';
import type { SessionConfig, SessionManagerOptions } from './options.ts';
import { createRefresher, newAttempt, tokensOf } from './refresh.ts';
import { createScheduler } from './scheduler.ts';
import { deriveState, initialState } from './state.ts';
import { createStore } from './store.ts';
import { type ActiveSession, activeOf, type StoredSession } from './stored-session.ts';
import type { SessionManager, SessionState } from './types.ts';

/** Keeps the session fresh across tabs, and emits its events. */
export function createSessionCoordinator(
  { storage: chosen, cookie }: Required<SessionManagerOptions>, baseUrl: string, { fetch, clock, locks, openChannel, page }: Platform, config: () => SessionConfig,
) {
  const name = `serverless-sessions:${baseUrl}`;
  const events = createEvents(debug);
  const local = browserStorage();
  const adapter = chosen === 'local' ? local : chosen === 'memory' ? null : chosen;
  const safe = (given: StorageAdapter | null) =>
    safeStorage(given ?? memoryStorage(), clock, () => config().requestTimeout, error => debug('storage', error));
  const storage = safe(adapter);
  // The cookie is shared, whatever the storage is.
  const isShared = cookie || !!adapter && adapter === local;
  // A cookie outlives the tab, so its logouts and attempts must, too. They aren't secret.
  const durable = cookie && !adapter ? safe(local) : storage;
  const attemptKey = `${name}:attempt`;
  let channel: Channel | null = null;
  let state = initialState;
  let onUpdate = (): void => {};
  let stopWatching: (() => void) | undefined;
  let isClosed = false;

  // Tabs that miss a message find the record in the storage.
  const post = (message: StoredSession | 'ask' | number | null): void => void ifAllowed(() => channel?.postMessage(message));
  const store = createStore(name, storage, !cookie, post, onStored);
  const now = (): number => clock.now() + (store.active()?.skew ?? 0);
  const inactivity = createInactivity(clock, now, !!page);
  const isOnline = (): boolean => page?.isOnline() ?? true;
  // The browser may be wrong (VPNs, virtual adapters), so requests are still sent while offline, only less often.
  const slowdown = (): number => isOnline() ? 1 : 4;
  /** The check interval, longer while offline; also the delay of background work after an error. */
  const checkInterval = (): number => config().checkInterval * slowdown();
  const api = createApiClient(baseUrl, fetch, clock, now, () => config().requestTimeout, cookie);
  const logouts = createLogoutQueue(`${name}:outbox`, durable, api, store.active);
  /** Runs work while no other tab logs in, refreshes or delivers logouts: in cookie mode their responses must not overtake each other. */
  const locked = (work: () => Promise<unknown>): Promise<unknown> => withLock(locks, clock, name, config().requestTimeout * 1.5, work);

  let deliverAt = (): number => 0;
  /** Sends the logouts that the service hasn't confirmed. */
  async function deliverLogouts(): Promise<void> {
    if (deliverAt() <= clock.now() && (await logouts.all())[0])
      await locked(async () => {
        const wait = await logouts.deliver();
        const failedAt = clock.now();
        deliverAt = () => wait === null ? 0 : failedAt + Math.max(wait, isOnline() ? 0 : checkInterval());
        update();
      });
  }

  /** Stores the session that a login or the cookie gives. */
  async function startSession(route: string, body: object): Promise<void> {
    const sentAt = clock.now();
    const { body: answer, date } = await api.post<LoginResponse>(route, body, 'session');
    // The response to a refresh has no account.
    const { session, account } = answer.account ? answer
      : await readResponse<SessionStatus>(await api.send('sessions/status', answer.accessToken), now(), 'session');
    // If a login has replaced the cookie meanwhile, its session stays.
    await store.write(stored => stored && !answer.account ? null
      : { id: session.id, session, account, generation: 0, pending: null, ...tokensOf(answer, sentAt, date) });
  }

  // Some browsers clear script storage after a week without a visit, and keep the cookie.
  let restoreAt = cookie && page ? 0 : Infinity;
  async function restore(): Promise<void> {
    if (store.current || isClosed || clock.now() < restoreAt)
      return;
    await locked(async () => {
      await store.read();
      if (!store.current) {
        post('ask');
        await delay(clock, propagationDelay);
      }
      // The session of a logout that isn't delivered yet must not come back.
      if (store.current || await logouts.deliver() !== null)
        return;
      // Stored before the request is sent, so that the next page repeats it when the reply is lost.
      const attempt = await durable.get(attemptKey) ?? newAttempt();
      await durable.set(attemptKey, attempt);
      try {
        await startSession('sessions/refresh', { attempt });
      } catch (error) {
        restoreAt = clock.now() + handleFailure(error);
        if (!isPermanent(error as SessionError))
          return;
        restoreAt = Infinity;
      }
      await durable.remove(attemptKey);
      return true;
    });
  }

  const refresher = createRefresher({
    store, api, clock, config, inactivity, now, slowdown, locked, locks, isShared, post,
    report(what) {
      updateState();
      if (what === 'refreshing')
        events.emit(what, state);
      else if (what && state.retry)
        events.emit('retrying', { ...state.retry, error: what });
    },
  });

  const authorized = createAuthorizedRequests(store, refresher, now, config);

  async function login(credentials: Parameters<SessionManager['login']>[0]): Promise<SessionState> {
    await ready;
    // In cookie mode only a valid access token can end the previous session.
    if (cookie)
      await authorized.fresh().catch(handleFailure);
    await locked(async () => {
      // In cookie mode the new cookie makes earlier logouts undeliverable.
      await logouts.deliver();
      const previous = store.active();
      await startSession(`sessions/${'state' in credentials ? 'passkey' : 'login'}`, { ...credentials, ...cookie && { cookie } });
      if (previous?.refreshToken)
        await logouts.add(previous);
      else if (previous?.access)
        await api.send('sessions/logout', previous.access.token, { method: 'POST' }).catch(() => {});
      return true;
    });
    void deliverLogouts();
    return state;
  }

  async function logout(): Promise<void> {
    await ready;
    const session = store.active();
    if (!session)
      return;
    // In this order, a crash in between still ends the session at the service.
    await logouts.add(session);
    await refresher.end(session.id, 'logout');
    await deliverLogouts();
  }

  // What the function throws must not keep a session from being stored.
  function debug(message: string, detail?: unknown): null {
    return ifAllowed((): undefined => {
      const { debug: target } = config();
      if (target === true)
        console.debug(`[sessions] ${message}`, detail);
      else if (target)
        target(message, detail);
    });
  }

  function onStored(previous: StoredSession | null, current: StoredSession): void {
    const before = activeOf(previous);
    const after = activeOf(current);
    if (durable !== storage) {
      const attempt = after?.pending?.attempt;
      void (attempt ? durable.set(attemptKey, attempt) : durable.remove(attemptKey));
    }
    updateState();
    // A login replaces the session that was active.
    if (before && before.id !== after?.id)
      events.emit('ended', { reason: current.endReason ?? 'logout', session: before.session, account: before.account });
    else if (before && after?.access && after.access.token !== before.access?.token)
      events.emit('refreshed', state);
    update();
  }

  function updateState(): void {
    const previous = state;
    const flags = { isOnline: isOnline(), isRefreshing: !!refresher.running };
    state = deriveState(previous, store.current, flags, now(), config().expiryWarning, inactivity.endOf);
    if (state !== previous)
      events.emit('changed', state);
    if (state.expiring && state.expiring.at !== previous.expiring?.at)
      events.emit('expiring', state.expiring);
  }

  // When a refresh is due, by the service's clock.
  function refreshAt(session: ActiveSession): number {
    const { access, pending } = session;
    return Math.max(
      pending?.at ?? (access ? access.expiresAt - Math.min(config().refreshThreshold * 1000, access.lifetime / 2) : 0),
      inactivity.refreshFrom(session),
    );
  }

  const checks = createScheduler(
    clock,
    () => {
      const session = store.active();
      // A page with nothing to do has no timer, which would keep a server's process alive.
      return session ? Math.min(config().checkInterval, refreshAt(session) - now()) : deliverAt() ? config().checkInterval : null;
    },
    check,
  );

  async function check(isReturn = false): Promise<void> {
    updateState();
    await deliverLogouts();
    const session = isClosed ? null : store.active();
    // A user who returns doesn't wait for the next retry.
    if (session && (refreshAt(session) <= now() || (isReturn && session.pending)))
      await refresher.refresh(session).catch(handleFailure);
  }

  /** Recalculates what is due when. */
  function update(): void {
    if (state !== initialState)
      checks.update();
    onUpdate();
  }

  /** Records that the user is active, in all tabs. */
  function noteActivity(): void {
    if (inactivity.note() && store.active()?.inactivityTimeout) {
      post(inactivity.activeAt);
      onActivity();
    }
  }

  // The warning disappears, and a refresh that waited for activity is due.
  function onActivity(): void {
    updateState();
    update();
  }

  // With a storage of its own, such as sessionStorage, a tab has its own session; a duplicated tab has the same.
  function adopt(record: unknown): void {
    if (isShared || !adapter || (record as StoredSession | null)?.id === store.current?.id)
      store.adopt(record);
  }

  function onPageEvent(event: PageEvent, key?: string | null, value?: string | null): void {
    if (event === 'activity') {
      noteActivity();
      return;
    }
    if (event === 'storage') {
      if (key === name && !channel)
        adopt(parseJson(value));
      return;
    }
    updateState();
    if (event === 'online' || event === 'offline')
      events.emit(event, state);
    // A page that slept has missed messages, and a refresh that began before may fail without a network.
    if (event === 'online' || event === 'resumed')
      void store.read().then(restore).then(() => refresher.running?.catch(handleFailure)).then(() => check(true));
    update();
  }

  channel = openChannel?.(name) ?? null;
  if (channel)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'ask') {
        post(store.current);
        if (inactivity.activeAt)
          post(inactivity.activeAt);
      } else if (typeof data === 'number') {
        inactivity.adopt(data);
        onActivity();
      } else {
        adopt(data);
      }
    };
  /** Resolves when it is known whether there is a session; null if that is known at once. */
  const ready = restoreAt || store.current ? store.ready : Promise.resolve(store.ready).then(restore);
  return {
    name, store, storage, api, events, locked, refresher, authorized, inactivity, noteActivity, login, logout, checkInterval, ready, now, update,
    get state(): SessionState {
      return state;
    },
    /** @param listener Called when what is due may have changed. */
    start(listener: () => void): SessionState {
      if (isClosed)
        return state;
      onUpdate = listener;
      stopWatching = page?.watch(onPageEvent);
      updateState();
      // With `memory` only the other tabs have the session.
      post('ask');
      void check(true).then(update);
      return state;
    },
    close(): void {
      isClosed = true;
      stopWatching?.();
      checks.stop();
      ifAllowed(() => channel?.close());
      channel = null;
    },
  };
}

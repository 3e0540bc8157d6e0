import { answerOf, type Api, createApi, isFinal } from './api.ts';
import { quietly, type SessionError } from './error.ts';
import { createEvents, type Events } from './events.ts';
import { type Held, type Live, live, parse } from './held.ts';
import { exclusively, hearing, pause } from './lock.ts';
import type { Channel, PageEvent, SessionConfig, SessionManagerOptions, Surroundings } from './options.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { browserStorage, ifAllowed } from './platform.ts';
import { createRefresher, newAttempt, type Refresher, tokensOf } from './refresh.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { initialState, stateOf } from './state.ts';
import { memoryStorage, type Shelf, shelfOf } from './storage.ts';
import { createStore, type Store } from './store.ts';
import type { SessionState } from './types.ts';
import type { LoginAnswer, SessionStatus } from './wire.ts';

// A browser may be wrong when it says that it is offline (VPNs, virtual adapters): everything is tried all the same, but less often.
const slownessOffline = 4;

/** Keeps the session fresh, in all tabs, and tells what happens to it. */
export interface Keeper {
  readonly name: string;
  readonly store: Store;
  readonly shelf: Shelf;
  readonly api: Api;
  readonly events: Events;
  readonly refresher: Refresher;
  readonly outbox: Outbox;
  readonly state: SessionState;
  /** Does it while no other tab logs in, refreshes or tells of logouts: in cookie mode their answers mustn't overtake each other. */
  locked(work: () => Promise<unknown>): Promise<unknown>;
  /** Holds the session that a login or the cookie brings. */
  enter(route: string, body: object): Promise<void>;
  /** Tells the service of the logouts that it hasn't heard of, if there are any. */
  deliver(): Promise<void>;
  /** Resolves when it is known whether there is a session; null where that was at once. */
  readonly opening: Promise<void> | null;
  now(): number;
  /** How many milliseconds something waits that failed and that nobody waits for. */
  pace(): number;
  /** Begins, and says of every change of the circumstances that what is due may be due at another time. */
  begin(changed: () => void): SessionState;
  /** The same, for what changes elsewhere. */
  restart(): void;
  close(): void;
}

export function createKeeper(
  options: SessionManagerOptions, baseUrl: string, { fetch, clock, locks, openChannel, page }: Surroundings, config: () => SessionConfig,
): Keeper {
  const name = `serverless-sessions:${baseUrl}`;
  const { storage = 'local', cookie = false } = options;
  const events = createEvents(debug);
  const local = storage === 'local' ? browserStorage() : null;
  const shelf = shelfOf(local ?? (typeof storage === 'string' ? memoryStorage() : storage), clock, () => config().requestTimeout, error => debug('storage', error));
  let channel: Channel | null = null;
  let state = initialState;
  let changed = (): void => {};
  let stopWatching: (() => void) | undefined;
  let isClosed = false;

  // Whoever isn't told finds it in the storage.
  const post = (message: Held | 'ask' | null): void => void ifAllowed(() => channel?.postMessage(message));
  const store = createStore(name, shelf, !cookie, post, held);
  const now = (): number => clock.now() + (store.live()?.skew ?? 0);
  const isOnline = (): boolean => page?.isOnline() ?? true;
  const slowness = (): number => isOnline() ? 1 : slownessOffline;
  const pace = (): number => config().checkInterval * slowness();
  const api = createApi(baseUrl, fetch, clock, now, () => config().requestTimeout, cookie);
  const outbox = createOutbox(`${name}:outbox`, shelf, api, store.live);
  // Longer than the answer that another tab may be waiting for.
  const locked: Keeper['locked'] = work => exclusively(locks, clock, name, config().requestTimeout * 1.5, work);

  let deliverAt = (): number => 0;
  async function deliver(): Promise<void> {
    if (deliverAt() <= clock.now() && (await outbox.all())[0])
      await locked(async () => {
        const wait = await outbox.deliver();
        const failed = clock.now();
        deliverAt = () => wait === null ? 0 : failed + Math.max(wait, isOnline() ? 0 : pace());
      });
  }

  async function enter(route: string, body: object): Promise<void> {
    const sentAt = clock.now();
    const { answer, serverTime } = await api.post<LoginAnswer>(route, body, 'session');
    // A refresh doesn't say whose session it is.
    const { session, account } = answer.account ? answer
      : await answerOf<SessionStatus>(await api.send('GET', 'sessions/status', answer.accessToken), now(), 'session');
    // Whoever has logged in meanwhile has another cookie.
    await store.write(held => held && !answer.account ? null
      : { id: session.id, session, account, generation: 0, pending: null, ...tokensOf(answer, sentAt, serverTime) });
  }

  // Some browsers clear what scripts have stored when nobody was here for a week, and keep the cookie.
  let restoreAt = cookie && page ? 0 : Infinity;
  async function restore(): Promise<void> {
    if (store.current || isClosed || clock.now() < restoreAt)
      return;
    await locked(async () => {
      await store.read();
      if (!store.current) {
        post('ask');
        await pause(clock, hearing);
      }
      if (store.current)
        return;
      // Stored before it is sent, so that the next page repeats it when its reply is lost.
      const key = `${name}:attempt`;
      const attempt = await shelf.get(key) ?? newAttempt();
      await shelf.set(key, attempt);
      try {
        await enter('sessions/refresh', { attempt });
      } catch (error) {
        restoreAt = clock.now() + quietly(error);
        if (!isFinal(error as SessionError))
          return;
        restoreAt = Infinity;
      }
      await shelf.remove(key);
      return true;
    });
  }

  const refresher = createRefresher({
    store, api, clock, config, now, slowness,
    exclusively: locked,
    hasLocks: !!locks,
    // Of another storage nobody knows. The refresh token of cookie mode is shared, whatever the storage is.
    isShared: cookie || !!local,
    ask: () => post('ask'),
    tell(what) {
      update();
      if (what === 'refreshing')
        events.emit(what, state);
      else if (what && state.retry)
        events.emit('retrying', { ...state.retry, error: what });
    },
  });

  function debug(message: string, detail?: unknown): void {
    const { debug: to } = config();
    if (typeof to === 'function')
      to(message, detail);
    else if (to)
      console.debug(`[sessions] ${message}`, detail);
  }

  // Everything that is held comes by here, from wherever.
  function held(before: Held | null, after: Held): void {
    const [was, is] = [live(before), live(after)];
    update();
    // Whoever logs in where a session is open has left that one.
    if (was && was.id !== is?.id)
      events.emit('ended', { reason: 'over' in after ? after.over : 'logout', session: was.session, account: was.account });
    else if (was && is?.access && is.access.token !== was.access?.token)
      events.emit('refreshed', state);
    restart();
  }

  function update(): void {
    const before = state;
    state = stateOf(before, store.current, { isRefreshing: refresher.isRunning, isOnline: isOnline(), now: now(), warning: config().expiryWarning * 1000 });
    if (state !== before)
      events.emit('changed', state);
    if (state.expiring && state.expiring.at !== before.expiring?.at)
      events.emit('expiring', state.expiring);
  }

  // When a refresh is due, by the service's clock.
  function refreshAt({ access, pending }: Live): number {
    return pending?.at ?? (access ? access.expiresAt - Math.min(config().refreshThreshold * 1000, access.lifetime / 2) : 0);
  }

  const checks: Rounds = createRounds(
    clock,
    () => {
      const session = store.live();
      return Math.min(config().checkInterval, session ? refreshAt(session) - now() : Infinity);
    },
    check,
  );

  async function check(isReturn = false): Promise<void> {
    update();
    await deliver();
    const session = isClosed ? null : store.live();
    // Whoever comes back doesn't wait for what an outage has put off.
    if (session && (refreshAt(session) <= now() || (isReturn && session.pending)))
      await refresher.refresh(session).catch(quietly);
  }

  function restart(): void {
    if (state !== initialState)
      checks.restart();
    changed();
  }

  function happened(event: PageEvent, key?: string | null, value?: string | null): void {
    if (event === 'stored') {
      if (key === name && !channel)
        store.adopt(parse(value));
      return;
    }
    update();
    if (event === 'online' || event === 'offline')
      events.emit(event, state);
    // A page that slept hasn't heard the others.
    if (event === 'online' || event === 'resumed')
      void store.read().then(restore).then(() => check(true));
    restart();
  }

  channel = openChannel?.(name) ?? null;
  if (channel)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'ask')
        post(store.current);
      else
        store.adopt(data);
    };
  return {
    opening: restoreAt || store.current ? store.opening : Promise.resolve(store.opening).then(restore),
    name, store, shelf, api, events, refresher, outbox, locked, enter, deliver, now, pace, restart,
    get state() {
      return state;
    },
    begin(tell) {
      if (isClosed)
        return state;
      changed = tell;
      stopWatching = page?.watch(happened);
      update();
      // Another tab may have what no storage has.
      post('ask');
      void check(true).then(restart);
      return state;
    },
    close() {
      isClosed = true;
      stopWatching?.();
      checks.stop();
      ifAllowed(() => channel?.close());
      channel = null;
    },
  };
}

import { type Api, createApi } from './api.ts';
import { quietly } from './error.ts';
import { createEvents, type Events } from './events.ts';
import { type Held, type Live, live, parse } from './held.ts';
import { exclusively } from './lock.ts';
import type { Channel, PageEvent, SessionConfig, SessionManagerOptions, Surroundings } from './options.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { browserStorage, ifAllowed } from './platform.ts';
import { createRefresher, type Refresher } from './refresh.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { initialState, stateOf } from './state.ts';
import { memoryStorage, type Shelf, shelfOf } from './storage.ts';
import { createStore, type Store } from './store.ts';
import type { SessionState } from './types.ts';

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
  /** Tells the service of the logouts that it hasn't heard of, if there are any. */
  deliver(): Promise<void>;
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
  const api = createApi(baseUrl, fetch, clock, () => config().requestTimeout, cookie);
  const outbox = createOutbox(`${name}:outbox`, shelf, api, store.live);
  // Longer than the answer that another tab may be waiting for.
  const locked: Keeper['locked'] = work => exclusively(locks, clock, name, config().requestTimeout * 1.5, work);

  let failedAt: number | undefined;
  async function deliver(): Promise<void> {
    const isEarly = failedAt !== undefined && !isOnline() && clock.now() < failedAt + pace();
    if (!isEarly && (await outbox.all())[0])
      await locked(async () => {
        failedAt = await outbox.deliver() ? undefined : clock.now();
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
      void store.read().then(() => check(true));
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
    name, store, shelf, api, events, refresher, outbox, locked, deliver, now, pace, restart,
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

import { vi } from 'vitest';
import { createSessionManager } from '../session/manager.ts';
import type { Channel, Clock, Locks, Page, PageEvent, StorageAdapter } from '../platform/platform.ts';
import type { SessionManagerOptions } from '../session/options.ts';
import type { SessionEvents, SessionManager } from '../session/types.ts';
import { baseUrl, type FakeService } from './service.ts';

export interface Tab {
  readonly manager: SessionManager;
  readonly events: { readonly name: keyof SessionEvents; readonly detail: unknown }[];
  /** How often an event was emitted. */
  count(name: keyof SessionEvents): number;
  /** Dispatches a page event. */
  dispatch(event: PageEvent, key?: string, value?: string | null): void;
  /** Closes or crashes the tab: it does nothing more, and nothing reaches it. */
  kill(): void;
  /** Holds back timers and messages. */
  freeze(): void;
  /** Delivers what was held back, or drops it. */
  thaw(isLost?: boolean): void;
}

export interface TabOptions extends Partial<SessionManagerOptions> {
  readonly hasLocks?: boolean;
  readonly hasChannel?: boolean;
  /** Whether the page may use localStorage. */
  readonly hasStorage?: boolean;
  /** How many milliseconds this machine's clock is ahead. */
  readonly ahead?: number;
  /** Called before each external effect of the tab. */
  readonly step?: (what: string) => void;
}

const eventNames: readonly (keyof SessionEvents)[] = ['changed', 'refreshing', 'refreshed', 'retrying', 'expiring', 'ended', 'offline', 'online'];

// Milliseconds until a write reaches another tab. A lock may change hands faster.
const propagation = 20;

/** A browser profile: tabs with a shared storage, locks and channels, which see each other's changes late. */
export class FakeBrowser {
  readonly items = new Map<string, string>();
  readonly locks = new FakeLocks();
  isOnline = true;
  isVisible = true;
  storageFails = false;
  /** Milliseconds until a message reaches another tab. */
  messageDelay = propagation;
  readonly #service: FakeService;
  readonly #channels = new Set<{ name: string; receive: (data: unknown) => void }>();
  readonly #tabs = new Set<Tab>();
  readonly #views = new Set<(key: string) => void>();

  constructor(service: FakeService) {
    this.#service = service;
  }

  /** The session as it is stored. */
  get stored(): Record<string, unknown> | null {
    const text = this.items.get(`serverless-sessions:${baseUrl}/`);
    return text === undefined ? null : JSON.parse(text) as Record<string, unknown>;
  }

  /** The same items behind promises. */
  asyncStorage(): StorageAdapter {
    return {
      getItem: async key => {
        await new Promise(done => setTimeout(done, 100));
        return this.items.get(key) ?? null;
      },
      setItem: async (key, value) => void this.items.set(key, value),
      removeItem: async key => void this.items.delete(key),
    };
  }

  open({ hasLocks = true, hasChannel = true, hasStorage = true, ahead = 0, step = () => {}, ...options }: TabOptions = {}): Tab {
    const { items } = this;
    let isDead = false;
    let isFrozen = false;
    const missed: (() => void)[] = [];
    const deliver = (call: () => void): void => {
      if (isFrozen)
        missed.push(call);
      else if (!isDead)
        call();
    };
    const never = new Promise<never>(() => {});
    const canAct = (what: string): boolean => {
      if (!isDead)
        step(what);
      return !isDead;
    };
    const clock: Clock = {
      now: () => Date.now() + ahead,
      after(milliseconds, call) {
        const timer = setTimeout(() => deliver(call), milliseconds);
        return () => clearTimeout(timer);
      },
    };
    let listener: (event: PageEvent, key?: string | null, value?: string | null) => void = () => {};
    // The storage as this tab's process sees it.
    const view = new Map(this.items);
    const sync = (key: string): void => {
      const value = this.items.get(key);
      if (value === undefined)
        view.delete(key);
      else
        view.set(key, value);
    };
    const onExternalChange = (key: string): void => {
      sync(key);
      deliver(() => listener('storage', key, view.get(key) ?? null));
    };
    this.#views.add(onExternalChange);
    const changed = (key: string): void => {
      sync(key);
      setTimeout(() => this.#views.forEach(view => view !== onExternalChange && view(key)), propagation);
    };
    const storage: StorageAdapter = {
      getItem: key => view.get(key) ?? null,
      setItem: (key, value) => {
        if (!canAct(`set ${key}`))
          return never;
        if (this.storageFails)
          throw new Error('QuotaExceededError');
        this.items.set(key, value);
        return changed(key);
      },
      removeItem(key) {
        if (!canAct(`remove ${key}`))
          return never;
        items.delete(key);
        return changed(key);
      },
    };
    const page: Page = {
      isOnline: () => this.isOnline,
      isVisible: () => this.isVisible,
      watch(call) {
        listener = call;
        return () => void (listener = () => {});
      },
    };
    const own = { name: '', receive: (_: unknown): void => {} };
    const openChannel = (name: string): Channel => {
      const channel: Channel = {
        onmessage: null,
        postMessage: message => {
          if (!canAct('post'))
            return;
          // Structured clone, delivered asynchronously.
          const text = JSON.stringify(message);
          for (const other of this.#channels)
            if (other !== own && other.name === name)
              setTimeout(() => other.receive(JSON.parse(text)), this.messageDelay);
        },
        close: () => void this.#channels.delete(own),
      };
      own.name = name;
      own.receive = data => deliver(() => channel.onmessage?.({ data } as MessageEvent));
      this.#channels.add(own);
      return channel;
    };
    const release = new Set<() => void>();
    const locks: Locks = {
      request: (name, lockOptions, work) => this.locks.request(name, lockOptions, () => {
        if (isDead)
          return Promise.resolve();
        return Promise.race([work(), new Promise<void>(done => release.add(done))]);
      }),
    };
    if (hasStorage)
      vi.stubGlobal('localStorage', storage);
    const manager = createSessionManager({
      baseUrl,
      platform: {
        clock, page,
        locks: hasLocks ? locks : null,
        openChannel: hasChannel ? openChannel : null,
        fetch: async (input, init) => {
          if (!canAct('send'))
            return await never;
          const answer = await this.#service.answer(new Request(input, init));
          return canAct('receive') ? answer : await never;
        },
      },
      ...options,
    });
    vi.unstubAllGlobals();
    const events: { name: keyof SessionEvents; detail: unknown }[] = [];
    for (const name of eventNames)
      manager.on(name, detail => void events.push({ name, detail }));
    const tab: Tab = {
      manager, events,
      count: name => events.filter(event => event.name === name).length,
      dispatch: (...event) => deliver(() => listener(...event)),
      kill: () => {
        isDead = true;
        this.#channels.delete(own);
        this.#tabs.delete(tab);
        release.forEach(done => done());
      },
      freeze: () => void (isFrozen = true),
      thaw(isLost = false) {
        isFrozen = false;
        missed.splice(0).forEach(call => isLost || deliver(call));
      },
    };
    this.#tabs.add(tab);
    return tab;
  }

  online(isOnline: boolean): void {
    this.isOnline = isOnline;
    for (const tab of this.#tabs)
      tab.dispatch(isOnline ? 'online' : 'offline');
  }

  get tabs(): readonly Tab[] {
    return [...this.#tabs];
  }
}

/** Web Locks, including steal. */
export class FakeLocks implements Locks {
  readonly #queues = new Map<string, { run: () => Promise<unknown>; steal: () => void }[]>();

  async request(name: string, { signal }: { readonly signal: AbortSignal }, work: () => Promise<unknown>): Promise<unknown> {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return await new Promise((resolve, reject) => {
      const entry = {
        run: () => work().then(resolve, reject).finally(() => this.#next(name, entry)),
        steal: () => reject(new DOMException('stolen', 'AbortError')),
      };
      signal.addEventListener('abort', () => {
        // A granted lock isn't aborted.
        if (queue.indexOf(entry) > 0) {
          queue.splice(queue.indexOf(entry), 1);
          reject(new DOMException('aborted', 'AbortError'));
        }
      });
      queue.push(entry);
      if (queue.length === 1)
        void entry.run();
    });
  }

  /** Steals the lock from its holder. */
  steal(name: string): void {
    const [entry] = this.#queues.get(name)!;
    entry!.steal();
    this.#next(name, entry!);
  }

  #next(name: string, entry: object): void {
    const queue = this.#queues.get(name)!;
    if (queue[0] !== entry)
      return;
    queue.shift();
    void queue[0]?.run();
  }
}

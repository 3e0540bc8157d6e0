import { vi } from 'vitest';
import { createSessionManager } from '../manager.ts';
import type { Channel, Clock, Locks, Page, PageEvent, SessionManagerOptions, StorageAdapter } from '../options.ts';
import type { SessionEvents, SessionManager } from '../types.ts';
import { baseUrl, type FakeService } from './service.ts';

export interface Tab {
  readonly manager: SessionManager;
  /** The events in their order. */
  readonly told: { readonly name: keyof SessionEvents; readonly detail: unknown }[];
  /** How often an event was told. */
  count(name: keyof SessionEvents): number;
  /** Something happens to the page. */
  happen(event: PageEvent, key?: string, value?: string | null): void;
  /** It is closed, or crashes: from now on it does nothing more, and nothing reaches it. */
  kill(): void;
  /** Neither its timers nor its messages come through until it is woken. */
  freeze(): void;
  /** What it missed comes now, or never. */
  thaw(isLost?: boolean): void;
}

export interface TabOptions extends Partial<SessionManagerOptions> {
  readonly hasLocks?: boolean;
  readonly hasChannel?: boolean;
  /** Whether the page may use localStorage. */
  readonly hasStorage?: boolean;
  /** How far this machine's clock is ahead of the right time. */
  readonly ahead?: number;
  /** Is called before everything that the tab does to the outside. */
  readonly step?: (what: string) => void;
}

const eventNames: readonly (keyof SessionEvents)[] = ['changed', 'refreshing', 'refreshed', 'retrying', 'expiring', 'ended', 'offline', 'online'];

// How many milliseconds it takes until another tab finds what one wrote or said. A lock may change hands faster than that.
const propagation = 20;

/** A browser with one storage, one set of locks, and tabs that hear each other. */
export class FakeBrowser {
  readonly items = new Map<string, string>();
  readonly locks = new FakeLocks();
  isOnline = true;
  isVisible = true;
  storageFails = false;
  readonly #service: FakeService;
  readonly #channels = new Set<{ name: string; deliver: (data: unknown) => void }>();
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

  open({ hasLocks = true, hasChannel = true, hasStorage = true, ahead = 0, step = () => {}, ...options }: TabOptions = {}): Tab {
    const { items } = this;
    let isDead = false;
    let isFrozen = false;
    const missed: (() => void)[] = [];
    const alive = (call: () => void): void => {
      if (isFrozen)
        missed.push(call);
      else if (!isDead)
        call();
    };
    // Whoever is gone waits forever.
    const never = new Promise<never>(() => {});
    const doing = (what: string): boolean => {
      if (!isDead)
        step(what);
      return !isDead;
    };
    const clock: Clock = {
      now: () => Date.now() + ahead,
      after(milliseconds, call) {
        const timer = setTimeout(() => alive(call), milliseconds);
        return () => clearTimeout(timer);
      },
    };
    let listener: (event: PageEvent, key?: string | null, value?: string | null) => void = () => {};
    // What this tab's process knows of the storage.
    const view = new Map(this.items);
    const hear = (key: string): void => {
      const value = this.items.get(key);
      if (value === undefined)
        view.delete(key);
      else
        view.set(key, value);
    };
    const hearAndTell = (key: string): void => {
      hear(key);
      alive(() => listener('stored', key, view.get(key) ?? null));
    };
    this.#views.add(hearAndTell);
    const changed = (key: string): void => {
      hear(key);
      setTimeout(() => this.#views.forEach(tell => tell !== hearAndTell && tell(key)), propagation);
    };
    const storage: StorageAdapter = {
      getItem: key => view.get(key) ?? null,
      setItem: (key, value) => {
        if (!doing(`set ${key}`))
          return never;
        if (this.storageFails)
          throw new Error('QuotaExceededError');
        this.items.set(key, value);
        return changed(key);
      },
      removeItem(key) {
        if (!doing(`remove ${key}`))
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
    const own = { name: '', deliver: (_: unknown): void => {} };
    const openChannel = (name: string): Channel => {
      const channel: Channel = {
        onmessage: null,
        postMessage: message => {
          if (!doing('post'))
            return;
          // As the browser does it: a copy, later.
          const text = JSON.stringify(message);
          for (const other of this.#channels)
            if (other !== own && other.name === name)
              setTimeout(() => other.deliver(JSON.parse(text)), propagation);
        },
        close: () => void this.#channels.delete(own),
      };
      own.name = name;
      own.deliver = data => alive(() => channel.onmessage?.({ data } as MessageEvent));
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
      surroundings: {
        clock, page,
        locks: hasLocks ? locks : null,
        openChannel: hasChannel ? openChannel : null,
        fetch: async (input, init) => {
          if (!doing('send'))
            return await never;
          const answer = await this.#service.answer(new Request(input, init));
          return doing('receive') ? answer : await never;
        },
      },
      ...options,
    });
    vi.unstubAllGlobals();
    const told: { name: keyof SessionEvents; detail: unknown }[] = [];
    for (const name of eventNames)
      manager.on(name, detail => void told.push({ name, detail }));
    const tab: Tab = {
      manager, told,
      count: name => told.filter(event => event.name === name).length,
      happen: (...event) => alive(() => listener(...event)),
      kill: () => {
        isDead = true;
        this.#channels.delete(own);
        this.#tabs.delete(tab);
        release.forEach(done => done());
      },
      freeze: () => void (isFrozen = true),
      thaw(isLost = false) {
        isFrozen = false;
        missed.splice(0).forEach(call => isLost || alive(call));
      },
    };
    this.#tabs.add(tab);
    return tab;
  }

  online(isOnline: boolean): void {
    this.isOnline = isOnline;
    for (const tab of this.#tabs)
      tab.happen(isOnline ? 'online' : 'offline');
  }

  get tabs(): readonly Tab[] {
    return [...this.#tabs];
  }
}

/** Web Locks, as far as they are used, with what can go wrong. */
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
        // A lock that was granted isn't taken back.
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

  /** Somebody takes it away from who has it. */
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

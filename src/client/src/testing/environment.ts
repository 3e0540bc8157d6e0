import { beforeEach, expect, vi } from 'vitest';
import { FakeBrowser, type Tab, type TabOptions } from './browser.ts';
import { FakeService } from './service.ts';

export const minute = 60_000;
export const credentials = { email: 'demo@example.com', password: 'right' };
export const refresh = 'POST sessions/refresh';
export const logout = 'POST sessions/logout';

export interface Environment {
  readonly service: FakeService;
  readonly browser: FakeBrowser;
  goOffline(): void;
  goOnline(): void;
  /** Replaces service and browser, for a test with several runs. */
  reset(): void;
  /** Opens a tab, logs in, and clears the recorded requests and events. */
  loggedIn(options?: TabOptions): Promise<Tab>;
  /** The same with several tabs. */
  openTabs(count: number, options?: TabOptions): Promise<[Tab, ...Tab[]]>;
}

/** Gives each test of a file a fake service, a fake browser and fake timers. */
export function createEnvironment(): Environment {
  const parts = {} as { service: FakeService; browser: FakeBrowser };
  function reset(): void {
    parts.service = new FakeService();
    parts.browser = new FakeBrowser(parts.service);
  }
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-03-14T09:00:00.500Z') });
    reset();
    return () => {
      parts.browser.tabs.forEach(tab => tab.manager.close());
      vi.useRealTimers();
    };
  });
  return Object.assign(parts, {
    reset,
    goOffline() {
      parts.service.isDown = true;
      parts.browser.online(false);
    },
    goOnline() {
      parts.service.isDown = false;
      parts.browser.online(true);
    },
    async loggedIn(options: TabOptions = {}) {
      const tab = parts.browser.open(options);
      void tab.manager.login(credentials);
      await advance(1000);
      tab.events.length = 0;
      parts.service.sent.length = 0;
      return tab;
    },
    async openTabs(count: number, options: TabOptions = {}) {
      const first = parts.browser.open(options);
      void first.manager.login({ ...credentials, remember: true });
      await advance(1000);
      const tabs = [first, ...Array.from({ length: count - 1 }, () => parts.browser.open(options))] as [Tab, ...Tab[]];
      await advance(1000);
      parts.service.sent.length = 0;
      tabs.forEach(tab => void (tab.events.length = 0));
      return tabs;
    },
  });
}

export const advance = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** Advances the timers and returns what the work resolved to or was rejected with. */
export async function settle<T>(milliseconds: number, work: Promise<T>): Promise<T | { readonly code: string }> {
  const result = work.catch((error: unknown) => error as { code: string });
  await advance(milliseconds);
  return await result;
}

/** Advances the timers until the work is done, and returns or throws its result. */
export async function finished<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  void work.catch(() => {}).finally(() => void (isDone = true));
  for (let i = 0; !isDone && i < 5000; i += 1)
    await advance(10);
  expect(isDone, 'done within 50 s').toBe(true);
  return await work;
}

import { beforeEach, vi } from 'vitest';
import { FakeBrowser, type Tab, type TabOptions } from './browser.ts';
import { FakeService } from './service.ts';

export const minute = 60_000;
export const credentials = { email: 'demo@example.com', password: 'right' };
export const refresh = 'POST sessions/refresh';
export const logout = 'POST sessions/logout';

export interface Scene {
  readonly service: FakeService;
  readonly browser: FakeBrowser;
  /** Takes the network away, and gives it back. */
  goOffline(): void;
  comeBack(): void;
  /** Begins anew, for a test that goes through the same several times. */
  reset(): void;
  /** Opens a tab and logs in; neither is among what was sent and told. */
  loggedIn(options?: TabOptions): Promise<Tab>;
}

/** A service and a browser of its own for each test of a file. */
export function scene(): Scene {
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
      parts.service.isAway = true;
      parts.browser.online(false);
    },
    comeBack() {
      parts.service.isAway = false;
      parts.browser.online(true);
    },
    async loggedIn(options: TabOptions = {}) {
      const tab = parts.browser.open(options);
      void tab.manager.login(credentials);
      await pass(1000);
      tab.told.length = 0;
      parts.service.sent.length = 0;
      return tab;
    },
  });
}

export const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** Waits for what needs the timers to go on; what it rejects with is its result, too. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | { readonly code: string }> {
  const result = work.catch((error: unknown) => error as { code: string });
  await pass(milliseconds);
  return await result;
}

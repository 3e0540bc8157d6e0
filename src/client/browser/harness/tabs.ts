import { randomUUID } from 'node:crypto';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { Api } from './api.ts';
import type { SessionManager, SessionManagerOptions } from '../../src/index.ts';
import { FaultProxy } from './fault-proxy.ts';

declare global {
  interface Window {
    manager: SessionManager;
    events: { name: string; at: number; detail: Record<string, unknown> }[];
    openManager(options: Partial<SessionManagerOptions>): void;
    createDrafts: typeof import('../../src/drafts/index.ts').createDrafts;
    registerServiceWorker: typeof import('../../src/service-worker/index.ts').registerServiceWorker;
  }
}

export interface Tabs {
  readonly proxy: FaultProxy;
  readonly context: BrowserContext;
  /** A new account. */
  readonly who: { readonly email: string; readonly password: string };
  readonly api: Api;
  /** Opens a page with a session manager. */
  open(options?: Partial<SessionManagerOptions>): Promise<Page>;
  /** Opens pages that share a session. */
  loggedIn(count: number, options?: Partial<SessionManagerOptions>): Promise<[Page, ...Page[]]>;
  /** The number of refreshes in the session's log. */
  rotations(page: Page): Promise<number>;
}

export const refresh = 'POST sessions/refresh';

// One connection per worker.
let browser: Promise<Browser> | null = null;

/** Runs a test with a browser profile and a proxy of its own, and a clock that the test may set. */
export async function withTabs(
  test: (tabs: Tabs) => Promise<void>, { port = 0, time, hasRealClock = false }: { port?: number; time?: number; hasRealClock?: boolean } = {},
): Promise<void> {
  browser ??= chromium.connect(inject('browser'));
  const proxy = await FaultProxy.open(port);
  const context = await (await browser).newContext();
  const api = new Api(inject('base'));
  const faults: string[] = [];
  try {
    if (!hasRealClock)
      await context.clock.install(time === undefined ? {} : { time });
    const who = await api.register(`${randomUUID()}@example.com`);
    const open: Tabs['open'] = async (options = {}) => {
      const page = await context.newPage();
      page.setDefaultTimeout(25_000);
      page.on('pageerror', error => faults.push(error.message));
      await page.goto(proxy.base);
      await page.waitForFunction(() => 'openManager' in window);
      await page.evaluate(given => window.openManager(given), options);
      return page;
    };
    await test({
      proxy, context, who, api, open,
      async loggedIn(count, options) {
        const first = await open(options);
        await first.evaluate(credentials => window.manager.login({ ...credentials, remember: true }), who);
        const others = await Promise.all(Array.from({ length: count - 1 }, () => open(options)));
        proxy.requests.length = 0;
        return [first, ...others];
      },
      async rotations(page) {
        const accessToken = await page.evaluate(() => window.manager.getAccessToken());
        const { logs } = await api.call('GET', 'api/sessions/my-session-logs', { accessToken }) as { logs: { action: string }[] };
        return logs.filter(({ action }) => action === 'token_refresh').length;
      },
    });
    expect(faults).toEqual([]);
  } finally {
    await context.close();
    await proxy.close();
  }
}

/** The names of the events that a tab has emitted. */
export async function eventNames(page: Page): Promise<string[]> {
  return await page.evaluate(() => window.events.map(({ name }) => name));
}

/** Runs a function on several pages at once. */
export async function each<T>(pages: readonly Page[], what: (page: Page) => Promise<T>): Promise<T[]> {
  return await Promise.all(pages.map(what));
}

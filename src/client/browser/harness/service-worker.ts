import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ServiceWorkerOptions } from '../../src/service-worker/index.ts';

/** Registers the service worker, and waits until it controls the page and the session has its cache. */
export async function withWorker(page: Page, options: Partial<ServiceWorkerOptions> & { readonly routes: readonly string[] }): Promise<void> {
  await page.evaluate(async given => {
    await window.registerServiceWorker(window.manager, { baseUrl: '/api', script: '/session-sw.js', ...given }).ready;
  }, options);
  // `waitForFunction` would take a promise for true.
  await expect.poll(() => page.evaluate(async routes => {
    const { controller } = navigator.serviceWorker;
    const name = (await caches.keys()).find(each => each.includes(':session:'));
    return !!controller && new URL(controller.scriptURL).searchParams.get('routes') === routes
      && name !== undefined && (await (await caches.open(name)).keys()).length > 0;
  }, options.routes.join())).toBe(true);
}

/** Waits for the page's active service worker, to which the DevTools can deliver events. */
export async function activeWorker(context: BrowserContext, page: Page): Promise<{ devtools: CDPSession; registrationId: string }> {
  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>(done => {
    devtools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const active = versions.find(({ status }) => status === 'activated');
      if (active)
        done(active.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  return { devtools, registrationId: await registered };
}

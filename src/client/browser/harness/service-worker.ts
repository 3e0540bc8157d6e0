import type { Page } from 'playwright-core';
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

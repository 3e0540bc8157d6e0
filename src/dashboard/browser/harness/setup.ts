import type { TestProject } from 'vitest/node';
import { admin, Api, demo } from '../../../client/browser/harness/api.ts';
import { eventually } from '../../../client/browser/harness/processes.ts';
import { busy, seedActivity, seedAttempts, type Seeded } from './seed.ts';
import { launchBrowser, Service } from '../../../client/browser/harness/service.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the app, with a slash at its end. */
    base: string;
    /** The browser's WebSocket endpoint. */
    browser: string;
    /** An early access token of the administrator, and its expiry. */
    early: { readonly accessToken: string; readonly expiresAt: number };
    /** Flagged addresses. */
    flagged: readonly [string, string];
    /** The activity before yesterday. */
    seeded: Seeded;
  }
}

// The minimum: a test waits for the expiry of such a token.
const accessTokenSeconds = 30;

/** Starts the app with weeks of activity, and a browser, once for all files. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const service = await Service.start(settings);
  const { base, storage } = service;
  const flagged = ['198.51.100.7', '198.51.100.8'] as const;
  try {
    const api = new Api(base);
    await eventually('the accounts are made', () => Promise.all([api.login(admin), api.login(demo)]).then(() => true, () => false));
    const [{ accessToken: early, account }, other] = [await api.login(admin), await api.login(demo)];
    provide('early', { accessToken: early, expiresAt: Date.now() + accessTokenSeconds * 1000 });
    provide('seeded', await seedActivity(storage, [other.account.id, account.id]));
    for (const address of flagged)
      await seedAttempts(storage, address);
    await api.runTimer('FlagSuspiciousIps');
    await api.runTimer('RollUpStatistics');
    await eventually('the figures are rolled up', async () => {
      const { timers } = await api.call('GET', 'api/health/ready') as { timers: { name: string; lagSeconds: number | null }[] };
      return timers.some(({ name, lagSeconds }) => name === 'RollUpStatistics' && lagSeconds === 0);
    }, 30 + 5 * busy);
    const { accessToken } = await api.login(admin);
    await eventually('the addresses are flagged', async () => {
      const { suspiciousIps } = await api.call('GET', 'api/admin/suspicious-ips', { accessToken }) as { suspiciousIps: object[] };
      return suspiciousIps.length >= flagged.length;
    });
  } catch (error) {
    service.stop();
    throw error;
  }
  const browser = await launchBrowser();
  provide('base', base);
  provide('browser', browser.wsEndpoint());
  provide('flagged', flagged);
  return async () => {
    await browser.close();
    service.stop();
  };
}

function settings(base: string): Record<string, string> {
  return {
    Tokens__AccessTokenLifetime: `00:00:${accessTokenSeconds}`,
    Throttle__FailuresBeforeLock: '50',
    Passwords__WeakHashes: 'false',
    Cookies__AllowedOrigins: base.slice(0, -1),
  };
}

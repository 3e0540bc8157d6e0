import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { admin, Api, demo } from './api.ts';
import { eventually, freePort, repository, Running } from './processes.ts';
import { seedActivity, seedAttempts, type Seeded } from './seed.ts';
import { Storage } from './storage.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the app, with a slash at its end. */
    base: string;
    /** Where the browser is. */
    browser: string;
    /** An access token of the administrator, and when it expires. */
    early: { readonly accessToken: string; readonly expiresAt: number };
    /** Two addresses that are flagged. */
    flagged: readonly [string, string];
    /** What happened on the days before today. */
    seeded: Seeded;
  }
}

// The shortest that can be set: one test waits for the end of such a token.
const accessTokenSeconds = 30;

// Timers run only when a test asks for it.
const onceAYear = '0 0 0 1 1 *';

/** Storage, the app on it, weeks of figures, and a browser: once for all files. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [azuritePort, port] = [await freePort(), await freePort()];
  const storage = new Storage(azuritePort);
  const azurite = new Running('node', [
    join(repository, 'node_modules/azurite/dist/src/table/main.js'), '--tableHost', '127.0.0.1', '--tablePort', `${azuritePort}`,
    '--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck',
  ]);
  // Secure cookies come and go over http on this host name only.
  const base = `http://localhost:${port}/`;
  const flagged = ['198.51.100.7', '198.51.100.8'] as const;
  let app: Running | null = null;
  try {
    await azurite.answers(`http://127.0.0.1:${azuritePort}/`);
    app = new Running('dotnet', [assembly(), '--port', `${port}`], settings(storage.connectionString, base));
    await app.answers(`${base}api/health/live`);
    const api = new Api(base);
    await eventually('the accounts are made', () => Promise.all([api.login(admin), api.login(demo)]).then(() => true, () => false));
    const [{ accessToken, account }, other] = [await api.login(admin), await api.login(demo)];
    provide('early', { accessToken, expiresAt: Date.now() + accessTokenSeconds * 1000 });
    provide('seeded', await seedActivity(storage, [other.account.id, account.id]));
    for (const address of flagged)
      await seedAttempts(storage, address);
    await api.runTimer('FlagSuspiciousIps');
    await api.runTimer('RollUpStatistics');
    await eventually('the figures are rolled up', async () => {
      const { upTo } = await api.call('GET', 'api/admin/statistics', { accessToken }) as { upTo: string | null };
      return upTo !== null && Date.parse(upTo) > Date.now() - 2.5 * 3_600_000;
    });
    await eventually('the addresses are flagged', async () => {
      const { suspiciousIps } = await api.call('GET', 'api/admin/suspicious-ips', { accessToken }) as { suspiciousIps: object[] };
      return suspiciousIps.length >= flagged.length;
    });
  } catch (error) {
    app?.stop();
    azurite.stop();
    throw error;
  }
  const browser = await chromium.launchServer({
    ...executable(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  provide('base', base);
  provide('browser', browser.wsEndpoint());
  provide('flagged', flagged);
  return async () => {
    await browser.close();
    app.stop();
    azurite.stop();
  };
}

// As dev.cs builds it; the stand-ins run by themselves.
function assembly(): string {
  const file = join(repository, 'src/Serverless.Functions/bin', process.env['CONFIGURATION'] ?? 'Release', 'net10.0/Serverless.Functions.dll');
  if (!existsSync(file))
    throw new Error(`The app isn't built: ${file} is missing. Run dotnet build src/Serverless.Functions -c Release -p:AzurePackages=local.`);
  return file;
}

// The one that CHROMIUM names, one on the PATH, or Chrome where its installer puts it.
function executable(): { executablePath: string } | { channel: string } {
  const named = process.env['CHROMIUM'];
  const found = (process.env['PATH'] ?? '').split(delimiter).flatMap(folder => ['chromium', 'chromium-browser', 'google-chrome'].map(name => join(folder, name)));
  const file = named ?? found.find(path => existsSync(path));
  return file === undefined ? { channel: 'chrome' } : { executablePath: file };
}

function settings(storage: string, base: string): Record<string, string> {
  return {
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    Storage__ConnectionString: storage,
    Storage__TablePrefix: '',
    Demo__Email: demo.email,
    Demo__Password: demo.password,
    Administrator__Email: admin.email,
    Administrator__Password: admin.password,
    Registration__Enabled: 'true',
    PurgeExpiredSessionsSchedule: onceAYear,
    FlagSuspiciousIpsSchedule: onceAYear,
    RollUpStatisticsSchedule: onceAYear,
    RaiseSecurityAlertsSchedule: onceAYear,
    PurgeOldLogsSchedule: onceAYear,
    RotateSigningKeysSchedule: onceAYear,
    Tokens__Issuer: `${base}api`,
    Tokens__AccessTokenSeconds: `${accessTokenSeconds}`,
    Sessions__MaximumPerAccount: '0',
    Throttle__FailuresBeforeLock: '50',
    Passwords__Iterations: '220000',
    Passwords__MaximumWaitSeconds: '10',
    Captcha__Provider: 'None',
    Cookies__AllowedOrigins: base.slice(0, -1),
    Cookies__SameSite: 'Lax',
  };
}

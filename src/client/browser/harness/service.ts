import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type BrowserServer, chromium } from 'playwright-core';
import { admin, demo } from './api.ts';
import { freePort, repository, TestProcess } from './processes.ts';
import { Storage } from './storage.ts';

// Timers run only when a test triggers them.
const onceAYear = '0 0 0 1 1 *';

/** The app and its storage. */
export class Service {
  /** The address of the app, with a slash at its end. */
  readonly base: string;
  readonly storage: Storage;
  readonly #processes: TestProcess[] = [];

  private constructor(base: string, storage: Storage) {
    this.base = base;
    this.storage = storage;
  }

  static async start(settings: (base: string) => Record<string, string>): Promise<Service> {
    const [azuritePort, port] = [await freePort(), await freePort()];
    // Browsers accept secure cookies over http from localhost only.
    const service = new Service(`http://localhost:${port}/`, new Storage(azuritePort));
    const { base, storage } = service;
    try {
      const azurite = service.#run('node', [
        join(repository, 'node_modules/azurite/dist/src/table/main.js'), '--tableHost', '127.0.0.1', '--tablePort', `${azuritePort}`,
        '--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck',
      ]);
      await azurite.answers(`http://127.0.0.1:${azuritePort}/`);
      const app = service.#run('dotnet', [built('Serverless.LocalHost'), 'start', '--port', `${port}`],
        { ...common(storage.connectionString, base), ...settings(base) }, dirname(built('Serverless.Functions')));
      await app.answers(`${base}api/health/live`);
    } catch (error) {
      service.stop();
      throw error;
    }
    return service;
  }

  stop(): void {
    for (const process of this.#processes.reverse())
      process.stop();
  }

  #run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}, folder?: string): TestProcess {
    const process = new TestProcess(program, args, environment, folder);
    this.#processes.push(process);
    return process;
  }
}

/** Launches a browser for several workers. */
export async function launchBrowser(): Promise<BrowserServer> {
  return await chromium.launchServer({
    ...executable(),
    args: [
      '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // Few processes, as there are few cores.
      '--in-process-gpu', '--disable-gpu', '--disable-software-rasterizer', '--renderer-process-limit=1', '--disable-site-isolation-trials',
    ],
  });
}

/** The output of dev.cs. */
export function built(project: string): string {
  const file = join(repository, 'src', project, 'bin', process.env['CONFIGURATION'] ?? 'Release', 'net10.0', `${project}.dll`);
  if (!existsSync(file))
    throw new Error(`${file} is missing: run dotnet build src/${project} -c Release.`);
  return file;
}

// CHROMIUM, else one on the PATH, else an installed Chrome. The headless shell takes half the CPU time of the whole browser.
function executable(): { executablePath: string } | { channel: string } {
  const named = process.env['CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
  const file = named ?? names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path));
  return file === undefined ? { channel: 'chrome' } : { executablePath: file };
}

function common(storage: string, base: string): Record<string, string> {
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
    SendOutboxSchedule: onceAYear,
    PurgeOldLogsSchedule: onceAYear,
    RotateSigningKeysSchedule: onceAYear,
    Tokens__Issuer: `${base}api`,
    Sessions__MaximumPerAccount: '0',
    Passwords__WeakHashes: 'true',
    Passwords__MaximumWait: '00:00:10',
    Captcha__Provider: 'None',
    Passkeys__RelyingPartyId: 'localhost',
    Passkeys__RelyingPartyName: 'Example',
    Passkeys__Origins: base.slice(0, -1),
    Cookies__SameSite: 'Lax',
  };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Api } from './api.ts';
import { startMailServer } from './mail-server.ts';
import { freePort, repository } from './processes.ts';
import { launchBrowser, Service } from './service.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the app, with a slash at its end. */
    base: string;
    /** The browser's WebSocket endpoint. */
    browser: string;
    /** The port of pages that may use the cookie. */
    cookiePort: number;
    /** The port of the example, whose page may use it, too. */
    examplePort: number;
    /** The address of all mails, as JSON. */
    inbox: string;
    /** An early login, and when its access token has expired. */
    early: { readonly answer: object; readonly expiredAt: number };
  }
}

// The minimum: a test waits for the expiry of such a token.
const accessTokenSeconds = 30;

/** Starts the app and a browser, once for all files. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(join(repository, 'src/client/dist/index.js')))
    throw new Error('The client isn\'t built: run npm run build --workspace src/client.');
  const [cookiePort, examplePort] = [await freePort(), await freePort()];
  const mails = await startMailServer();
  const service = await Service.start(() => ({
    ...mails.settings,
    RateLimits__MailsPerHourPerAddress: '0',
    Tokens__AccessTokenLifetime: `00:00:${accessTokenSeconds}`,
    // Short, so that only the attempt identifies a repeated refresh.
    Sessions__Grace: '00:00:01',
    Cookies__AllowedOrigins: `http://localhost:${cookiePort},http://localhost:${examplePort}`,
    Policies__clerk__Inactivity: '00:15:00',
    Policies__teller__Inactivity: '00:00:10',
    Push__Subject: 'mailto:sessions@example.com',
  }));
  const api = new Api(service.base);
  const answer = await api.login(await api.register('early@example.com'));
  provide('early', { answer, expiredAt: Date.now() + (accessTokenSeconds + 1) * 1000 });
  const browser = await launchBrowser();
  provide('base', service.base);
  provide('browser', browser.wsEndpoint());
  provide('cookiePort', cookiePort);
  provide('examplePort', examplePort);
  provide('inbox', mails.inbox);
  return async () => {
    await browser.close();
    service.stop();
    await mails.stop();
  };
}

import { isPermanent, isTerminal, readResponse, throwNetworkError } from '../../client/src/api/http.ts';
import {
  type Account, createSessionManager, type Credentials, type EndReason, type PasskeyProof, type Platform, SessionError, type SessionManager,
} from '../../client/src/index.ts';
import { ifAllowed } from '../../client/src/platform/platform.ts';
import { anySignal } from './page/signals.ts';
import { texts } from './texts/texts.ts';

// In milliseconds.
const requestTimeout = 30_000;

/** What a request has besides its method and route. */
export interface RequestOptions<T = void> {
  /** A field that the answer has. */
  readonly required?: keyof T;
  readonly signal?: AbortSignal;
  /** The status of an answer without a body; 204 where no field is required. */
  readonly empty?: number;
  readonly body?: object;
  /** The entity tag of the last answer. */
  readonly tag?: string | null;
}

/** A session manager, and a function that removes its session from the browser. */
type AdminSession = Readonly<{ manager: SessionManager; forget: () => void }>;

/** Calls the API as an administrator. Tokens are kept in memory, or the refresh token in a cookie; an idle page doesn't refresh them. */
export class AdminClient {
  /** Sends requests without a session, for logins with a passkey. */
  readonly anonymous: Pick<SessionManager, 'request' | 'stepUp'>;
  readonly #baseUrl: string;
  readonly #onEnded: (reason: EndReason | 'replaced') => void;
  readonly #onStepUp: (manager: SessionManager) => Promise<void>;
  readonly #platform: Partial<Platform>;
  #current: AdminSession | null = null;
  #loggingOut: Promise<void> = Promise.resolve();

  /**
   * @param onEnded Called when the session ends, unless by `logout`; `replaced` if another login has replaced its cookie.
   * @param onStepUp Asks for a fresh proof; rejects if the user cancels.
   */
  constructor(
    baseUrl: string, onEnded: (reason: EndReason | 'replaced') => void, onStepUp: (manager: SessionManager) => Promise<void>,
    platform: Partial<Platform> = {},
  ) {
    this.#baseUrl = baseUrl;
    this.#onEnded = onEnded;
    this.#onStepUp = onStepUp;
    const { fetch = (input, init) => globalThis.fetch(input, init) } = platform;
    this.#platform = {
      ...platform,
      // Each tab logs in and out on its own, and no page takes over the cookie of another page's session.
      page: null, openChannel: null,
      // For each request by itself: a step-up between two of them may take longer.
      fetch(input, init) {
        const request = new Request(input, init);
        const timeout = new AbortController();
        // Not cancelled by the response: its body may never end.
        setTimeout(() => timeout.abort(), requestTimeout);
        return fetch(request, { signal: anySignal(request.signal, timeout.signal) });
      },
    };
    const { request, stepUp, close } = createSessionManager({ baseUrl, storage: 'memory', platform: this.#platform });
    close();
    this.anonymous = { request, stepUp };
  }

  /**
   * Logs in.
   * @param stays Whether the session outlives a reload, with a cookie.
   * @returns Whether it does: the service may refuse this page a cookie.
   */
  async login(credentials: Credentials | PasskeyProof, stays: boolean): Promise<{ account: Account; stays: boolean }> {
    if (stays) {
      // A logout that isn't finished may be about to use the cookie.
      await this.#loggingOut;
      try {
        return { account: await this.#login(credentials, true), stays };
      } catch (error) {
        if (!isCookieRefused(error))
          throw error;
      }
    }
    return { account: await this.#login(credentials, false), stays: false };
  }

  async #login(credentials: Credentials | PasskeyProof, stays: boolean): Promise<Account> {
    const session = this.#open(stays, false);
    const { account } = await session.manager.login({ ...credentials, device: 'Dashboard' }).catch((error: unknown) => {
      session.manager.close();
      throw error;
    });
    this.#use(session);
    if (!isAdministrator(account!)) {
      await this.logout();
      throw new SessionError('forbidden', texts.login.notAdministrator);
    }
    if (!stays)
      ifAllowed(() => localStorage.removeItem(this.#key));
    return account!;
  }

  /** Continues the session whose cookie this browser has. Null where there is none, or it isn't an administrator's. */
  async restore(): Promise<Account | null> {
    const session = this.#open(true, true);
    const { manager, forget } = session;
    try {
      if (!manager.state.session)
        return null;
      await manager.forceRefresh();
      const { account } = await manager.getSessionStatus();
      if (isAdministrator(account)) {
        this.#use(session);
        return account;
      }
    } catch (error) {
      // After an outage a reload may still find the session.
      if (!(error instanceof SessionError) || !isPermanent(error) && error.code !== 'origin_not_allowed' || isReplaced(error))
        throw error;
    } finally {
      if (this.#current !== session)
        manager.close();
    }
    // The session of a former administrator stays active, but not in this page.
    forget();
    return null;
  }

  /** Ends the session. The browser forgets it at once, even if the service can't be reached. */
  async logout(): Promise<void> {
    const session = this.#current;
    if (!session)
      return;
    this.#current = null;
    session.forget();
    const ended = this.#send(session, 'POST', 'sessions/logout').then(() => {}, (error: unknown) => {
      if (!(error instanceof SessionError) || !isTerminal(error))
        throw error;
    }).finally(session.manager.close);
    this.#loggingOut = ended.catch(() => {});
    await ended;
  }

  /** @param required A field that the answer has. */
  get<T>(route: string, required: keyof T, signal: AbortSignal): Promise<T> {
    return this.send<T>('GET', route, { required, signal });
  }

  /** The answer with its entity tag, or null if it has that tag still. */
  async poll<T extends object>(
    route: string, required: keyof T, signal: AbortSignal, tag: string | null,
  ): Promise<{ body: T; tag: string | null } | null> {
    const { body, headers } = await this.#send<T>(this.#current, 'GET', route, { required, signal, empty: 304, tag });
    return body === undefined ? null : { body, tag: headers.get('etag') };
  }

  async send<T = void>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', route: string, options?: RequestOptions<T>): Promise<T> {
    return (await this.#send<T>(this.#current, method, route, options)).body;
  }

  async #send<T = void>(
    session: AdminSession | null, method: string, route: string, { required, signal, empty, body, tag }: RequestOptions<T> = {},
  ): Promise<{ body: T; headers: Headers }> {
    if (!session)
      throw new SessionError('no_session', 'Log in first.');
    const { manager } = session;
    try {
      const response = await manager.fetch(this.#baseUrl + route, {
        method,
        cache: 'no-store',
        headers: {
          // Lets a logout delete the cookie (docs/api.md, cookie mode).
          'x-session-request': '1',
          ...body && { 'content-type': 'application/json' },
          ...tag && { 'if-none-match': tag },
        },
        ...body && { body: JSON.stringify(body) },
        ...signal && { signal },
      });
      return { body: await readResponse<T>(response, manager.now(), required, empty), headers: response.headers };
    } catch (error) {
      if (signal?.aborted || error instanceof SessionError)
        throw error;
      return throwNetworkError(error);
    }
  }

  #use(session: AdminSession): void {
    const { manager } = session;
    this.#current = session;
    manager.on('ended', ({ reason }) => {
      if (this.#current !== session)
        return;
      this.#current = null;
      manager.close();
      this.#onEnded(manager.state.session || reason === 'cookie_missing' ? 'replaced' : reason);
    });
  }

  // Kept apart from the sessions of other pages on this host, which may use the same API.
  get #key(): string {
    return `dashboard:serverless-sessions:${this.#baseUrl}`;
  }

  /** @param resumes Whether to continue the stored session. */
  #open(stays: boolean, resumes: boolean): AdminSession {
    let isOwn = resumes;
    let isForgotten = false;
    const manager: SessionManager = createSessionManager({
      onStepUp: () => this.#onStepUp(manager),
      baseUrl: this.#baseUrl, cookie: stays, requestTimeout, refreshThreshold: -Infinity, platform: this.#platform,
      storage: stays ? {
        getItem: name => isOwn ? localStorage.getItem(`dashboard:${name}`) : null,
        setItem(name, value) {
          isOwn = true;
          const { session, account, ...record } = JSON.parse(value) as { session?: { id: string }; account: { id: string } };
          if (!session)
            localStorage.removeItem(`dashboard:${name}`);
          else if (!isForgotten)
            // Ids alone: nothing personal stays in the browser.
            localStorage.setItem(
              `dashboard:${name}`, JSON.stringify({ ...record, session: { id: session.id }, account: { id: account.id } }));
        },
        removeItem: name => localStorage.removeItem(`dashboard:${name}`),
      } : 'memory',
    });
    const forget = (): void => {
      isForgotten = true;
      // Another tab may have stored a session of its own.
      const own = `"id":"${manager.state.session?.id}"`;
      ifAllowed(() => localStorage.getItem(this.#key)?.includes(own) && localStorage.removeItem(this.#key));
    };
    return { manager, forget };
  }
}

const isAdministrator = ({ roles }: Account): boolean => roles.includes('admin');

/** Whether another login has replaced the browser's cookie. */
export const isReplaced = ({ code, status }: SessionError): boolean => code === 'invalid_request' && status === undefined;

// Cookie mode is off, or not allowed for this page's origin. No session was created.
function isCookieRefused(error: unknown): boolean {
  return error instanceof SessionError
    && (error.code === 'origin_not_allowed' || (error.code === 'invalid_request' && error.message.includes('cookie:')));
}

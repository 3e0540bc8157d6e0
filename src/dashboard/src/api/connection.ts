import { anyOf } from '../platform.ts';
import { Problem } from './problem.ts';
import type { Account, Login, Status, Tokens } from './wire.ts';

/**
 * Remembers across reloads the session whose cookie the browser keeps for this page, and the attempt of a refresh with it whose
 * answer hasn't come; no token is ever kept here.
 */
export interface Memory {
  get(name: Remembered): string | null;
  /** @param value Null forgets. */
  set(name: Remembered, value: string | null): void;
}

export type Remembered = 'stays' | 'attempt';

export interface ConnectionOptions {
  /** The address of the API, with a slash at its end. */
  readonly base: string;
  readonly fetch: typeof globalThis.fetch;
  readonly memory: Memory;
  /** A value that nobody guesses. */
  readonly newAttempt: () => string;
  /** Called once when the session is over, with why. */
  readonly onEnded: (problem: Problem) => void;
}

interface Held {
  readonly accessToken: string;
  /** Null where the browser keeps it in a cookie. */
  readonly refreshToken: string | null;
  readonly sessionId: string;
}

/** How many milliseconds an answer may take; fetch has no such limit. */
const patience = 30_000;

/** Asks the API as one administrator. Tokens live in memory only. */
export class Connection {
  readonly #options: ConnectionOptions;
  #held: Held | null = null;
  #refreshing: Promise<void> | null = null;
  #attempt: string | null = null;
  #ending: Promise<void> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /**
   * Logs in.
   * @param stays Whether the login outlives a reload of the page: the refresh token goes into a cookie then.
   * @returns The account, and whether the login really stays: the settings of the service may not let this page keep a cookie.
   */
  async login(email: string, password: string, stays: boolean): Promise<{ account: Account; stays: boolean }> {
    const body = { email, password, device: 'Dashboard' };
    let login: Login | null = null;
    if (stays) {
      // A logout may be about to end whichever session the cookie holds.
      await this.#ending;
      try {
        login = await this.#send<Login>('POST', 'sessions/login', { body: { ...body, cookie: true } });
      } catch (error) {
        if (!(error instanceof Problem) || !refusesCookie(error))
          throw error;
      }
    }
    login ??= await this.#send<Login>('POST', 'sessions/login', { body });
    this.#hold(login);
    if (!login.account.roles.includes('admin')) {
      await this.logout();
      throw new Problem('forbidden', 'This account is no administrator. You are logged out again.');
    }
    const { memory } = this.#options;
    const byCookie = login.refreshToken === undefined;
    memory.set('stays', byCookie ? login.session.id : null);
    memory.set('attempt', null);
    return { account: login.account, stays: byCookie };
  }

  /** Goes on with the session that a cookie of this browser holds; null where there is none of an administrator. */
  async restore(): Promise<Account | null> {
    const sessionId = this.#options.memory.get('stays');
    if (sessionId === null)
      return null;
    try {
      const tokens = await this.#next({ sessionId, refreshToken: null });
      const { account } = await this.#send<Status>('GET', 'sessions/status', { accessToken: tokens.accessToken });
      if (account.roles.includes('admin')) {
        this.#hold(tokens);
        return account;
      }
    } catch (error) {
      if (!(error instanceof Problem))
        throw error;
      // An outage ends nothing: a reload may find the session again.
      if (!error.isTerminal && error.code !== 'invalid_request' && error.code !== 'origin_not_allowed')
        throw error;
      this.#forget(sessionId);
      if (error.code === 'other_session')
        throw error;
      return null;
    }
    // The session of somebody who is no administrator any more goes on without this page.
    this.#forget(sessionId);
    return null;
  }

  /** Ends the session. It is forgotten here even where the service can't be reached. */
  async logout(): Promise<void> {
    const held = this.#held;
    if (held === null)
      return;
    this.#forget(held.sessionId);
    const ended = this.#end(held);
    this.#ending = ended.catch(() => {});
    await ended;
  }

  get<T>(route: string, signal?: AbortSignal): Promise<T> {
    return this.#authorized<T>('GET', route, signal);
  }

  /** Sends a request that has no body and no answer. */
  send(method: 'POST' | 'DELETE', route: string, signal?: AbortSignal): Promise<void> {
    return this.#authorized<void>(method, route, signal);
  }

  async #authorized<T>(method: string, route: string, signal?: AbortSignal): Promise<T> {
    const held = this.#require();
    try {
      return await this.#send<T>(method, route, { accessToken: held.accessToken, signal });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'token_expired')
        throw this.#noted(error, held);
    }
    // Another request may have refreshed meanwhile.
    if (this.#held === held)
      await this.#refresh(held);
    const next = this.#require();
    try {
      return await this.#send<T>(method, route, { accessToken: next.accessToken, signal });
    } catch (error) {
      throw this.#noted(error, next);
    }
  }

  // Either token ends a session, and the refresh token outlives the access token. The cookie may be another login's by now, so it ends
  // nothing by itself: a refresh tells whose it is, and gives a token that ends this session.
  async #end(held: Held): Promise<void> {
    const endBy = (proof: { accessToken?: string; body?: object }) => this.#send<void>('POST', 'sessions/logout', proof);
    const { accessToken, refreshToken } = held;
    try {
      await endBy({ accessToken }).catch(async (error: unknown) => {
        if (!(error instanceof Problem) || !saysNothingOfSession(error))
          throw error;
        await endBy(refreshToken === null ? { accessToken: (await this.#next(held)).accessToken } : { body: { refreshToken } });
      });
    } catch (error) {
      throwUnlessOver(error);
    }
  }

  // One refresh at a time, whoever asks for it.
  #refresh(held: Held): Promise<void> {
    this.#refreshing ??= this.#exchange(held).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #exchange(held: Held): Promise<void> {
    try {
      const tokens = await this.#next(held);
      // Who has logged out meanwhile stays logged out.
      if (this.#held === held)
        this.#hold(tokens);
    } catch (error) {
      throw this.#noted(error, held);
    }
  }

  // The attempt is the same for a repetition of a refresh whose answer was lost. It is kept where the refresh token is: a cookie
  // outlives this page and serves other tabs, whose attempt counts then.
  async #next({ sessionId, refreshToken }: Pick<Held, 'sessionId' | 'refreshToken'>): Promise<Tokens> {
    const { memory, newAttempt } = this.#options;
    const byCookie = refreshToken === null;
    const attempt = this.#attempt = (byCookie ? memory.get('attempt') : null) ?? this.#attempt ?? newAttempt();
    if (byCookie)
      memory.set('attempt', attempt);
    const tokens = await this.#send<Tokens>('POST', 'sessions/refresh', { body: byCookie ? { attempt } : { refreshToken, attempt } });
    this.#attempt = null;
    if (byCookie)
      memory.set('attempt', null);
    // Whoever logs in on another page of this browser takes the cookie over.
    if (tokens.session.id !== sessionId)
      throw new Problem('other_session', 'Another login in this browser has taken the place of yours. Log in again.');
    return tokens;
  }

  #require(): Held {
    if (this.#held === null)
      throw new Problem('session_ended', 'Log in first.');
    return this.#held;
  }

  // An answer that says that the session is over ends it here, too; everything else keeps it.
  #noted(error: unknown, held: Held): unknown {
    if (error instanceof Problem && error.isTerminal && this.#held === held) {
      this.#forget(held.sessionId);
      this.#options.onEnded(error);
    }
    return error;
  }

  #hold(tokens: Tokens): void {
    this.#held = { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken ?? null, sessionId: tokens.session.id };
  }

  #forget(sessionId: string): void {
    this.#held = null;
    this.#attempt = null;
    // Another tab may remember a session of its own.
    const { memory } = this.#options;
    if (memory.get('stays') !== sessionId)
      return;
    memory.set('stays', null);
    memory.set('attempt', null);
  }

  async #send<T>(
    method: string,
    route: string,
    { body, accessToken, signal }: { body?: object; accessToken?: string; signal?: AbortSignal | undefined },
  ): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== undefined)
      headers['content-type'] = 'application/json';
    if (accessToken !== undefined)
      headers['authorization'] = `Bearer ${accessToken}`;
    // What lets a page of ours use the cookie (docs/api.md, cookie mode).
    if (method === 'POST')
      headers['x-session-request'] = '1';
    // Also when the answer has come: its body may never end.
    const late = new AbortController();
    setTimeout(() => late.abort(), patience);
    let response: Response;
    try {
      response = await this.#options.fetch(this.#options.base + route, {
        method,
        headers,
        cache: 'no-store',
        credentials: 'same-origin',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? late.signal : anyOf(signal, late.signal),
      });
    } catch (error) {
      if (signal?.aborted === true)
        throw error;
      throw new Problem('network_error', 'The service can\'t be reached. Check the connection, then try again.');
    }
    if (response.status === 204)
      return undefined as T;
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok || answer === null)
      throw Problem.of(response.status, answer);
    return answer as T;
  }
}

// The access token is too old, even for the keys that are still known: its session may well go on.
function saysNothingOfSession({ code }: Problem): boolean {
  return code === 'token_expired' || code === 'token_invalid';
}

// What is over needs no end. Behind another login's cookie this one's session may go on.
function throwUnlessOver(error: unknown): void {
  if (!(error instanceof Problem) || !error.isTerminal || error.code === 'other_session')
    throw error;
}

// Cookie mode is off, or this page's origin isn't among those that may use it. Nothing has happened then.
function refusesCookie(problem: Problem): boolean {
  return problem.code === 'origin_not_allowed' || (problem.code === 'invalid_request' && problem.message.includes('cookie:'));
}

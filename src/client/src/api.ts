import { SessionError, type SessionErrorCode } from './error.ts';
import { parse } from './held.ts';
import type { Clock } from './options.ts';
import type { ProblemAnswer } from './wire.ts';

export interface Api {
  /** Sends a request that takes no access token, and reads its answer. The service's clock is NaN where it isn't told. */
  post<T>(route: string, body: object, mark?: keyof T): Promise<{ answer: T; serverTime: number }>;
  /** Sends a request with whatever token it has. */
  send(method: string, route: string, token?: string): Promise<Response>;
}

// A gateway may say anything, and nobody is to be locked out for a day.
const longestWait = 3600;

export function createApi(baseUrl: string, fetch: typeof globalThis.fetch, clock: Clock, now: () => number, timeout: () => number, cookie: boolean): Api {
  async function send(method: string, route: string, token: string | undefined, more: RequestInit = {}): Promise<Response> {
    const late = new AbortController();
    // Also when the answer has come: its body may never end.
    clock.after(timeout(), () => late.abort());
    try {
      return await fetch(baseUrl + route, {
        method,
        cache: 'no-store',
        credentials: cookie ? 'include' : 'same-origin',
        signal: late.signal,
        ...more,
        headers: {
          ...more.body && { 'content-type': 'application/json' },
          ...token && { authorization: `Bearer ${token}` },
          // What lets a page of ours use the cookie.
          ...cookie && { 'x-session-request': '1' },
        },
      });
    } catch (error) {
      throw networkError(error);
    }
  }
  return {
    send,
    async post<T>(route: string, body: object, mark?: keyof T) {
      // It may be the last thing that the page does, and is to reach the service all the same.
      const response = await send('POST', route, undefined, { body: JSON.stringify(body), keepalive: true });
      // The header is cut to seconds, and pages of other origins may not read it.
      return { answer: await answerOf<T>(response, now(), mark), serverTime: Date.parse(response.headers.get('date') ?? '') + 500 };
    },
  };
}

/**
 * The answer of the service, or the problem that it tells.
 * @param now The service's clock, in milliseconds.
 * @param mark What an answer of the service has; without one it has no content. A network that wants a login first says 200, too.
 */
export async function answerOf<T>(response: Response, now: number, mark?: keyof T): Promise<T> {
  if (response.status === 204 && !mark)
    return undefined as T;
  const answer = parse(await response.text().catch((error: unknown) => {
    // Cut off in the middle.
    throw networkError(error);
  }));
  if (response.ok && (answer as T | null)?.[mark!])
    return answer as T;
  throw problemOf(response, answer, now);
}

export function problemOf({ status, headers }: Response, answer: unknown, now: number): SessionError {
  const { code, title, detail, reason } = (answer ?? {}) as Partial<ProblemAnswer>;
  // Seconds, or an HTTP date (RFC 9110, 10.2.3); no header counts as 0.
  const wait = headers.get('retry-after')!;
  const seconds = isNaN(+wait) ? (Date.parse(wait) - now) / 1000 : +wait;
  const retryAfter = seconds > 0 ? Math.min(seconds, longestWait) : undefined;
  return code && title
    ? new SessionError(code as SessionErrorCode, `${title}. ${detail}`, { status, reason, retryAfter })
    : new SessionError('unexpected_answer', `Unexpected answer: ${status}.`, { status, retryAfter });
}

export function networkError(cause?: unknown): SessionError {
  return new SessionError('network_error', 'No answer.', { cause });
}

/** Whether the service will never take that again: the session is over, or there is no cookie. */
export function isFinal(error: SessionError): boolean {
  return isTerminal(error) || error.code === 'invalid_request';
}

/** Whether the session is over, so that only a login helps. */
export function isTerminal(error: SessionError): boolean {
  return error.status === 401 && ['token_invalid', 'token_reused', 'session_ended'].includes(error.code);
}

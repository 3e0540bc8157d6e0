import type { Clock } from '../platform/platform.ts';
import { SessionError, type SessionErrorCode } from './error.ts';
import type { ProblemDetails } from './wire.ts';

export type ApiClient = ReturnType<typeof createApiClient>;

export function createApiClient(baseUrl: string, fetch: typeof globalThis.fetch, clock: Clock, now: () => number, timeout: () => number, cookie: boolean) {
  /** Sends a request with the given access token, if any. */
  async function send(route: string, token?: string, init: RequestInit = {}): Promise<Response> {
    const aborter = new AbortController();
    // Not cancelled by the response: its body may never end.
    clock.after(timeout(), () => aborter.abort());
    try {
      return await fetch(baseUrl + route, {
        cache: 'no-store',
        ...cookie && { credentials: 'include' },
        signal: aborter.signal,
        ...init,
        headers: {
          ...init.body && { 'content-type': 'application/json' },
          ...token && { authorization: `Bearer ${token}` },
          // Required for requests with the cookie (docs/api.md, cookie mode).
          ...cookie && { 'x-session-request': '1' },
        },
      });
    } catch (error) {
      return throwNetworkError(error);
    }
  }
  return {
    send,
    /** Posts without an access token. `date` is the service's time, NaN where it can't be read. */
    async post<T>(route: string, body: object, required?: keyof T): Promise<{ body: T; date: number }> {
      // The request must be sent even if the page is closing.
      const response = await send(route, undefined, { method: 'POST', body: JSON.stringify(body), keepalive: true });
      // `Date` has whole seconds, so half a second is added; it is hidden from other origins.
      return { body: await readResponse<T>(response, now(), required), date: Date.parse(response.headers.get('date') ?? '') + 500 };
    },
  };
}

/**
 * Returns the body of a response, or throws the problem that it describes.
 * @param now The service's time, in milliseconds.
 * @param required A field that every such response has. A captive portal also returns 200.
 * @param empty The status of a response without a body: 204 where no field is required.
 */
export async function readResponse<T>(response: Response, now: number, required?: keyof T, empty = required ? 0 : 204): Promise<T> {
  if (response.status === empty)
    return undefined as T;
  const answer = parseJson(await response.text().catch(throwNetworkError));
  if (response.ok && (answer as T | null)?.[required!] !== undefined)
    return answer as T;
  throw toSessionError(response, answer, now);
}

export function toSessionError({ status, headers }: Response, answer: unknown, now: number): SessionError {
  const { code, title, detail, reason } = (answer ?? {}) as Partial<ProblemDetails>;
  // Seconds or an HTTP date (RFC 9110, 10.2.3); without the header 0.
  const header = headers.get('retry-after')!;
  const seconds = isNaN(+header) ? (Date.parse(header) - now) / 1000 : +header;
  // A gateway may send any value; it must not lock users out for a day.
  const retryAfter = seconds > 0 ? Math.min(seconds, 3600) : undefined;
  const details = { status, reason, retryAfter };
  return code && title
    ? new SessionError(code as SessionErrorCode, `${title}. ${detail}`, details)
    : new SessionError('unexpected_response', `Status ${status}.`, details);
}

export function throwNetworkError(cause?: unknown): never {
  throw new SessionError('network_error', 'No response.', { cause });
}

/** Whether the session has ended, so that only a login helps. */
export const isTerminal = ({ status, code }: SessionError): boolean => status === 401 && ['token_invalid', 'token_reused', 'session_ended'].includes(code);

/** Why it has ended then. */
export const endReasonOf = ({ code, reason }: SessionError): string => reason ?? (code === 'token_reused' ? 'token_reuse' : code);

/** Whether a retry is futile: the session has ended, or there is no cookie. */
export const isPermanent = (error: SessionError): boolean => isTerminal(error) || error.code === 'invalid_request';

/** Parses JSON; null for anything else. */
export function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text!);
  } catch {
    return null;
  }
}

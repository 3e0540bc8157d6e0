import { SessionError, type SessionErrorCode } from '../index.ts';

/** Returns an error that says which option to change, where the cause of one without an answer from the API can be told. */
export async function explain(error: unknown, baseUrl: string, fetch: typeof globalThis.fetch, cookie: boolean): Promise<unknown> {
  if (!(error instanceof SessionError))
    return error;
  const { code, status, retryAfter } = error;
  const explained = (as: SessionErrorCode, message: string): SessionError => new SessionError(as, message, { cause: error, status, retryAfter });
  const page = globalThis.location;
  if (code === 'unexpected_response') {
    // One that says when to come back knows more than this.
    if (status === 429 || retryAfter !== undefined)
      return error;
    return explained(code, status! >= 500
      ? `${baseUrl} answers with status ${status}, and not from the API. Is the app behind it running?`
      : `The answer of ${baseUrl} isn't from the API (status ${status}). Check baseUrl, and the proxy if it is on the page's own origin.`);
  }
  if (code === 'origin_not_allowed')
    return explained(code, `${error.message} Add ${page?.origin} to the service's Cookies__AllowedOrigins, or leave the option cookie out.`);
  if (code !== 'network_error')
    return error;
  if (!page)
    return baseUrl.startsWith('http://no-page.invalid/') ? explained('invalid_option', 'Without a page, baseUrl must be absolute.') : error;
  const { origin, protocol, hostname } = new URL(baseUrl);
  if (page.protocol === 'https:' && protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
    return explained('invalid_option', `A page with https can't send requests to ${baseUrl}: baseUrl must begin with https, too.`);
  if (origin === page.origin || !await succeeds({ mode: 'no-cors' }))
    return error;
  // Asks for permission as all requests do; if it is given now, something else has failed.
  const headers = { 'content-type': 'application/json', ...cookie && { 'x-session-request': '1' } };
  if (await succeeds({ headers, ...cookie && { credentials: 'include' } }))
    return error;
  return explained('cors_blocked', `${origin} answers, but not to pages of ${page.origin}: add that origin to the CORS settings of the service`
    + `${cookie ? ', with credentials, and to its Cookies__AllowedOrigins' : ''}. `
    + 'Or set baseUrl to an address on the page\'s own origin, such as /api, and forward it.');

  function succeeds(init: RequestInit): Promise<boolean> {
    return fetch(`${baseUrl}sessions/status`, { cache: 'no-store', signal: AbortSignal.timeout(5000), ...init }).then(() => true, () => false);
  }
}

import { SessionError } from '../index.ts';

/** Returns an error that says which option to change, where the cause of one without an answer from the API can be told. */
export async function explain(error: unknown, baseUrl: string, fetch: typeof globalThis.fetch, cookie: boolean): Promise<unknown> {
  if (!(error instanceof SessionError))
    return error;
  const { code, status, retryAfter } = error;
  const details = { cause: error, status, retryAfter };
  if (code === 'unexpected_response' && !(status! >= 429))
    return new SessionError(code, `The answer of ${baseUrl} isn't from the API (status ${status}). Check baseUrl, and the proxy if it is on the page's own origin.`, details);
  if (code === 'origin_not_allowed')
    return new SessionError(code, `${error.message} Add ${globalThis.location?.origin} to the service's Cookies__AllowedOrigins, or leave the option cookie out.`, details);
  if (code !== 'network_error')
    return error;
  const page = globalThis.location;
  if (!page)
    return baseUrl.startsWith('http://no-page.invalid/') ? new SessionError('invalid_option', 'Without a page, baseUrl must be absolute.', details) : error;
  const { origin, protocol, hostname } = new URL(baseUrl);
  if (page.protocol === 'https:' && protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
    return new SessionError('invalid_option', `A page with https can't send requests to ${baseUrl}: baseUrl must begin with https, too.`, details);
  if (origin === page.origin || !await succeeds({ mode: 'no-cors' }))
    return error;
  // Asks for permission as all requests do; if it is given now, something else has failed.
  const headers = { 'content-type': 'application/json', ...cookie && { 'x-session-request': '1' } };
  if (await succeeds({ headers, ...cookie && { credentials: 'include' } }))
    return error;
  return new SessionError('cors_blocked', `${origin} answers, but not to pages of ${page.origin}: add that origin to the CORS settings of the service`
    + `${cookie ? ', with credentials, and to its Cookies__AllowedOrigins' : ''}. Or set baseUrl to an address on the page's own origin, such as /api, and forward it.`, details);

  function succeeds(init: RequestInit): Promise<boolean> {
    return fetch(`${baseUrl}sessions/status`, { cache: 'no-store', signal: AbortSignal.timeout(5000), ...init }).then(() => true, () => false);
  }
}

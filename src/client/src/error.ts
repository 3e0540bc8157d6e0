/** What the service refuses with (docs/api.md), and what this package adds. */
export type SessionErrorCode =
  | 'invalid_request' | 'invalid_credentials' | 'token_invalid' | 'token_expired' | 'token_reused' | 'session_ended'
  | 'forbidden' | 'wrong_password' | 'email_taken' | 'captcha_required' | 'origin_not_allowed' | 'not_found' | 'recipient_unknown'
  | 'method_not_allowed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'account_locked'
  | 'rate_limited' | 'unavailable' | 'misconfigured' | 'internal_error'
  /** Nobody is logged in here. */
  | 'no_session'
  /** No answer came: no network, no service, or none in time. */
  | 'network_error'
  /** An answer came that isn't one of the service. */
  | 'unexpected_answer'
  /** The token was to go to an origin that may not have it (`trustedOrigins`). */
  | 'untrusted_origin';

export interface SessionErrorDetails {
  readonly cause?: unknown;
  /** The HTTP status, where an answer came. */
  readonly status?: number | undefined;
  /** Why the session ended, where it did. */
  readonly reason?: string | undefined;
  /** In how many seconds the service, or a gateway before it, wants to be asked again; at most an hour. */
  readonly retryAfter?: number | undefined;
}

/** Something that was asked for and didn't happen. Decide by the code; the message is for people. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;
  declare readonly status: number | undefined;
  declare readonly reason: string | undefined;
  declare readonly retryAfter: number | undefined;

  constructor(code: SessionErrorCode, message: string, details: SessionErrorDetails = {}) {
    super(message);
    this.name = 'SessionError';
    this.code = code;
    Object.assign(this, details);
  }
}

/** Passes over what events have told already; anything else is a fault. Says how many milliseconds the service wants to be left alone. */
export function quietly(error: unknown): number {
  if (!(error instanceof SessionError))
    throw error;
  return (error.retryAfter ?? 0) * 1000;
}

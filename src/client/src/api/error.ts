/** The error codes of the API (docs/api.md#errors). */
export type ProblemCode =
  | 'invalid_request' | 'invalid_credentials' | 'token_invalid' | 'token_expired' | 'token_reused' | 'session_ended'
  | 'forbidden' | 'wrong_password' | 'email_not_verified' | 'account_closing' | 'email_taken' | 'captcha_required'
  | 'origin_not_allowed' | 'not_found' | 'recipient_unknown' | 'method_not_allowed' | 'payload_too_large' | 'unsupported_media_type'
  | 'idempotency_key_reused' | 'account_locked' | 'rate_limited' | 'unavailable' | 'misconfigured' | 'internal_error'
  | 'insufficient_user_authentication' | 'ceremony_invalid' | 'ceremony_expired' | 'ceremony_used' | 'passkey_unknown' | 'passkey_invalid'
  | 'passkey_wrong_origin' | 'passkey_wrong_rp' | 'passkey_unsupported' | 'passkey_exists' | 'passkey_limit' | 'passkey_cloned'
  | 'passkey_for_review' | 'reset_impossible' | 'last_credential' | 'password_recovery_off' | 'passkey_required' | 'location_refused';

/** An error code of the API, or one that this package adds. */
export type SessionErrorCode = ProblemCode
  /** Nobody is logged in. */
  | 'no_session'
  /** No response: no network, no service, or a timeout. */
  | 'network_error'
  /** The service responds, but the browser keeps its response from this page. */
  | 'cors_blocked'
  /** An option is missing, unknown or wrong, or can't be changed. */
  | 'invalid_option'
  /** The response isn't from the API, such as a gateway's error page. */
  | 'unexpected_response'
  /** `fetch` was called for an origin that isn't in `trustedOrigins`. */
  | 'untrusted_origin'
  /** This browser or device can't use passkeys. */
  | 'passkeys_unsupported'
  /** The user, or `signal`, cancelled the browser's prompt, another one is open, or there was no passkey to choose. */
  | 'passkey_cancelled'
  /** The browser's prompt wasn't answered in time. */
  | 'passkey_timeout'
  /** This browser or device can't receive push messages. */
  | 'push_unsupported'
  /** The user doesn't allow notifications. */
  | 'push_denied';

export interface SessionErrorDetails {
  readonly cause?: unknown;
  /** The HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** Why the session ended, if it did. */
  readonly reason?: string | undefined;
  /** Seconds to wait before the next request (`Retry-After`), an hour at most. */
  readonly retryAfter?: number | undefined;
}

/** Thrown when an operation fails. Decide by `code`; the message is for people. */
export class SessionError extends Error {
  declare readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, details?: SessionErrorDetails) {
    super(message);
    Object.assign(this, { name: 'SessionError', code, ...details });
  }
}

export interface SessionError extends Omit<SessionErrorDetails, 'cause'> {}

/** Handles a failure that events have reported: returns its `Retry-After` in milliseconds. Rethrows anything but a `SessionError`. */
export function handleFailure(error: unknown): number {
  if (!(error instanceof SessionError))
    throw error;
  return (error.retryAfter ?? 0) * 1000;
}

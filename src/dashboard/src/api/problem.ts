/** What the service refuses with (docs/api.md), and what keeps its answer from coming. */
export type ProblemCode =
  | 'invalid_request' | 'invalid_credentials' | 'token_expired' | 'token_invalid' | 'token_reused' | 'session_ended'
  | 'forbidden' | 'wrong_password' | 'email_taken' | 'captcha_required' | 'origin_not_allowed' | 'not_found'
  | 'method_not_allowed' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'account_locked'
  | 'unavailable' | 'internal_error'
  /** The cookie of this browser is that of another login now. */
  | 'other_session'
  /** No answer came. */
  | 'network_error'
  /** An answer came that isn't one of this service. */
  | 'unexpected_answer';

const known: ReadonlySet<string> = new Set<ProblemCode>([
  'invalid_request', 'invalid_credentials', 'token_expired', 'token_invalid', 'token_reused', 'session_ended',
  'forbidden', 'wrong_password', 'email_taken', 'captcha_required', 'origin_not_allowed', 'not_found',
  'method_not_allowed', 'payload_too_large', 'unsupported_media_type', 'rate_limited', 'account_locked',
  'unavailable', 'internal_error',
]);

/** Something that was asked for and didn't happen. Decide by the code; the message is for people. */
export class Problem extends Error {
  readonly code: ProblemCode;
  /** Why a session ended. */
  readonly reason: string | undefined;

  constructor(code: ProblemCode, message: string, reason?: string) {
    super(message);
    this.name = 'Problem';
    this.code = code;
    this.reason = reason;
  }

  /** Whether the session is over for this page, so that only a login helps. */
  get isTerminal(): boolean {
    return this.code === 'token_invalid' || this.code === 'token_reused' || this.code === 'session_ended' || this.code === 'other_session';
  }

  /** The problem that an answer tells (RFC 9457). */
  static of(status: number, body: unknown): Problem {
    if (typeof body === 'object' && body !== null && 'code' in body && 'title' in body && 'detail' in body) {
      const { code, title, detail } = body;
      if (typeof code === 'string' && known.has(code))
        return new Problem(code as ProblemCode, `${title}. ${detail}`, 'reason' in body && typeof body.reason === 'string' ? body.reason : undefined);
    }
    return new Problem('unexpected_answer', `The service answered with the status ${status}, and nothing that this page understands.`);
  }
}

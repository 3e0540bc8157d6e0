namespace Serverless.Functions.Http;

/// <summary>An error response (RFC 9457).</summary>
/// <param name="Allow">The allowed methods (RFC 9110, 15.5.6).</param>
/// <param name="MaximumAge">How old the user's last proof may be.</param>
internal sealed record Problem(
    ProblemCode Code, string Detail, EndReason? Reason = null, TimeSpan? RetryAfter = null, IReadOnlyList<string>? Allow = null,
    TimeSpan? MaximumAge = null)
{
    /// <summary>The challenge of a 401 (RFC 9110, 15.5.2; RFC 6750, 3; RFC 9470, 3).</summary>
    public string? Challenge => Code.Status != HttpStatusCode.Unauthorized ? null
        : Code == ProblemCode.InvalidCredentials || Code.IsOfPasskey ? "Bearer"
        : Code == ProblemCode.InsufficientUserAuthentication ? $"Bearer error=\"{Code.Name}\"{MaximumAgeParameter}"
        : "Bearer error=\"invalid_token\"";

    /// <summary>In whole seconds, rounded up so that nobody retries too early.</summary>
    public string? RetryAfterSeconds =>
        RetryAfter is { } wait ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null;

    // None where the age doesn't matter, only the way of the proof.
    private string? MaximumAgeParameter => MaximumAge is { } age && age > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $", max_age=\"{(long)age.TotalSeconds}\"") : null;

    public static Problem InvalidField(string field, string why) => new(ProblemCode.InvalidRequest, $"{field}: {why}");

    public static Problem NoAdministrator() => new(ProblemCode.Forbidden, "This needs the role admin.");

    public static Problem AccountTokenInvalid() =>
        new(ProblemCode.AccountTokenInvalid, "The link was used, replaced by a newer one, or has expired; ask for another.");

    public static Problem SessionEnded(EndReason reason) =>
        new(ProblemCode.SessionEnded, "The session has ended; log in again.", reason);
}

[Description("An error (RFC 9457). Decide by `code`; `detail` is for people.")]
internal sealed record ProblemBody(
    [Url, Description("`urn:serverless-sessions:problem:` followed by the code.")] string Type,
    string Title,
    [Description("The HTTP status.")] int Status,
    string Detail,
    [Description("The stable name of the error.")] string Code,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [NamesOf(typeof(EndReason), IsOpen = true), Description("Why the session ended; only with `session_ended`.")] string? Reason,
    [Description("Finds the request in the log.")] string TraceId)
{
    public static ProblemBody Of(Problem problem, string traceId) => new(
        $"urn:serverless-sessions:problem:{problem.Code.Name}",
        problem.Code.Title, (int)problem.Code.Status, problem.Detail, problem.Code.Name, problem.Reason?.Name, traceId);
}

/// <summary>Rejects a request before it reaches a use case; <see cref="ProblemMiddleware"/> responds with the problem. What a use
/// case refuses is a value instead.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(ProblemCode code, string detail) : this(new(code, detail))
    {
    }

    public Problem Problem => problem;

    public static ProblemException InvalidField(string field, string why) => new(Problem.InvalidField(field, why));
}

/// <summary>The stable error codes, each with its HTTP status and title.</summary>
internal sealed record ProblemCode(string Name, HttpStatusCode Status, string Title)
{
    /// <summary>Whether a passkey is at fault, and the token, if there is one, is good.</summary>
    public bool IsOfPasskey { get; private init; }

    public static readonly ProblemCode InvalidRequest = new("invalid_request", HttpStatusCode.BadRequest, "The request is not valid");
    public static readonly ProblemCode InvalidCredentials =
        new("invalid_credentials", HttpStatusCode.Unauthorized, "The email or password is wrong");
    public static readonly ProblemCode TokenInvalid = new("token_invalid", HttpStatusCode.Unauthorized, "The token is not valid");
    public static readonly ProblemCode AccountTokenInvalid = new("token_invalid", HttpStatusCode.BadRequest, "The token is not valid");
    public static readonly ProblemCode TokenExpired = new("token_expired", HttpStatusCode.Unauthorized, "The access token has expired");
    public static readonly ProblemCode TokenReused = new("token_reused", HttpStatusCode.Unauthorized, "The refresh token was used before");
    public static readonly ProblemCode SessionEnded = new("session_ended", HttpStatusCode.Unauthorized, "The session has ended");
    public static readonly ProblemCode InsufficientUserAuthentication =
        new("insufficient_user_authentication", HttpStatusCode.Unauthorized, "The user has to prove again who they are");
    public static readonly ProblemCode Forbidden = new("forbidden", HttpStatusCode.Forbidden, "Not allowed for this account");
    public static readonly ProblemCode PasskeyRequired = new("passkey_required", HttpStatusCode.Forbidden, "A passkey is required");
    public static readonly ProblemCode WrongPassword = new("wrong_password", HttpStatusCode.Forbidden, "The password is wrong");
    public static readonly ProblemCode AccountClosing = new("account_closing", HttpStatusCode.Forbidden, "The account is closed");
    public static readonly ProblemCode LocationRefused = new("location_refused", HttpStatusCode.Forbidden, "The location is refused");
    public static readonly ProblemCode EmailNotVerified = new("email_not_verified", HttpStatusCode.Forbidden, "The email is not verified");
    public static readonly ProblemCode EmailTaken = new("email_taken", HttpStatusCode.Conflict, "The email already has an account");
    public static readonly ProblemCode CaptchaRequired = new("captcha_required", HttpStatusCode.Forbidden, "A captcha is required");
    public static readonly ProblemCode OriginNotAllowed =
        new("origin_not_allowed", HttpStatusCode.Forbidden, "The request may not use the cookie");
    public static readonly ProblemCode CeremonyInvalid = new("ceremony_invalid", HttpStatusCode.BadRequest, "The state is not valid here");
    public static readonly ProblemCode CeremonyExpired = new("ceremony_expired", HttpStatusCode.BadRequest, "The state has expired");
    public static readonly ProblemCode CeremonyUsed = new("ceremony_used", HttpStatusCode.BadRequest, "The state was used before");
    public static readonly ProblemCode PasskeyUnknown =
        new("passkey_unknown", HttpStatusCode.Unauthorized, "The passkey is not known") { IsOfPasskey = true };
    public static readonly ProblemCode PasskeyInvalid =
        new("passkey_invalid", HttpStatusCode.Unauthorized, "The passkey response is not valid") { IsOfPasskey = true };
    public static readonly ProblemCode NewPasskeyInvalid =
        new("passkey_invalid", HttpStatusCode.BadRequest, "The passkey response is not valid");
    public static readonly ProblemCode PasskeyCloned =
        new("passkey_cloned", HttpStatusCode.Unauthorized, "The passkey may have been copied") { IsOfPasskey = true };
    public static readonly ProblemCode PasskeyForReview =
        new("passkey_for_review", HttpStatusCode.Forbidden, "The passkey waits for a review");
    public static readonly ProblemCode PasskeyWrongOrigin =
        new("passkey_wrong_origin", HttpStatusCode.BadRequest, "The page's origin is not allowed");
    public static readonly ProblemCode PasskeyWrongRelyingParty =
        new("passkey_wrong_rp", HttpStatusCode.BadRequest, "The passkey is of another service");
    public static readonly ProblemCode PasskeyUnsupported =
        new("passkey_unsupported", HttpStatusCode.BadRequest, "The kind of passkey is not supported");
    public static readonly ProblemCode PasskeyExists = new("passkey_exists", HttpStatusCode.Conflict, "The passkey is registered already");
    public static readonly ProblemCode PasskeyLimit =
        new("passkey_limit", HttpStatusCode.Conflict, "The account has as many passkeys as it may");
    public static readonly ProblemCode LastCredential =
        new("last_credential", HttpStatusCode.Conflict, "The passkey is the account's only credential");
    public static readonly ProblemCode PasswordRecoveryOff =
        new("password_recovery_off", HttpStatusCode.Conflict, "The account has passkeys instead of a password, and no mail may set one");
    public static readonly ProblemCode ResetImpossible = new("reset_impossible", HttpStatusCode.Conflict, "No mail can set a new password");
    public static readonly ProblemCode NotFound = new("not_found", HttpStatusCode.NotFound, "Not found");
    public static readonly ProblemCode RecipientUnknown = new("recipient_unknown", HttpStatusCode.NotFound, "There is no such recipient");
    public static readonly ProblemCode MethodNotAllowed =
        new("method_not_allowed", HttpStatusCode.MethodNotAllowed, "The method is not allowed here");
    public static readonly ProblemCode PayloadTooLarge =
        new("payload_too_large", HttpStatusCode.RequestEntityTooLarge, "The body is too large");
    public static readonly ProblemCode UnsupportedMediaType =
        new("unsupported_media_type", HttpStatusCode.UnsupportedMediaType, "The body is not JSON");
    public static readonly ProblemCode IdempotencyKeyReused =
        new("idempotency_key_reused", HttpStatusCode.UnprocessableEntity, "The key belongs to another message");
    public static readonly ProblemCode AccountLocked = new("account_locked", HttpStatusCode.TooManyRequests, "Too many failed logins");
    public static readonly ProblemCode RateLimited = new("rate_limited", HttpStatusCode.TooManyRequests, "Too many requests");
    public static readonly ProblemCode Unavailable =
        new("unavailable", HttpStatusCode.ServiceUnavailable, "The service is temporarily unavailable");
    public static readonly ProblemCode Misconfigured =
        new("misconfigured", HttpStatusCode.ServiceUnavailable, "The service is misconfigured");
    public static readonly ProblemCode InternalError = new("internal_error", HttpStatusCode.InternalServerError, "The service failed");
}

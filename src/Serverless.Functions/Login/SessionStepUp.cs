namespace Serverless.Functions.Login;

public sealed class SessionStepUp(
    StartStepUp startStepUp, StepUp stepUp, Callers callers, RateLimits rateLimits, ILogger<SessionStepUp> log)
{
    [Function("StartStepUp")]
    [Operation("Tells by what I can prove again who I am.")]
    [Answers(200, "The ways.", typeof(StepUpWaysBody))]
    public async Task<HttpResponseData> StartAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/step-up/options")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var ways = await startStepUp.ExecuteAsync(request.Session(), PasskeyFields.OriginOf(request), cancellationToken);
        return await request.ReplyAsync(StepUpWaysBody.Of(ways), WireJson.Default.StepUpWaysBody);
    }

    [Function("StepUp")]
    [Operation("Proves again who I am, in this session.",
        "Routes that add power or give data away need a login or a step-up of the last 15 minutes (`StepUp__MaximumAge`), and otherwise "
        + "answer 401 `insufficient_user_authentication`. Send the password, or state and credential of a passkey. The refresh token stays "
        + "valid. A wrong password counts as a failed login.",
        Accepts = typeof(StepUpRequestBody))]
    [Answers(200, "An access token with the new `auth_time` and `amr`.", typeof(StepUpBody))]
    [Refuses(
        nameof(ProblemCode.WrongPassword), nameof(ProblemCode.RateLimited), nameof(ProblemCode.AccountLocked),
        nameof(ProblemCode.CeremonyInvalid), nameof(ProblemCode.CeremonyExpired), nameof(ProblemCode.CeremonyUsed),
        nameof(ProblemCode.PasskeyUnknown), nameof(ProblemCode.PasskeyInvalid), nameof(ProblemCode.PasskeyWrongOrigin),
        nameof(ProblemCode.PasskeyWrongRelyingParty), nameof(ProblemCode.PasskeyCloned), nameof(ProblemCode.PasskeyForReview))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/step-up")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.StepUpRequestBody, cancellationToken);
        var (password, passkey) = body.Read(PasskeyFields.OriginOf(request));
        var (session, client) = (request.Session(), callers.ClientOf(request));
        rateLimits.LimitOwnPassword(client, session.Email.ToAccountKey(), isChecked: passkey is null);

        var result = await (passkey is null
            ? stepUp.ExecuteAsync(session, password, client, cancellationToken)
            : stepUp.ExecuteAsync(session, passkey, client, cancellationToken));
        if (result is StepUpResult.Proved)
            log.SteppedUp($"{session.Id}", $"{session.UserId}");
        return result switch
        {
            StepUpResult.Proved proved => await request.ReplyAsync(StepUpBody.Of(proved), WireJson.Default.StepUpBody),
            StepUpResult.Ended over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            StepUpResult.Refused refused => await RefusedPasskey.ReplyAsync(request, log, client, refused.Refusal),
            StepUpResult.WrongPassword wrong => await RefusedPassword.ReplyWrongAsync(request, log, client, wrong.Locks),
            StepUpResult.Locked locked => await RefusedPassword.ReplyLockedAsync(request, log, client, locked.Wait),
            _ => throw new UnreachableException(),
        };
    }
}

[NotEmpty]
internal sealed record StepUpRequestBody(
    [MinLength(1), Description("The current one, of at most 128 characters.")] string? Password,
    [MinLength(1), Description(PasskeyFields.StateIs)] string? State,
    [Description("The `AuthenticationResponseJSON` of WebAuthn Level 3, as for a login by passkey.")]
    JsonElement? Credential) : RedactedBody
{
    /// <summary>The password counts if there is one.</summary>
    public (Password Password, PasskeyResponse? Passkey) Read(string? origin) =>
        Password is null && (State is not null || Credential is not null)
            ? (default, PasskeyFields.ReadResponse(State, Credential, origin))
            : (AccountFields.ReadCurrentPassword(Password, "password"), null);
}

internal sealed record StepUpWaysBody(
    [Description("Whether the account has a password.")] bool Password,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("For `navigator.credentials.get`, as WebAuthn Level 3 writes it in JSON; absent without a passkey.")] JsonElement? Options,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("Goes back with the credential; works once.")] string? State,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("When the state expires: after 5 minutes.")] DateTimeOffset? ExpiresAt) : RedactedBody
{
    public static StepUpWaysBody Of(StepUpWays ways) => ways.Passkey is { } ceremony
        ? new(ways.HasPassword, JsonElement.Parse(ceremony.Options), ceremony.State, ceremony.ExpiresAt)
        : new(ways.HasPassword, null, null, null);
}

internal sealed record StepUpBody(
    [Description("A signed JWT (RFC 9068, ES256).")] string AccessToken, DateTimeOffset AccessTokenExpiresAt,
    [Description("When the user proved it, to the second; the claim `auth_time`.")] DateTimeOffset AuthenticatedAt,
    [Description("How, as in the claim `amr` (RFC 8176).")] IReadOnlyList<string> Methods)
{
    public static StepUpBody Of(StepUpResult.Proved proved)
    {
        var (at, methods) = proved.Access.Authentication;
        return new(proved.AccessText, proved.Access.ExpiresAt, at, methods.ToNames());
    }
}

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
        var ways = await startStepUp.ExecuteAsync(request.Session(), request.Header("Origin"), cancellationToken);
        return await request.ReplyAsync(new StepUpWaysBody(ways.HasPassword), WireJson.Default.StepUpWaysBody);
    }

    [Function("StepUp")]
    [Operation("Proves again who I am, in this session.",
        "Routes that add power or give data away need a login or a step-up of the last 15 minutes (`StepUp__MaximumAge`), and otherwise "
        + "answer 401 `insufficient_user_authentication`. The refresh token stays valid. A wrong password counts as a failed login.",
        Accepts = typeof(StepUpRequestBody))]
    [Answers(200, "An access token with the new `auth_time` and `amr`.", typeof(StepUpBody))]
    [Refuses(nameof(ProblemCode.WrongPassword), nameof(ProblemCode.RateLimited), nameof(ProblemCode.AccountLocked))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/step-up")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.StepUpRequestBody, cancellationToken);
        var password = AccountFields.ReadCurrentPassword(body.Password, "password");
        var (session, client) = (request.Session(), callers.ClientOf(request));
        // Costs as much hashing as a login, so it counts as one.
        rateLimits.LimitLogin(client);
        rateLimits.LimitLogin(session.Email.ToAccountKey());

        var result = await stepUp.ExecuteAsync(session, password, client, cancellationToken);
        if (result is StepUpResult.Proved)
            log.SteppedUp($"{session.Id}", $"{session.UserId}");
        return result switch
        {
            StepUpResult.Proved proved => await request.ReplyAsync(StepUpBody.Of(proved), WireJson.Default.StepUpBody),
            StepUpResult.Ended over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            StepUpResult.WrongPassword wrong => await RefusedPassword.ReplyWrongAsync(request, log, client, wrong.Locks),
            StepUpResult.Locked locked => await RefusedPassword.ReplyLockedAsync(request, log, client, locked.Wait),
            _ => throw new InvalidOperationException("Unhandled result."),
        };
    }
}

[NotEmpty]
internal sealed record StepUpRequestBody(
    [MinLength(1), Description("The current one, of at most 128 characters.")] string? Password) : RedactedBody;

internal sealed record StepUpWaysBody([Description("Whether the account has a password.")] bool Password);

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

namespace Serverless.Functions.Refresh;

public sealed class Refresh(
    RefreshSession refreshSession, SessionPolicies policies, Callers callers, RateLimits rateLimits, RefreshCookie cookie,
    SessionMetrics metrics, RefusedRefreshes refused)
{
    private const string Rules =
        "A refresh token works once; keep the new one. For 30 seconds (`Sessions__Grace`) the old one still returns the current tokens, so "
        + "several tabs may refresh at the same time; after that, using it ends the session. In cookie mode the token comes from "
        + "the cookie and the body is optional; a token younger than the grace is not rotated, and no cookie is set, "
        + "unless the user was inactive and is back.";

    [Function(nameof(Refresh))]
    [Operation("Exchanges a refresh token for the next tokens.", Rules,
        Access = Access.RefreshToken, Accepts = typeof(RefreshRequestBody))]
    [Answers(200, "The next tokens.", typeof(RefreshBody))]
    [Refuses(
        nameof(ProblemCode.TokenInvalid), nameof(ProblemCode.TokenReused), nameof(ProblemCode.SessionEnded),
        nameof(ProblemCode.RateLimited))]
    public Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/refresh")] HttpRequestData request,
        CancellationToken cancellationToken) => RefreshAsync(request, cancellationToken);

    [Function("RefreshAlias")]
    [Operation("Alias of POST /sessions/refresh.", Rules, Access = Access.RefreshToken, Accepts = typeof(RefreshRequestBody))]
    [Answers(200, "The next tokens.", typeof(RefreshBody))]
    [Refuses(
        nameof(ProblemCode.TokenInvalid), nameof(ProblemCode.TokenReused), nameof(ProblemCode.SessionEnded),
        nameof(ProblemCode.RateLimited))]
    public Task<HttpResponseData> RunAliasAsync(
        [HttpTrigger(Anonymous, "post", Route = "auth/refresh")] HttpRequestData request,
        CancellationToken cancellationToken) => RefreshAsync(request, cancellationToken);

    private async Task<HttpResponseData> RefreshAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        var cookieToken = cookie.Read(request);
        var body = cookieToken is not null && !RequestBody.IsPresent(request)
            ? new(null, null, null) : await RequestBody.ReadAsync(request, WireJson.Default.RefreshRequestBody, cancellationToken);
        var byCookie = cookieToken is not null && body.RefreshToken is null;
        if (byCookie)
        {
            cookie.RequireAllowedOrigin(request);
            body = body with { RefreshToken = cookieToken };
        }

        var token = body.ReadToken();
        var client = callers.ClientOf(request);
        rateLimits.LimitRefresh(client);

        var result = await refreshSession.ExecuteAsync(token, body.Attempt, body.ReadIdleTime(), byCookie, client, cancellationToken);
        metrics.Count(result);
        if (result.Refusal is { } reason)
            refused.Note(reason);
        var response = await ReplyAsync(request, result, byCookie);
        if (byCookie && result is RefreshSessionResult.Refreshed refreshed)
            cookie.Set(response, refreshed.Tokens);
        else if (byCookie && result is not RefreshSessionResult.Kept)
            cookie.Clear(response);
        return response;
    }

    private Task<HttpResponseData> ReplyAsync(HttpRequestData request, RefreshSessionResult result, bool byCookie) => result switch
    {
        RefreshSessionResult.Refreshed refreshed => request.ReplyAsync(
            new(refreshed.Tokens, refreshed.LastActivityAt, policies, byCookie), WireJson.Default.RefreshBody),
        RefreshSessionResult.Kept kept => request.ReplyAsync(
            new(kept.Tokens, kept.LastActivityAt, policies, byCookie), WireJson.Default.RefreshBody),
        RefreshSessionResult.Ended over => request.ReplyAsync(Problem.SessionEnded(over.Reason)),
        RefreshSessionResult.Reused => request.ReplyAsync(
            new Problem(ProblemCode.TokenReused, "The token may be stolen, so the session was ended; log in again.")),
        _ => request.ReplyAsync(new Problem(ProblemCode.TokenInvalid, "The refresh token is not valid.")),
    };
}

internal sealed record RefreshRequestBody(
    [Description("Required, except in cookie mode.")] string? RefreshToken,
    [Length(AttemptHash.MinimumLength, AttemptHash.MaximumLength)]
    [Description("A random value, stored before the request is sent. A retry with it and the same token gets the lost response, "
        + "however late.")]
    string? Attempt,
    [Range(0, RefreshRequestBody.LongestIdleTime)]
    [Description("For how many seconds the user has done nothing; only where the tokens came with `inactivityTimeout`. Default 0.")]
    int? IdleFor) : RedactedBody
{
    // A year, in seconds: no session lasts longer.
    public const int LongestIdleTime = 31_536_000;

    public string ReadToken() =>
        string.IsNullOrEmpty(RefreshToken) ? throw ProblemException.InvalidField("refreshToken", "is missing.")
        : Attempt is null or { Length: >= AttemptHash.MinimumLength and <= AttemptHash.MaximumLength } ? RefreshToken
        : throw ProblemException.InvalidField(
            "attempt", $"must have {AttemptHash.MinimumLength} to {AttemptHash.MaximumLength} characters.");

    public TimeSpan ReadIdleTime() => IdleFor is null or (>= 0 and <= LongestIdleTime) ? TimeSpan.FromSeconds(IdleFor ?? 0)
        : throw ProblemException.InvalidField("idleFor", $"must be a whole number from 0 to {LongestIdleTime}.");
}

internal sealed class RefreshBody(IssuedTokens tokens, DateTimeOffset lastActivityAt, SessionPolicies policies, bool byCookie)
    : TokenBody(tokens, policies, byCookie)
{
    [JsonPropertyOrder(1)]
    public RefreshedSessionBody Session { get; init; } = new(
        tokens.Refresh.SessionId.ToString(), lastActivityAt, tokens.Refresh.ExpiresAt, tokens.Refresh.AbsoluteExpiresAt);
}

[Description("The session, as the refreshed tokens describe it.")]
internal sealed record RefreshedSessionBody(
    [RegularExpression(Pattern.Id)] string Id, DateTimeOffset LastActivityAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt);

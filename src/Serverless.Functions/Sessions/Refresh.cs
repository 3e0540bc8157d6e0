using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Telemetry;
using Serverless.Sessions.Tokens;

namespace Serverless.Functions.Sessions;

/// <summary>POST sessions/refresh, and its alias auth/refresh</summary>
public sealed class Refresh(
    RefreshSession refreshSession, Callers callers, RateLimits rateLimits, RefreshCookie cookie, SessionMetrics metrics, RefusedRefreshes refused)
{
    /// <summary>The function.</summary>
    [Function(nameof(Refresh))]
    public Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sessions/refresh")] HttpRequestData request,
        CancellationToken cancellationToken) => RefreshAsync(request, cancellationToken);

    /// <summary>The function.</summary>
    [Function("RefreshAlias")]
    public Task<HttpResponseData> RunAliasAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/refresh")] HttpRequestData request,
        CancellationToken cancellationToken) => RefreshAsync(request, cancellationToken);

    private async Task<HttpResponseData> RefreshAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        var cookieToken = cookie.Read(request);
        var (body, problem) = cookieToken is not null && !RequestBody.IsPresent(request)
            ? (new RefreshRequestBody(null, null), null)
            : await RequestBody.ReadAsync(request, WireJson.Default.RefreshRequestBody, cancellationToken);
        var byCookie = cookieToken is not null && body is { RefreshToken: null };
        if (byCookie)
        {
            body = body! with { RefreshToken = cookieToken };
            problem ??= cookie.Check(request);
        }

        var client = callers.ClientOf(request);
        problem ??= body!.Check() ?? rateLimits.CountRefresh(client);
        if (problem is not null)
            return await request.ReplyAsync(problem);

        var result = await refreshSession.ExecuteAsync(body!.RefreshToken!, body.Attempt, byCookie, client, cancellationToken);
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

    private static Task<HttpResponseData> ReplyAsync(HttpRequestData request, RefreshSessionResult result, bool byCookie) => result switch
    {
        RefreshSessionResult.Refreshed refreshed => request.ReplyAsync(
            RefreshBody.Of(refreshed.Tokens, refreshed.LastActivityAt, byCookie), WireJson.Default.RefreshBody),
        RefreshSessionResult.Kept kept => request.ReplyAsync(RefreshBody.Of(kept.Tokens, kept.LastActivityAt, byCookie), WireJson.Default.RefreshBody),
        RefreshSessionResult.Ended over => request.ReplyAsync(Problem.SessionEnded(over.Reason)),
        RefreshSessionResult.Reused => request.ReplyAsync(
            new Problem(ProblemCode.TokenReused, "Somebody may have a copy of it, so the session was ended; log in again.")),
        _ => request.ReplyAsync(new Problem(ProblemCode.TokenInvalid, "The refresh token is not valid.")),
    };
}

/// <summary>What a refresh asks.</summary>
internal sealed record RefreshRequestBody(string? RefreshToken, string? Attempt)
{
    public Problem? Check() =>
        string.IsNullOrEmpty(RefreshToken) ? Problem.InvalidField("refreshToken", "is missing.")
        : Attempt is { Length: < AttemptHash.MinimumLength or > AttemptHash.MaximumLength }
            ? Problem.InvalidField("attempt", $"must have {AttemptHash.MinimumLength} to {AttemptHash.MaximumLength} characters.")
        : null;

    /// <summary>Gives no token away.</summary>
    public override string ToString() => "[refresh]";
}

/// <summary>What a refresh answers.</summary>
internal sealed record RefreshBody(
    string TokenType,
    string AccessToken,
    long ExpiresIn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    long RefreshExpiresIn,
    RefreshedSessionBody Session)
{
    public static RefreshBody Of(IssuedTokens issued, DateTimeOffset lastActivityAt, bool byCookie)
    {
        var tokens = TokenFields.Of(issued);
        var token = issued.Refresh;
        return new(
            TokenFields.Type,
            tokens.AccessToken,
            tokens.ExpiresIn,
            byCookie ? null : tokens.RefreshToken,
            tokens.RefreshExpiresIn,
            new(token.SessionId.ToString(), lastActivityAt, token.ExpiresAt, token.AbsoluteExpiresAt));
    }

    /// <summary>Gives no token away.</summary>
    public override string ToString() => "[refresh answer]";
}

/// <summary>What a refresh tells about the session, all of it from the token.</summary>
internal sealed record RefreshedSessionBody(
    string Id, DateTimeOffset LastActivityAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt);

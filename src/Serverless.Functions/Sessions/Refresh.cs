using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Http;
using Serverless.Sessions;

namespace Serverless.Functions.Sessions;

/// <summary>POST sessions/refresh, and its alias auth/refresh</summary>
public sealed class Refresh(RefreshSession refreshSession, Callers callers, ILogger<Refresh> log)
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
        var (body, problem) = await RequestBody.ReadAsync(request, WireJson.Default.RefreshRequestBody, cancellationToken)
            .ConfigureAwait(false);
        problem ??= body!.Check();
        if (problem is not null)
            return await request.ReplyAsync(problem).ConfigureAwait(false);

        var client = callers.ClientOf(request);
        var result = await refreshSession.ExecuteAsync(body!.RefreshToken!, body.Attempt, client, cancellationToken)
            .ConfigureAwait(false);
        if (result is RefreshSessionResult.Reused reused)
            log.TokenReused(reused.Token.SessionId.ToString(), reused.Token.UserId.ToString(), LoggedAddress.Of(client.IpAddress));
        return await (result switch
        {
            RefreshSessionResult.Refreshed refreshed => request.ReplyAsync(RefreshBody.Of(refreshed), WireJson.Default.RefreshBody),
            RefreshSessionResult.Over over => request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            RefreshSessionResult.Reused => request.ReplyAsync(
                new Problem(ProblemCode.TokenReused, "Somebody may have a copy of it, so the session was ended; log in again.")),
            _ => request.ReplyAsync(new Problem(ProblemCode.TokenInvalid, "This is no refresh token of this service.")),
        }).ConfigureAwait(false);
    }
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
    string TokenType, string AccessToken, long ExpiresIn, string RefreshToken, long RefreshExpiresIn, RefreshedSessionBody Session)
{
    public static RefreshBody Of(RefreshSessionResult.Refreshed refreshed)
    {
        var tokens = TokenFields.Of(refreshed.Tokens);
        var token = refreshed.Tokens.Refresh;
        return new(
            TokenFields.Type,
            tokens.AccessToken,
            tokens.ExpiresIn,
            tokens.RefreshToken,
            tokens.RefreshExpiresIn,
            new(token.SessionId.ToString(), refreshed.LastActivityAt, token.ExpiresAt, token.AbsoluteExpiresAt));
    }

    /// <summary>Gives no token away.</summary>
    public override string ToString() => "[refresh answer]";
}

/// <summary>What a refresh tells about the session, all of it from the token.</summary>
internal sealed record RefreshedSessionBody(
    string Id, DateTimeOffset LastActivityAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt);

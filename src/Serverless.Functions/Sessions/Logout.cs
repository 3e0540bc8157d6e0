using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Functions.Sessions;

/// <summary>POST sessions/logout, with either token: whoever holds a session's refresh token may end it (RFC 7009).</summary>
public sealed class Logout(
    EndSession endSession, Callers callers, RateLimits rateLimits, RefreshCookie cookie, RefreshTokenReader refreshTokens)
{
    [Function(nameof(Logout))]
    [Operation(
        "Ends this session.",
        "Either token will do: the access token as the bearer, or the refresh token in the body or the cookie. With a bearer the body is not read, "
        + "and with the cookie it may be left out.",
        Access = Access.AccessToken | Access.RefreshToken)]
    [Accepts<LogoutRequestBody>]
    [Answers(204, "The session is over; its cookie is cleared.")]
    [Refuses(nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sessions/logout")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var cookieText = cookie.Read(request);
        var cookieToken = cookieText is null ? null : (await refreshTokens.ReadAsync(cookieText, cancellationToken)).Token;
        var bringsRefreshToken = cookieText is not null || RequestBody.IsPresent(request);
        var (user, session, problem) = bringsRefreshToken && !Callers.HasBearer(request)
            ? await ReadRefreshTokenAsync(request, cookieText, cancellationToken)
            : await ReadAccessTokenAsync(request, cancellationToken);
        var response = problem is null
            ? await EndAsync(request, user, session, cancellationToken)
            : await request.ReplyAsync(problem);
        // The cookie is cleared with its own session, not with one that an access token named, or if it holds no token at all.
        var goesWithItsSession = problem is null && cookieToken?.SessionId == session;
        var holdsNoToken = problem?.Code == ProblemCode.TokenInvalid && cookieToken is null;
        if (cookieText is not null && (goesWithItsSession || holdsNoToken))
            cookie.Clear(response);
        return response;
    }

    private async Task<HttpResponseData> EndAsync(
        HttpRequestData request, UserId user, SessionId session, CancellationToken cancellationToken)
    {
        var result = await endSession.ExecuteAsync(
            user, session, EndReason.Logout, Actor.Of(callers.ClientOf(request)), cancellationToken);
        return result switch
        {
            EndSessionResult.AlreadyEnded over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            EndSessionResult.NotFound => await request.ReplyAsync(Problem.SessionEnded(EndReason.Unknown)),
            _ => request.Empty(HttpStatusCode.NoContent),
        };
    }

    private async Task<(UserId User, SessionId Session, Problem? Problem)> ReadAccessTokenAsync(
        HttpRequestData request, CancellationToken cancellationToken)
    {
        var (token, problem) = await callers.AuthenticateAsync(request, cancellationToken);
        return token is null ? (default, default, problem) : (token.UserId, token.SessionId, null);
    }

    private async Task<(UserId User, SessionId Session, Problem? Problem)> ReadRefreshTokenAsync(
        HttpRequestData request, string? cookieText, CancellationToken cancellationToken)
    {
        if (rateLimits.CountOther(callers.ClientOf(request)) is { } tooMany)
            return (default, default, tooMany);
        var (body, problem) = cookieText is not null && !RequestBody.IsPresent(request)
            ? (new LogoutRequestBody(null), null)
            : await RequestBody.ReadAsync(request, WireJson.Default.LogoutRequestBody, cancellationToken);
        if (cookieText is not null && body is { RefreshToken: null })
        {
            body = new(cookieText);
            problem = cookie.Check(request);
        }

        if (problem is not null)
            return (default, default, problem);
        if (string.IsNullOrEmpty(body!.RefreshToken))
            return (default, default, Problem.InvalidField("refreshToken", "is missing; send it, or an access token."));
        return (await refreshTokens.ReadAsync(body.RefreshToken, cancellationToken)).Token is { } token
            ? (token.UserId, token.SessionId, null)
            : (default, default, new(ProblemCode.TokenInvalid, "The refresh token is not valid."));
    }
}

internal sealed record LogoutRequestBody([Description("Required, except in cookie mode.")] string? RefreshToken)
{
    /// <summary>Gives no token away.</summary>
    public override string ToString() => "[logout]";
}

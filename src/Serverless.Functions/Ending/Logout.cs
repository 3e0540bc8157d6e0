namespace Serverless.Functions.Ending;

/// <summary>The holder of a refresh token, too, may end its session (RFC 7009).</summary>
public sealed class Logout(
    EndSession endSession, Callers callers, RateLimits rateLimits, RefreshCookie cookie, KeyRingSource keys)
{
    [Function(nameof(Logout))]
    [Operation("Ends this session.",
        "Takes either token: the access token as bearer, or the refresh token in the body or the cookie. With a bearer token "
        + "the body is not read; with the cookie it is optional.", Access = Access.EitherToken, Accepts = typeof(LogoutRequestBody))]
    [Answers(204, "The session has ended; its cookie is cleared.")]
    [Refuses(nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/logout")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var cookieText = cookie.Read(request);
        var cookieToken = cookieText is null
            ? null : (await RefreshTokenCodec.ReadAsync(cookieText, keys, cancellationToken)).Token;
        try
        {
            var bringsRefreshToken = cookieText is not null || RequestBody.IsPresent(request);
            var (user, session) = bringsRefreshToken && !Callers.HasBearer(request)
                ? await ReadRefreshTokenAsync(request, cookieText, cancellationToken)
                : await ReadAccessTokenAsync(request, cancellationToken);
            var result = await endSession.ExecuteAsync(
                user, session, EndReason.Logout, Actor.Of(callers.ClientOf(request)), cancellationToken);
            var response = result switch
            {
                EndSessionResult.AlreadyEnded over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
                EndSessionResult.NotFound => await request.ReplyAsync(Problem.SessionEnded(EndReason.Unknown)),
                _ => request.Empty(HttpStatusCode.NoContent),
            };
            // Unless the cookie belongs to another session.
            if (cookieText is not null && cookieToken?.SessionId == session)
                cookie.Clear(response);
            return response;
        }
        catch (ProblemException e) when (e.Problem.Code == ProblemCode.TokenInvalid && cookieText is not null && cookieToken is null)
        {
            // The cookie is useless: it holds no valid token.
            var response = await request.ReplyAsync(e.Problem);
            cookie.Clear(response);
            return response;
        }
    }

    private async Task<(UserId User, SessionId Session)> ReadAccessTokenAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        var token = await callers.AuthenticateAsync(request, cancellationToken);
        return (token.UserId, token.SessionId);
    }

    private async Task<(UserId User, SessionId Session)> ReadRefreshTokenAsync(
        HttpRequestData request, string? cookieText, CancellationToken cancellationToken)
    {
        rateLimits.LimitOther(callers.ClientOf(request));
        var body = cookieText is not null && !RequestBody.IsPresent(request)
            ? new(null) : await RequestBody.ReadAsync(request, WireJson.Default.LogoutRequestBody, cancellationToken);
        var text = body.RefreshToken;
        if (text is null && cookieText is not null)
        {
            cookie.RequireAllowedOrigin(request);
            text = cookieText;
        }

        if (string.IsNullOrEmpty(text))
            throw ProblemException.InvalidField("refreshToken", "is missing; send it, or an access token.");
        return (await RefreshTokenCodec.ReadAsync(text, keys, cancellationToken)).Token is { } token
            ? (token.UserId, token.SessionId)
            : throw new ProblemException(ProblemCode.TokenInvalid, "The refresh token is not valid.");
    }
}

internal sealed record LogoutRequestBody([Description("Required, except in cookie mode.")] string? RefreshToken) : RedactedBody;

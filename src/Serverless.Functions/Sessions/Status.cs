using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;

namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/status</summary>
public sealed class Status(Callers callers, TimeProvider clock)
{
    [Function(nameof(Status))]
    [Operation(
        "Tells whether this session is valid, until when, whose it is and on which device.",
        "May be up to 5 seconds old (`Sessions__StatusCacheLifetime`); the instance that ends a session knows at once.")]
    [Answers<StatusBody>(200, "The session is valid.")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sessions/status")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, session, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        if (token is null || session is null)
            return await request.ReplyAsync(problem!);

        var body = new StatusBody(
            true, SessionBody.Of(session, current: true), AccountBody.Of(session), token.ExpiresAt, clock.GetUtcNow());
        return await request.ReplyAsync(body, WireJson.Default.StatusBody);
    }
}

internal sealed record StatusBody(
    [AllowedValues(true)] bool Active, SessionBody Session, AccountBody Account, DateTimeOffset AccessTokenExpiresAt, DateTimeOffset ServerTime);

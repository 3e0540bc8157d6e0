using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;

namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/status</summary>
public sealed class Status(Callers callers, TimeProvider clock)
{
    /// <summary>The function.</summary>
    [Function(nameof(Status))]
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

/// <summary>What a status check answers.</summary>
internal sealed record StatusBody(
    bool Active, SessionBody Session, AccountBody Account, DateTimeOffset AccessTokenExpiresAt, DateTimeOffset ServerTime);

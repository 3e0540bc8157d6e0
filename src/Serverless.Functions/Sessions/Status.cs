using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions;

namespace Serverless.Functions.Sessions;

/// <summary>GET sessions/status</summary>
public sealed class Status(CheckSession checkSession, Callers callers, TimeProvider clock)
{
    /// <summary>The function.</summary>
    [Function(nameof(Status))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sessions/status")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, problem) = await callers.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false);
        if (token is null)
            return await request.ReplyAsync(problem!).ConfigureAwait(false);

        var result = await checkSession.ExecuteAsync(token.UserId, token.SessionId, cancellationToken).ConfigureAwait(false);
        return await (result switch
        {
            CheckSessionResult.Good good => request.ReplyAsync(
                new StatusBody(
                    true, SessionBody.Of(good.Session, current: true), AccountBody.Of(good.Session), token.ExpiresAt, clock.GetUtcNow()),
                WireJson.Default.StatusBody),
            CheckSessionResult.Over over => request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            _ => throw new InvalidOperationException("A result without an answer."),
        }).ConfigureAwait(false);
    }
}

/// <summary>What a status check answers.</summary>
internal sealed record StatusBody(
    bool Active, SessionBody Session, AccountBody Account, DateTimeOffset AccessTokenExpiresAt, DateTimeOffset ServerTime);

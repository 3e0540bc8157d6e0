using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Functions.Http;
using Serverless.Sessions.Presence;

namespace Serverless.Functions.Sessions;

/// <summary>POST sessions/heartbeat</summary>
public sealed class Heartbeat(RecordHeartbeat recordHeartbeat, Callers callers, IOptions<PresenceOptions> options, TimeProvider clock)
{
    /// <summary>The function.</summary>
    [Function(nameof(Heartbeat))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sessions/heartbeat")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, problem) = await callers.AuthenticateAsync(request, cancellationToken);
        if (token is null)
            return await request.ReplyAsync(problem!);

        var over = await recordHeartbeat.ExecuteAsync(token.UserId, token.SessionId, cancellationToken);
        return over is not null
            ? await request.ReplyAsync(Problem.SessionEnded(over))
            : await request.ReplyAsync(
                new HeartbeatBody(true, (int)options.Value.HeartbeatInterval.TotalMilliseconds, clock.GetUtcNow()),
                WireJson.Default.HeartbeatBody);
    }
}

/// <summary>What a heartbeat answers.</summary>
internal sealed record HeartbeatBody(bool Online, int NextHeartbeatMs, DateTimeOffset ServerTime);

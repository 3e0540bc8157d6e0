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
        var (token, problem) = await callers.AuthenticateAsync(request, cancellationToken).ConfigureAwait(false);
        if (token is null)
            return await request.ReplyAsync(problem!).ConfigureAwait(false);

        var over = await recordHeartbeat.ExecuteAsync(token.UserId, token.SessionId, cancellationToken).ConfigureAwait(false);
        return over is not null
            ? await request.ReplyAsync(Problem.SessionEnded(over)).ConfigureAwait(false)
            : await request.ReplyAsync(
                new HeartbeatBody(true, (int)options.Value.Interval.TotalMilliseconds, clock.GetUtcNow()),
                WireJson.Default.HeartbeatBody).ConfigureAwait(false);
    }
}

/// <summary>What a heartbeat answers.</summary>
internal sealed record HeartbeatBody(bool Online, int NextHeartbeatMs, DateTimeOffset ServerTime);

namespace Serverless.Functions.Presence;

public sealed class Heartbeat(RecordHeartbeat recordHeartbeat, IOptions<PresenceOptions> options, TimeProvider clock)
{
    [Function(nameof(Heartbeat))]
    [Operation("Reports this session as online.", "Never extends a session.", Access = Access.AccessToken)]
    [Answers(200, "When the next heartbeat is due.", typeof(HeartbeatBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/heartbeat")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var token = request.Token();
        var over = await recordHeartbeat.ExecuteAsync(token.UserId, token.SessionId, cancellationToken);
        return over is not null
            ? await request.ReplyAsync(Problem.SessionEnded(over))
            : await request.ReplyAsync(
                new HeartbeatBody(true, (int)options.Value.HeartbeatInterval.TotalMilliseconds, clock.GetUtcNow()),
                WireJson.Default.HeartbeatBody);
    }
}

internal sealed record HeartbeatBody(
    [AllowedValues(true)] bool Online,
    [Range(1, int.MaxValue), Description("Milliseconds until the next heartbeat is due.")] int NextHeartbeatMs,
    DateTimeOffset ServerTime);

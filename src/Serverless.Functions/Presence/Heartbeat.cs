namespace Serverless.Functions.Presence;

public sealed class Heartbeat(RecordHeartbeat recordHeartbeat, IOptions<PresenceOptions> options, TimeProvider clock)
{
    [Function(nameof(Heartbeat))]
    [Operation("Reports this session as online.", "Never extends a session. The body is optional.", Access = Access.AccessToken,
        Accepts = typeof(HeartbeatRequestBody), BodyIsOptional = true)]
    [Answers(200, "When the next heartbeat is due.", typeof(HeartbeatBody))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/heartbeat")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var token = request.Token();
        var body = RequestBody.IsPresent(request)
            ? await RequestBody.ReadAsync(request, WireJson.Default.HeartbeatRequestBody, cancellationToken) : new(null);
        var over = await recordHeartbeat.ExecuteAsync(token.UserId, token.SessionId, body.Active ?? true, cancellationToken);
        return over is not null
            ? await request.ReplyAsync(Problem.SessionEnded(over))
            : await request.ReplyAsync(
                new HeartbeatBody(true, (int)options.Value.HeartbeatInterval.TotalMilliseconds, clock.GetUtcNow()),
                WireJson.Default.HeartbeatBody);
    }
}

internal sealed record HeartbeatRequestBody(
    [Description("Whether the user has done something since the last heartbeat. Default true.")] bool? Active);

internal sealed record HeartbeatBody(
    [AllowedValues(true)] bool Online,
    [Range(1, int.MaxValue), Description("Milliseconds until the next heartbeat is due.")] int NextHeartbeatMs,
    DateTimeOffset ServerTime);

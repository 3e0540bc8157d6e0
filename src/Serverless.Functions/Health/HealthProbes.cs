namespace Serverless.Functions.Health;

/// <summary>GET health/live, GET health/ready</summary>
public sealed class HealthProbes(CheckReadiness checkReadiness, Callers callers, ILogger<HealthProbes> log)
{
    /// <summary>The name of the function that says that the process answers.</summary>
    public const string Live = "HealthLive";

    [Function(Live)]
    [Operation("Tells whether the process answers.", Access = Access.Anyone)]
    [Answers<LiveBody>(200, "It does, whatever storage does: a restart mends nothing that this doesn't see.")]
    public static Task<HttpResponseData> LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequestData request) =>
        request.ReplyAsync(new LiveBody("live"), WireJson.Default.LiveBody);

    [Function("HealthReady")]
    [Operation(
        "Tells whether this instance can serve, and how far each timer lags.",
        "503 where storage can't be reached or the key ring was never read; `detail` says which. A lag, or a ring that can't be read again, never "
        + "makes an instance unready. Storage is asked once at a time and at most every 5 seconds.",
        Access = Access.Anyone)]
    [Answers<ReadyBody>(200, "Keys and storage can be reached.")]
    public async Task<HttpResponseData> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var result = await checkReadiness.ExecuteAsync(cancellationToken);
        return await (result switch
        {
            ReadinessResult.Ready ready => request.ReplyAsync(ReadyBody.Of(ready, callers.MetUnknownAddress), WireJson.Default.ReadyBody),
            ReadinessResult.NoKeys { Cause: var cause } => RefuseAsync("The key ring can't be read.", cause),
            ReadinessResult.NoStorage { Cause: var cause } => RefuseAsync("Storage can't be reached; the key ring is loaded.", cause),
            _ => throw new InvalidOperationException("A result without an answer."),
        });

        Task<HttpResponseData> RefuseAsync(string detail, string cause)
        {
            log.StorageUnavailable("HealthReady", cause);
            return request.ReplyAsync(new Problem(ProblemCode.Unavailable, detail) { RetryAfter = CheckReadiness.GoodFor });
        }
    }
}

internal sealed record LiveBody([AllowedValues("live")] string Status);

internal sealed record ReadyBody(
    [AllowedValues("ready")] string Status,
    [AllowedValues("reachable")] string Storage,
    [AllowedValues("known", "unknown")]
    [Description("`unknown` where a request since the start passed fewer proxies than `Network__TrustedProxyHops`.")]
    string ClientAddresses,
    KeyRingBody KeyRing,
    IReadOnlyList<TimerLagBody> Timers,
    [Description("How many rows of storage the instance couldn't read since it started.")] int UnreadableRows)
{
    public static ReadyBody Of(ReadinessResult.Ready ready, bool metUnknownAddress) => new(
        "ready",
        "reachable",
        metUnknownAddress ? "unknown" : "known",
        new(ready.Keys.Stale ? "stale" : "current", (long)ready.Keys.Age.TotalSeconds),
        [.. ready.Timers.Select(lag => new TimerLagBody(lag.Timer, (long?)lag.Lag?.TotalSeconds))],
        ready.UnreadableRows);
}

/// <summary>Whether the key ring could be read lately, and how long ago it was.</summary>
internal sealed record KeyRingBody(
    [AllowedValues("current", "stale"), Description("`stale` where the ring couldn't be read again; the last one stays in use.")] string State,
    [Description("How long ago it was read.")] long AgeSeconds);

internal sealed record TimerLagBody(
    string Name, [Description("For how many seconds its oldest work has been due; null before its first run.")] long? LagSeconds);

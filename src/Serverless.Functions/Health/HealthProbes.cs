using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Http;
using Serverless.Sessions.Storage;

namespace Serverless.Functions.Health;

/// <summary>GET health/live, GET health/ready</summary>
public sealed class HealthProbes(CheckReadiness checkReadiness, Callers callers, ILogger<HealthProbes> log)
{
    /// <summary>The name of the function that says that the process answers.</summary>
    public const string Live = "HealthLive";

    /// <summary>Says that the process answers, whatever storage does: a restart mends nothing that this doesn't see.</summary>
    [Function(Live)]
    public static Task<HttpResponseData> LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequestData request) =>
        request.ReplyAsync(new LiveBody("live"), WireJson.Default.LiveBody);

    /// <summary>Says that keys and storage can be reached, and how far the timers lag; otherwise 503.</summary>
    [Function("HealthReady")]
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

/// <summary>What a living instance answers.</summary>
internal sealed record LiveBody(string Status);

/// <summary>What an instance answers that can serve.</summary>
internal sealed record ReadyBody(
    string Status, string Storage, string ClientAddresses, KeyRingBody KeyRing, IReadOnlyList<TimerLagBody> Timers, int UnreadableRows)
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
internal sealed record KeyRingBody(string State, long AgeSeconds);

/// <summary>For how many seconds a timer's oldest work has been due; null before its first run.</summary>
internal sealed record TimerLagBody(string Name, long? LagSeconds);

using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Readiness;

namespace Serverless.Functions.Health;

/// <summary>GET health/live, GET health/ready</summary>
public sealed class HealthProbes(CheckReadiness checkReadiness)
{
    /// <summary>Says that the process answers, whatever storage does: a restart mends nothing that this doesn't see.</summary>
    [Function("HealthLive")]
    public static Task<HttpResponseData> LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequestData request) =>
        request.ReplyAsync(new LiveBody("live"), WireJson.Default.LiveBody);

    /// <summary>Says that keys and storage can be reached, and how far the timers lag; otherwise 503.</summary>
    [Function("HealthReady")]
    public async Task<HttpResponseData> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var lags = await checkReadiness.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        var body = new ReadyBody("ready", [.. lags.Select(lag => new TimerLagBody(lag.Timer, (long?)lag.Lag?.TotalSeconds))]);
        return await request.ReplyAsync(body, WireJson.Default.ReadyBody).ConfigureAwait(false);
    }
}

/// <summary>What a living instance answers.</summary>
internal sealed record LiveBody(string Status);

/// <summary>What an instance answers that can serve.</summary>
internal sealed record ReadyBody(string Status, IReadOnlyList<TimerLagBody> Timers);

/// <summary>For how many seconds a timer's oldest work has been due; null before its first run.</summary>
internal sealed record TimerLagBody(string Name, long? LagSeconds);

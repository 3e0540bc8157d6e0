using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Functions.Telemetry;

/// <summary>The durations of requests and timers, named by OpenTelemetry's semantic conventions where there are any.</summary>
internal sealed class InvocationMetrics
{
    // The boundaries that the conventions recommend for requests, in seconds.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _timers;

    public InvocationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SessionMetrics.Name);
        _requests = meter.CreateHistogram("http.server.request.duration", "s", "Duration of HTTP requests.", tags: null, Seconds);
        _timers = meter.CreateHistogram("serverless.timers.run.duration", "s", "Duration of timer runs.", tags: null, Seconds);
    }

    public bool Enabled => _requests.Enabled || _timers.Enabled;

    public void RecordRequest(TimeSpan duration, string method, string route, int status) => _requests.Record(
        duration.TotalSeconds, new TagList { { "http.request.method", method }, { "http.route", route }, { "http.response.status_code", status } });

    public void RecordTimer(TimeSpan duration, string timer, string? error)
    {
        var tags = new TagList { { "timer", timer } };
        if (error is not null)
            tags.Add("error.type", error);
        _timers.Record(duration.TotalSeconds, tags);
    }
}

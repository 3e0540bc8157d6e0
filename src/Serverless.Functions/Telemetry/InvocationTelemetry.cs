using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Azure.Functions.Worker.Middleware;
using Activity = System.Diagnostics.Activity;
using ActivityKind = System.Diagnostics.ActivityKind;

namespace Serverless.Functions.Telemetry;

/// <summary>Records a span and a duration for each invocation, by route, since paths contain user ids, and named by
/// OpenTelemetry's semantic conventions where there are any. Without a listener it costs next to nothing.</summary>
internal sealed class InvocationTelemetry(IMeterFactory meters, TimeProvider clock) : IFunctionsWorkerMiddleware
{
    // The boundaries that the conventions recommend for requests, in seconds.
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    private readonly Histogram<double> _requests = meters.Create(SessionMetrics.Name)
        .CreateHistogram("http.server.request.duration", "s", "Duration of HTTP requests.", tags: null, Seconds);

    private readonly Histogram<double> _timers = meters.Create(SessionMetrics.Name)
        .CreateHistogram("serverless.timers.run.duration", "s", "Duration of timer runs.", tags: null, Seconds);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        SessionMetrics.Source.HasListeners() || _requests.Enabled || _timers.Enabled
            ? ObserveAsync(context, next) : next(context);

    private async Task ObserveAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var request = await context.GetHttpRequestDataAsync();
        var route = RouteTable.Find(context.FunctionDefinition.Name)?.Path ?? "";
        using var span = Start(context, request, route);
        var began = clock.GetTimestamp();
        string? error = null;
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            error = exception.GetType().FullName;
            throw;
        }
        finally
        {
            var duration = clock.GetElapsedTime(began);
            if (request is null)
            {
                var tags = new TagList { { "timer", context.FunctionDefinition.Name } };
                if (error is not null)
                    tags.Add("error.type", error);
                _timers.Record(duration.TotalSeconds, tags);
            }
            else if (context.GetInvocationResult().Value is HttpResponseData response)
                Finish(request, route, (int)response.StatusCode, duration, span);
            if (error is not null)
                span?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }
    }

    private static Activity? Start(FunctionContext context, HttpRequestData? request, string route)
    {
        if (request is null)
            return SessionMetrics.Source.StartActivity(context.FunctionDefinition.Name);
        var name = $"{request.Method} {route}";
        // Some hosts have started a span for the invocation, which becomes the parent of ours.
        if (Activity.Current is not null)
            return SessionMetrics.Source.StartActivity(name);
        var trace = context.TraceContext;
        ActivityContext.TryParse(trace?.TraceParent, trace?.TraceState, isRemote: true, out var caller);
        return SessionMetrics.Source.StartActivity(name, ActivityKind.Server, caller);
    }

    private void Finish(HttpRequestData request, string route, int status, TimeSpan duration, Activity? span)
    {
        _requests.Record(duration.TotalSeconds, new TagList
        {
            { "http.request.method", request.Method }, { "http.route", route }, { "http.response.status_code", status },
        });
        span?.SetTag("http.request.method", request.Method).SetTag("http.route", route).SetTag("http.response.status_code", status);
        // A refused request is not a server error.
        if (status >= 500)
            span?.SetStatus(ActivityStatusCode.Error);
    }
}

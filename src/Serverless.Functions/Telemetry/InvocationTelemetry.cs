using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Middleware;
using Activity = System.Diagnostics.Activity;
using ActivityKind = System.Diagnostics.ActivityKind;

namespace Serverless.Functions.Telemetry;

/// <summary>
/// Records a span and a duration for each invocation, by route, since paths contain user ids. Without a listener it costs next to
/// nothing.
/// </summary>
internal sealed class InvocationTelemetry(InvocationMetrics metrics, TimeProvider clock) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        SessionMetrics.Source.HasListeners() || metrics.Enabled ? ObserveAsync(context, next) : next(context);

    private async Task ObserveAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var request = await context.GetHttpRequestDataAsync();
        var route = RouteTable.OfThisApp.Find(context.FunctionDefinition.Name)?.Path ?? "";
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
                metrics.RecordTimer(duration, context.FunctionDefinition.Name, error);
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
        metrics.RecordRequest(duration, request.Method, route, status);
        span?.SetTag("http.request.method", request.Method).SetTag("http.route", route).SetTag("http.response.status_code", status);
        // A refused request is not a server error.
        if (status >= 500)
            span?.SetStatus(ActivityStatusCode.Error);
    }
}

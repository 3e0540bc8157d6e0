using Google.Protobuf;

namespace Serverless.LocalHost.Http;

/// <summary>Invokes a function for a request.</summary>
internal sealed class HttpFunction(Function function, WorkerLifecycle workers)
{
    internal async Task InvokeAsync(HttpContext http)
    {
        try
        {
            var body = await ReadBodyAsync(http);
            if (workers.Current is { } worker)
                await AnswerAsync(http, worker, RequestOf(http.Request, body));
            else
                HttpFront.Refuse(http);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client disconnected.
            http.Abort();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            Output.Log(LogLevel.Error, $"The response of function '{function.Name}' is not valid: {e.Message}");
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task AnswerAsync(HttpContext http, WorkerConnection worker, InvocationRequest request)
    {
        var invocation = worker.Invoke(function, request);
        using var leaving = http.RequestAborted.UnsafeRegister(static i => ((Invocation)i!).Cancel(), invocation);
        var (outcome, response) = await invocation.Task;
        if (outcome == InvocationOutcome.Succeeded)
            await HttpAnswer.WriteAsync(http, response!);
        else if (outcome is InvocationOutcome.WorkerLost or InvocationOutcome.Canceled)
            HttpFront.Refuse(http);
        else
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private InvocationRequest RequestOf(HttpRequest request, ByteString? body)
    {
        var data = new Protocol.Http
        {
            Method = request.Method,
            Url = $"http://{request.Host.ToUriComponent()}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}",
            Body = body is null ? null : new() { Bytes = body },
        };
        foreach (var (name, values) in request.Headers)
            data.NullableHeaders[name.ToLowerInvariant()] = new() { Value = string.Join(',', values.AsEnumerable()) };

        var invocation = function.Request(
            function.HttpTrigger!.Name, new() { Http = data }, request.Headers.TraceParent, request.Headers.TraceState);
        // The metadata is case-insensitive, and the worker fails on names that differ only in case.
        foreach (var (name, value) in request.RouteValues.Where(v => v.Value is not null))
            invocation.TriggerMetadata[name] = new() { String = $"{value}" };
        foreach (var (name, values) in request.Query.Where(q => request.RouteValues[q.Key] is null))
            invocation.TriggerMetadata[name] = new() { String = string.Join(',', values.AsEnumerable()) };
        return invocation;
    }

    /// <summary>Like the Functions host, ignores a body without a length.</summary>
    private static async ValueTask<ByteString?> ReadBodyAsync(HttpContext http) =>
        http.Request.ContentLength is > 0 ? await ByteString.FromStreamAsync(http.Request.Body, http.RequestAborted) : null;
}

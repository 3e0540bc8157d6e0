using System.Buffers;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;

namespace Serverless.LocalHost.Http;

/// <summary>Invokes a function for a request.</summary>
internal sealed class HttpFunction(Function function, WorkerLifecycle workers)
{
    internal async Task InvokeAsync(HttpContext http)
    {
        ByteString? body;
        try
        {
            body = await ReadBodyAsync(http);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
            return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away while it sent the body.
            http.Abort();
            return;
        }

        if (workers.Current is not { } worker)
        {
            await HttpFront.Unavailable(http);
            return;
        }

        var invocation = worker.Invoke(function, RequestOf(http.Request, body));
        InvocationResult result;
        using (http.RequestAborted.UnsafeRegister(static i => ((Invocation)i!).Cancel(), invocation))
            result = await invocation.Task;
        await AnswerAsync(http, result);
    }

    private async Task AnswerAsync(HttpContext http, InvocationResult result)
    {
        try
        {
            await (result.Outcome switch
            {
                InvocationOutcome.Succeeded => HttpAnswer.WriteAsync(http, function, result.Response!),
                InvocationOutcome.WorkerLost => HttpFront.Unavailable(http),
                _ => Fail(http),
            });
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            Output.Log(LogLevel.Error, $"The response of function '{function.Name}' is not valid: {e.Message}");
            await Fail(http);
        }
    }

    private static Task Fail(HttpContext http)
    {
        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.CompletedTask;
    }

    private InvocationRequest RequestOf(HttpRequest request, ByteString? body)
    {
        var data = new Protocol.Http
        {
            Method = request.Method,
            Url = $"http://{request.Host.ToUriComponent()}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}",
        };
        if (body is not null)
            data.Body = new() { Bytes = body };
        foreach (var (name, values) in request.Headers)
            data.NullableHeaders[name.ToLowerInvariant()] = new() { Value = string.Join(',', values.AsEnumerable()) };

        var invocation = function.Request(
            function.HttpTrigger!.Name, new() { Http = data }, request.Headers.TraceParent, request.Headers.TraceState);
        // Both look names up in any case, and the worker fails for two that differ only in that.
        foreach (var (name, value) in request.RouteValues)
        {
            if (value is string text)
                invocation.TriggerMetadata[name] = new() { String = text };
        }

        foreach (var (name, values) in request.Query)
        {
            if (request.RouteValues[name] is null)
                invocation.TriggerMetadata[name] = new() { String = string.Join(',', values.AsEnumerable()) };
        }

        return invocation;
    }

    private static async ValueTask<ByteString?> ReadBodyAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return null;
        var parts = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            foreach (var part in read.Buffer)
                parts.Write(part.Span);
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return parts.WrittenCount == 0 ? null : UnsafeByteOperations.UnsafeWrap(parts.WrittenMemory);
        }
    }
}

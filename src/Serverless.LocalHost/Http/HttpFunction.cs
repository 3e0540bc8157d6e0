using System.Buffers;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Protocol;
using Serverless.LocalHost.Workers;

namespace Serverless.LocalHost.Http;

/// <summary>Invokes a function for a request.</summary>
internal sealed class HttpFunction(Function function, HttpTrigger trigger, WorkerLifecycle workers)
{
    internal async Task InvokeAsync(HttpContext http)
    {
        if (workers.Current is not { } worker)
        {
            HttpFront.Unavailable(http);
            return;
        }

        InvocationRequest request;
        try
        {
            request = RequestOf(http, await ReadBodyAsync(http));
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

        var invocation = worker.Invoke(function, request);
        InvocationResult result;
        using (http.RequestAborted.UnsafeRegister(static i => ((Invocation)i!).Cancel(), invocation))
            result = await invocation.Task;
        switch (result.Outcome)
        {
            case InvocationOutcome.Succeeded:
                await HttpAnswer.WriteAsync(http, function, result.Response!);
                break;
            case InvocationOutcome.WorkerLost:
                HttpFront.Unavailable(http);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
        }
    }

    private InvocationRequest RequestOf(HttpContext http, ByteString? body)
    {
        var incoming = http.Request;
        var data = new Protocol.Http
        {
            Method = incoming.Method,
            Url = string.Concat(
                "http://", incoming.Host.ToUriComponent(), incoming.Path.ToUriComponent(), incoming.QueryString.ToUriComponent()),
        };
        if (body is not null)
            data.Body = new() { Bytes = body };
        foreach (var (name, values) in incoming.Headers)
            data.NullableHeaders[name.ToLowerInvariant()] = new() { Value = string.Join(',', values.AsEnumerable()) };

        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            TraceContext = Trace.Of(incoming.Headers.TraceParent, incoming.Headers.TraceState),
            InputData = { new Protocol.ParameterBinding { Name = trigger.Parameter, Data = new() { Http = data } } },
        };
        // Route values win over the query. Both look names up in any case, and the worker fails for two that differ only in that.
        foreach (var (name, value) in incoming.RouteValues)
        {
            if (value is string text)
                request.TriggerMetadata[name] = new() { String = text };
        }

        foreach (var (name, values) in incoming.Query)
        {
            if (!incoming.RouteValues.TryGetValue(name, out var taken) || taken is null)
                request.TriggerMetadata[name] = new() { String = string.Join(',', values.AsEnumerable()) };
        }

        return request;
    }

    private static async ValueTask<ByteString?> ReadBodyAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return null;
        var reader = http.Request.BodyReader;
        ArrayBufferWriter<byte>? parts = null;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted && parts is null)
            {
                var all = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return all.Length == 0 ? null : UnsafeByteOperations.UnsafeWrap(all);
            }

            parts ??= new();
            foreach (var part in read.Buffer)
                parts.Write(part.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return parts.WrittenCount == 0 ? null : UnsafeByteOperations.UnsafeWrap(parts.WrittenMemory);
        }
    }
}

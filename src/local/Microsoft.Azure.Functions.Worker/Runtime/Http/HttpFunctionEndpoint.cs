using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>Runs a function for a request and sends its response.</summary>
internal sealed class HttpFunctionEndpoint(
    HttpFunction function, IServiceScopeFactory scopes, FunctionExecutionDelegate pipeline, HostHeader hosts)
{
    internal async Task InvokeAsync(HttpContext http)
    {
        // Neither passes the platform's front end; a function's answer to CONNECT the server would refuse to send.
        if (!hosts.IsUsable(http.Request.Host) || HttpMethods.IsConnect(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        Stream body;
        try
        {
            body = await RequestBody.ReadAsync(http.Request).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
            return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller went away while it sent the body; there is nobody to answer and nothing wrong here.
            http.Abort();
            return;
        }

        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        var invocation = new Invocation(function, scope.ServiceProvider, http, body);
        try
        {
            await pipeline(invocation).ConfigureAwait(false);
            await ResponseWriter.WriteAsync(http, invocation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(http, invocation, e);
        }
        finally
        {
            invocation.Request!.End();
        }
    }

    private void Fail(HttpContext http, Invocation invocation, Exception exception)
    {
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            function.Logger.Canceled(function.Name, invocation.InvocationId);
            return;
        }

        function.Logger.Failed(exception, function.Name, invocation.InvocationId);
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}

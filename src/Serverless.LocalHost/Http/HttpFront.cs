using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Settings;
using Serverless.LocalHost.Timers;
using Serverless.LocalHost.Workers;

namespace Serverless.LocalHost.Http;

/// <summary>The public port. It listens on the loopback only, which is what protects <c>admin/</c>.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const long MaximumBody = 100 * 1024 * 1024;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(0.5);

    private readonly TaskCompletionSource<RequestDelegate> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AppFolder _app;
    private readonly WebApplication _server;
    private volatile bool _refuses;

    private HttpFront(AppFolder app)
    {
        _app = app;
        _server = WebServer.Create(
            kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = MaximumBody;
                kestrel.ListenLocalhost(app.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            },
            services =>
            {
                services.AddRouting();
                services.AddCors();
                services.AddSingleton<MatcherPolicy, MethodPolicy>();
            });
        // Terminal, so that nothing else of the web application is in the way of a request.
        _server.Run(HandleAsync);
    }

    /// <summary>Listens; requests wait until the functions are known.</summary>
    /// <exception cref="HostFailure">The port is in use.</exception>
    internal static async Task<HttpFront> StartAsync(AppFolder app)
    {
        var front = new HttpFront(app);
        try
        {
            await front._server.StartAsync();
            return front;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await front.DisposeAsync();
            throw new HostFailure(e.InnerException is AddressInUseException
                ? $"Port {app.Port} is in use: stop the process that listens on it, or choose another port with --port."
                : $"Port {app.Port} can't be used: {e.Message} Choose another port with --port.");
        }
    }

    internal static void Unavailable(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "1";
    }

    /// <summary>The URL of a function.</summary>
    internal string UrlOf(HttpTrigger trigger) => $"http://localhost:{_app.Port}/{RouteOf(trigger)}";

    internal void Open(IReadOnlyList<Function> functions, WorkerLifecycle workers, TimerHost timers)
    {
        var endpoints = new List<Endpoint>(new AdminApi(functions, timers).Endpoints);
        // The Functions host tries the routes in the order of the functions' names, however specific they are.
        foreach (var function in functions)
        {
            if (function.Trigger is HttpTrigger trigger)
            {
                endpoints.Add(Map(
                    RouteOf(trigger), trigger.Methods, new HttpFunction(function, trigger, workers).InvokeAsync, endpoints.Count,
                    $"Function '{function.Name}'"));
            }
        }

        endpoints.Add(Map("", [HttpMethods.Get], http => http.Response.WriteAsync("Your Functions app is up and running."), endpoints.Count));

        var pipeline = new ApplicationBuilder(_server.Services);
        if (_app.Local.CorsOrigins.Count > 0)
        {
            pipeline.UseCors(policy =>
            {
                policy.WithOrigins([.. _app.Local.CorsOrigins]).AllowAnyHeader().AllowAnyMethod();
                if (_app.Local.CorsCredentials)
                    policy.AllowCredentials();
            });
        }

        pipeline.Properties["__EndpointRouteBuilder"] = null;
        pipeline.UseRouting();
        pipeline.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
        _opened.TrySetResult(pipeline.Build());
    }

    /// <summary>Answers new requests with 503; running ones go on.</summary>
    internal void Refuse() => _refuses = true;

    internal async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(LongestStop);
        await _server.StopAsync(limit.Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    internal static Endpoint Map(string route, string[] methods, RequestDelegate handler, int order, string? owner = null)
    {
        try
        {
            return new RouteEndpointBuilder(handler, RoutePatternFactory.Parse(route), order)
            {
                DisplayName = owner ?? route, Metadata = { new AcceptedMethods(methods) },
            }.Build();
        }
        catch (RoutePatternException e)
        {
            throw new HostFailure($"{owner}: the route '{route}' is not valid: {e.Message}");
        }
    }

    private string RouteOf(HttpTrigger trigger) => $"{_app.RoutePrefix}/{trigger.Route.TrimStart('/')}".TrimStart('/');

    private Task HandleAsync(HttpContext http)
    {
        if (_refuses)
        {
            Unavailable(http);
            return Task.CompletedTask;
        }

        return _opened.Task.IsCompletedSuccessfully ? _opened.Task.Result(http) : WaitAsync(http);
    }

    private async Task WaitAsync(HttpContext http)
    {
        try
        {
            var handle = await _opened.Task.WaitAsync(LongestStart, http.RequestAborted);
            await handle(http);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Unavailable(http);
        }
    }
}

using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Serverless.LocalHost.Http;

/// <summary>The public port. It listens on loopback only, which is what protects <c>admin/</c>.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const long MaximumBody = 100 * 1024 * 1024;

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(0.5);

    private readonly TaskCompletionSource<RequestDelegate> _pipeline = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
            services => services.AddCors().AddSingleton<MatcherPolicy, MethodPolicy>());
        _server.Run(HandleAsync);
    }

    /// <summary>Starts to listen. Requests wait until the functions are loaded.</summary>
    /// <exception cref="HostFailure">The port is in use.</exception>
    internal static async Task<HttpFront> StartAsync(AppFolder app)
    {
        var front = new HttpFront(app);
        try
        {
            await front._server.StartAsync();
            return front;
        }
        catch (IOException e)
        {
            await front.DisposeAsync();
            var reason = e.InnerException is AddressInUseException
                ? "is in use: stop the process that listens on it, or"
                : $"fails ({e.Message}):";
            throw new HostFailure($"Port {app.Port} {reason} choose another port with --port.");
        }
    }

    internal static void Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "1";
    }

    /// <summary>Methods and URL of a function, or its schedule.</summary>
    internal string Describe(Function function) => function.HttpTrigger is { } http
        ? $"[{string.Join(',', http.Methods ?? []).ToUpperInvariant()}] http://localhost:{_app.Port}/{RouteOf(function)}"
        : function.TimerTrigger?.Schedule ?? "no trigger that this host serves";

    internal void Open(IReadOnlyList<Function> functions, WorkerLifecycle workers, Func<string, TimerLoop?> timers)
    {
        List<Endpoint> endpoints =
        [
            Map("admin/host/status", ["GET"], http => http.Response.WriteAsync("""{"state":"Running"}"""), order: -2),
            Map("admin/functions/{name}", ["POST"], http => CallTimerAsync(http, timers), order: -1),
        ];
        // The Functions host matches routes in the order of the functions' names, however specific they are.
        foreach (var function in functions.Where(f => f.HttpTrigger is not null))
        {
            endpoints.Add(Map(
                RouteOf(function), function.HttpTrigger!.Methods ?? [], new HttpFunction(function, workers).InvokeAsync, endpoints.Count));
        }

        endpoints.Add(Map("", ["GET"], http => http.Response.WriteAsync("Your Functions app is up and running."), endpoints.Count));

        var pipeline = new ApplicationBuilder(_server.Services);
        if (_app.Local.Host?.Origins is { Length: > 0 } origins)
        {
            pipeline.UseCors(policy => (_app.Local.Host.CORSCredentials ? policy.AllowCredentials() : policy)
                .WithOrigins(origins).AllowAnyHeader().AllowAnyMethod());
        }

        pipeline.UseRouting();
        pipeline.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
        _pipeline.TrySetResult(pipeline.Build());
    }

    /// <summary>Responds to new requests with 503; running ones continue.</summary>
    internal void RefuseAll() => _refuses = true;

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(LongestStop);
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }

    private static Endpoint Map(string route, string[] methods, RequestDelegate handler, int order)
    {
        var endpoint = new RouteEndpointBuilder(handler, RoutePatternFactory.Parse(route), order);
        endpoint.Metadata.Add(methods);
        return endpoint.Build();
    }

    private static Task CallTimerAsync(HttpContext http, Func<string, TimerLoop?> timers)
    {
        var timer = timers((string)http.Request.RouteValues["name"]!);
        // A page in the developer's browser can't send JSON without a preflight request.
        var isJson = http.Request.HasJsonContentType();
        if (isJson)
            timer?.Call();
        http.Response.StatusCode = timer is null ? StatusCodes.Status404NotFound
            : isJson ? StatusCodes.Status202Accepted : StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    private string RouteOf(Function function) =>
        $"{_app.RoutePrefix}/{(function.HttpTrigger!.Route ?? function.Name).TrimStart('/')}".TrimStart('/');

    /// <summary>The wait for the functions is bounded by the time limit of the first start.</summary>
    private async Task HandleAsync(HttpContext http)
    {
        var handle = await _pipeline.Task.WaitAsync(http.RequestAborted);
        if (_refuses)
            Refuse(http);
        else
            await handle(http);
    }
}

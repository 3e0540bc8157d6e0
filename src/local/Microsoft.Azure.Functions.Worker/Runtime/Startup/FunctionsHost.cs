using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Azure.Functions.Worker.Runtime.Http;
using Microsoft.Azure.Functions.Worker.Runtime.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>
/// The app's generic host with the server and the timers around it: they start when all of the app's own services have
/// started, and stop before these stop.
/// </summary>
internal sealed class FunctionsHost(
    IHost app, RuntimeEnvironment environment, RuntimeSettings settings, FunctionExecutionDelegate pipeline)
    : IHost, IAsyncDisposable
{
    /// <summary>How long running invocations may take to finish when the host stops.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private HttpServer? _server;
    private TimerHost? _timers;

    public IServiceProvider Services => app.Services;

    /// <summary>The address functions are called at, without a trailing slash; null before the start.</summary>
    internal string? Address => _server?.Address;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await StartRuntimeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StartupException failure)
        {
            environment.Fail(failure);
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        grace.CancelAfter(Grace);
        await Task.WhenAll(
            _server?.StopAsync(grace.Token) ?? Task.CompletedTask,
            _timers?.StopAsync(grace.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        await app.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _timers?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        if (app is IAsyncDisposable host)
            await host.DisposeAsync().ConfigureAwait(false);
        else
            app.Dispose();
    }

    private async Task StartRuntimeAsync(CancellationToken cancellationToken)
    {
        var configuration = Services.GetRequiredService<IConfiguration>();
        var loggers = Services.GetRequiredService<ILoggerFactory>();
        var functions = new FunctionCatalog(settings.Host.RoutePrefix, configuration, loggers).Find(environment.Types());
        _timers = new TimerHost(functions.OfType<TimerFunction>(), configuration, Services, pipeline);
        _server = new HttpServer(settings, functions, _timers, Services, pipeline);

        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        Print(functions);
        _timers.Start();
    }

    private void Print(IReadOnlyList<Function> functions)
    {
        var enabled = functions.Where(f => !f.Disabled).ToList();
        if (enabled.Count > 0)
            environment.Output.WriteLine("Functions:");
        foreach (var function in enabled.OfType<HttpFunction>().Cast<Function>().Concat(enabled.OfType<TimerFunction>()))
            environment.Output.WriteLine(function.Describe(Address!));
        foreach (var function in functions.Where(f => f.Disabled))
            environment.Output.WriteLine($"Function {function.Name} is disabled.");
    }
}

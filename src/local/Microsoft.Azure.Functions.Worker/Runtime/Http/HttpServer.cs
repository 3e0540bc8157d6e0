using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Azure.Functions.Worker.Runtime.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>Kestrel with the functions behind it, without the web host, most of which nothing here would use.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly RuntimeSettings _settings;
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;
    private readonly KestrelServer _kestrel;

    internal HttpServer(
        RuntimeSettings settings,
        IReadOnlyList<Function> functions,
        TimerHost timers,
        IServiceProvider app,
        FunctionExecutionDelegate pipeline)
    {
        _settings = settings;
        var loggers = app.GetRequiredService<ILoggerFactory>();
        _services = RequestPipeline.CreateServices(loggers);
        _pipeline = RequestPipeline.Build(
            _services,
            settings.Local,
            functions.OfType<HttpFunction>(),
            new AdminApi(functions, timers),
            app.GetRequiredService<IServiceScopeFactory>(),
            pipeline);
        _kestrel = new KestrelServer(
            Options.Create(KestrelOptions()),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers),
            loggers);
        foreach (var url in settings.Urls)
            Addresses.Add(url);
    }

    /// <summary>The base of all URLs as the list of functions shows it, without a trailing slash.</summary>
    internal string Address => Addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/');

    private ICollection<string> Addresses => _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses;

    private string Place => _settings.Urls.Count > 0 ? string.Join(", ", _settings.Urls) : $"Port {_settings.Port}";

    public async ValueTask DisposeAsync()
    {
        _kestrel.Dispose();
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _kestrel.StartAsync(new RequestApplication(_pipeline), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new StartupException(
                $"{Place} is in use: close the process that listens there, or choose another port with --port or with " +
                "Host.LocalHttpPort in local.settings.json.",
                e);
        }
        catch (Exception e) when (e is IOException or SocketException or FormatException or InvalidOperationException)
        {
            throw new StartupException($"{Place} can't be listened on: {e.Message} Choose another port with --port.", e);
        }
    }

    internal Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    private KestrelServerOptions KestrelOptions()
    {
        var options = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        options.Limits.MaxRequestBodySize = RuntimeSettings.MaxBodySize;
        options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        if (_settings.Urls.Count == 0)
        {
            // The server can't pick one free port for both loopback addresses, so 0 means that of IPv4.
            if (_settings.Port == 0)
                options.Listen(IPAddress.Loopback, 0);
            else
                options.ListenLocalhost(_settings.Port);
        }

        return options;
    }
}

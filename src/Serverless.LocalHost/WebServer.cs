using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Serverless.LocalHost;

/// <summary>Plain Kestrel: no logging, configuration files or signal handlers.</summary>
internal static class WebServer
{
    internal static WebApplication Create(Action<KestrelServerOptions> kestrel, Action<IServiceCollection> services)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.AddServerHeader = false).ConfigureKestrel(kestrel);
        builder.Services.AddRouting().AddSingleton<IHostLifetime, NoSignals>();
        services(builder.Services);
        return builder.Build();
    }

    /// <summary>The default lifetime stops the server on Ctrl+C, before running calls have ended.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

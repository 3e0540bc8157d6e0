using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Hosting;

/// <summary>Something on this machine that the app calls.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LocalServer(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public static async Task<LocalServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(answer);
        await server.StartAsync();
        return new(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

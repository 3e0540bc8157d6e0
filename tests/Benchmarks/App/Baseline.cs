using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Benchmarks.App;

/// <summary>
/// What the app is compared with: an ASP.NET Core server with an endpoint that does nothing, and one that sends the transaction
/// of a refresh and nothing else.
/// </summary>
internal static class Baseline
{
    public const string Command = "baseline";
    public const string Empty = "empty";

    public static string Refresh(int connection) => string.Create(CultureInfo.InvariantCulture, $"refresh/{connection}");

    public static async Task RunAsync(int port, string connectionString, int connections)
    {
        var storage = new RawStorage(connectionString, connections);
        await storage.PrepareAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet(Empty, () => Results.Ok());
        app.MapPost("refresh/{connection:int}", async (int connection) =>
        {
            await storage.RefreshAsync(connection);
            return Results.Ok();
        });
        await app.RunAsync();
    }
}

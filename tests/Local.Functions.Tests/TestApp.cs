using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Local.Functions.Tests;

/// <summary>An app of some function classes, listening on a free port of this machine.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly string _directory;
    private readonly IHost _host;
    private bool _stopped;

    private TestApp(IHost host, string directory, RecordedLogs logs, StringWriter output)
    {
        (_host, _directory, Logs, Output) = (host, directory, logs, output);
        Address = new Uri(((FunctionsHost)host).Address + "/");
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    internal HttpClient Http { get; }

    internal Uri Address { get; }

    internal RecordedLogs Logs { get; }

    internal StringWriter Output { get; }

    internal IServiceProvider Services => _host.Services;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    internal static Task<TestApp> StartAsync<T>(
        Action<FunctionsApplicationBuilder>? configure = null, string? settings = null, string? hostJson = null) =>
        StartAsync([typeof(T)], configure, settings, hostJson);

    internal static async Task<TestApp> StartAsync(
        IEnumerable<Type> types,
        Action<FunctionsApplicationBuilder>? configure = null,
        string? settings = null,
        string? hostJson = null,
        string[]? args = null)
    {
        var directory = Directory.CreateTempSubdirectory("functions-").FullName;
        Write(directory, "local.settings.json", settings);
        Write(directory, "host.json", hostJson);
        var output = new StringWriter();
        var logs = new RecordedLogs();
        var builder = new FunctionsApplicationBuilder(
            args ?? ["--port", "0"], new RuntimeEnvironment(() => types, directory, output, OwnsProcess: false));
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        configure?.Invoke(builder);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }

        return new TestApp(host, directory, logs, output);
    }

    internal async Task StopAsync(TimeSpan? grace = null)
    {
        if (_stopped)
            return;
        _stopped = true;
        using var patience = new CancellationTokenSource(grace ?? TimeSpan.FromMinutes(1));
        await _host.StopAsync(patience.Token);
    }

    /// <summary>Sends bytes as they are, which HttpClient wouldn't, and returns the response as it comes.</summary>
    internal async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(answer.ToString()))
        {
            var read = await stream.ReadAsync(buffer, patience.Token);
            if (read == 0)
                break;
            answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        var length = Regex.Match(answer[..head], @"Content-Length: (\d+)");
        return length.Success && answer.Length >= head + 4 + int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static void Write(string directory, string name, string? content)
    {
        if (content is not null)
            File.WriteAllText(Path.Combine(directory, name), content);
    }
}

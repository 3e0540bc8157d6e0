using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Push;

/// <summary>A browser on Node, and its push service on this machine.</summary>
internal sealed class NodeBrowser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<JsonObject> _requests = Channel.CreateUnbounded<JsonObject>();
    private readonly Process _process;
    private LocalServer _service = null!;
    private JsonNode _keys = null!;

    private NodeBrowser()
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests/EndToEnd.Tests/Push/browser.mjs");
        var start = new ProcessStartInfo("node", script);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>How the push service answers.</summary>
    public int Status { get; set; } = 201;

    public object Subscription =>
        new { endpoint = $"{_service.Address}/push/one", expirationTime = (int?)null, keys = _keys };

    public static async Task<NodeBrowser> StartAsync()
    {
        var browser = new NodeBrowser();
        browser._keys = JsonNode.Parse((await browser.ReadLineAsync())!)!;
        browser._service = await LocalServer.StartAsync(browser.TakeAsync);
        return browser;
    }

    /// <summary>The next message, and whose it is by its signature.</summary>
    public async Task<(string Key, string Subject, JsonObject Message)> NextAsync()
    {
        var request = await _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        await _process.StandardInput.WriteLineAsync(request.ToJsonString());
        var read = JsonNode.Parse((await ReadLineAsync())!)!;
        return ((string)read["key"]!, (string)read["subject"]!, JsonNode.Parse((string)read["message"]!)!.AsObject());
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.StatusCode = Status;
        await _requests.Writer.WriteAsync(new()
        {
            ["authorization"] = $"{http.Request.Headers.Authorization}",
            ["audience"] = "http://127.0.0.1",
            ["body"] = Convert.ToBase64String(body.ToArray()),
        });
    }
}

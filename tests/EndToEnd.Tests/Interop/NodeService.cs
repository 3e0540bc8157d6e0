using System.Diagnostics;

namespace EndToEnd.Tests.Interop;

/// <summary>A service on Node that verifies tokens with jose.</summary>
internal sealed class NodeService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    public NodeService(string issuer, string audience)
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests/EndToEnd.Tests/Interop/verify.mjs");
        var start = new ProcessStartInfo("node", [script, issuer, audience, FreshProofExample.Document]);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>"good" and whose token it is, or "bad" and why.</summary>
    public Task<string?> VerifyAsync(string token, string type = "at+jwt") => AskAsync(type, token);

    /// <summary>Asks for what needs a fresh proof.</summary>
    public async Task<Payment> PayAsync(string token) =>
        JsonSerializer.Deserialize<Payment>((await AskAsync("payment", token))!, JsonSerializerOptions.Web)!;

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string?> AskAsync(string type, string token)
    {
        await _process.StandardInput.WriteLineAsync($"{type} {token}");
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
    }
}

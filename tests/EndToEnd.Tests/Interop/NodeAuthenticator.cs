using System.Diagnostics;

namespace EndToEnd.Tests.Interop;

/// <summary>A browser with an authenticator, on Node.</summary>
internal sealed class NodeAuthenticator : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    public NodeAuthenticator(string origin)
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests/EndToEnd.Tests/Interop/authenticator.mjs");
        var start = new ProcessStartInfo("node", [script, origin]);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    /// <param name="algorithm">Creates a credential of it; null uses one.</param>
    /// <returns>What the page sends: the state and the credential.</returns>
    public async Task<JsonObject> AnswerAsync(Answer asked, int? algorithm = null)
    {
        var request = new JsonObject { ["options"] = JsonNode.Parse(asked.Json.GetProperty("options").GetRawText()), ["alg"] = algorithm };
        await _process.StandardInput.WriteLineAsync(request.ToJsonString());
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return new() { ["state"] = asked.Json.Text("state"), ["credential"] = JsonNode.Parse(line!) };
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

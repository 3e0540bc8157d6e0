using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Abuse;

/// <summary>A captcha provider on this machine; the beginning of a token says how it is answered.</summary>
public sealed class FakeSiteverify : IAsyncDisposable
{
    public const string Secret = "secret-of-the-captcha-provider-0123456789";

    private LocalServer _server = null!;

    public string Address => $"{_server.Address}/siteverify/";
    public ConcurrentDictionary<string, string> Forms { get; } = [];

    public static string Token(string how) => $"{how}-{Guid.NewGuid():N}";

    public async Task StartAsync()
    {
        Issued.Add(Secret);
        _server = await LocalServer.StartAsync(AnswerAsync);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var token = form["response"].ToString();
        Forms[token] = $"{http.Request.Method} {form["secret"]} {form["remoteip"]}";
        var (status, json) = token.Split('-')[0] switch
        {
            "good" => (200, """{"success":true,"challenge_ts":"2026-03-14T09:26:53Z","hostname":"localhost","error-codes":[]}"""),
            "bad" => (200, """{"success":false,"error-codes":["timeout-or-duplicate"]}"""),
            "secret" => (200, """{"success":false,"error-codes":["invalid-input-secret"]}"""),
            "internal" => (200, """{"success":false,"error-codes":["internal-error"]}"""),
            "empty" => (200, "{}"),
            "html" => (200, "<html>"),
            "moved" => (302, ""),
            _ => (500, "{}"),
        };
        if (token.StartsWith("slow", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromSeconds(7), http.RequestAborted); // The app doesn't wait.
        http.Response.StatusCode = status;
        await http.Response.WriteAsync(json);
    }
}

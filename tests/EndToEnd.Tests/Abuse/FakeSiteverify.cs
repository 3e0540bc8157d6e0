using System.Web;

namespace EndToEnd.Tests.Abuse;

/// <summary>A captcha provider on this machine; the beginning of a token says how it is answered.</summary>
public sealed class FakeSiteverify : IDisposable
{
    public const string Secret = "secret-of-the-captcha-provider-0123456789";

    private readonly HttpListener _listener = new();

    public FakeSiteverify()
    {
        Issued.Add(Secret);
        Address = $"http://127.0.0.1:{FreePort.Next()}/siteverify/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }
    public ConcurrentDictionary<string, string> Forms { get; } = [];

    public static string Token(string how) => $"{how}-{Guid.NewGuid():N}";

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return; // It was closed.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
        var token = form["response"]!;
        Forms[token] = $"{context.Request.HttpMethod} {form["secret"]} {form["remoteip"]}";
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
            await Task.Delay(TimeSpan.FromSeconds(7));
        context.Response.StatusCode = status;
        try
        {
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json));
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            context.Response.Abort(); // The app didn't wait.
        }
    }
}

#:property PublishAot=false

// Imports accounts from a file, a line of JSON each, by POST admin/accounts/import: dotnet src/import.cs FILE
// Repeated after whatever stopped it, it finds what it has done and goes on.

using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

const int MostLines = 1000, MostBytes = 1_000_000, MostTries = 10;

var address = Setting("IMPORT_ADDRESS") ?? "http://localhost:7071/api";
var email = Setting("IMPORT_EMAIL") ?? "admin@example.com";
var password = Setting("IMPORT_PASSWORD") ?? Setting("DEMO_PASSWORD") ?? "correct horse battery staple";
using var http = new HttpClient(new SocketsHttpHandler { UseProxy = !new Uri(address).IsLoopback }) { Timeout = TimeSpan.FromMinutes(4) };
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var (counts, clock, line) = (new Dictionary<string, int>(), Stopwatch.StartNew(), 0);
try
{
    await LoginAsync();
    var chunk = new StringBuilder();
    var (lines, bytes) = (0, 0);
    await foreach (var text in File.ReadLinesAsync(args[0], stop.Token))
    {
        var length = Encoding.UTF8.GetByteCount(text) + 1;
        if (lines == MostLines || (lines > 0 && bytes + length > MostBytes))
            await SendAsync();
        chunk.Append(text).Append('\n');
        (lines, bytes) = (lines + 1, bytes + length);
    }

    if (lines > 0)
        await SendAsync();
    Console.WriteLine($"{line} lines in {clock.Elapsed.TotalSeconds:0} s: {Counts()}");
    return Count("refused") == 0 ? 0 : 1;

    async Task SendAsync()
    {
        await ImportAsync(chunk.ToString());
        line += lines;
        Console.WriteLine($"line {line}: {Counts()}, {line / clock.Elapsed.TotalSeconds:0} lines a second");
        chunk.Clear();
        (lines, bytes) = (0, 0);
    }
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException
    or InvalidOperationException)
{
    Console.Error.WriteLine($"{exception.Message}\nStopped after line {line}; run it again to go on.");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"Stopped after line {line}; run it again to go on.");
    return 130;
}

static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

int Count(string result) => counts.GetValueOrDefault(result);

string Counts() => $"{Count("created")} accounts created, {Count("exists")} existed, {Count("refused")} lines refused";

async Task LoginAsync()
{
    using var answer = await TryAsync(() =>
        new(HttpMethod.Post, $"{address}/sessions/login")
        {
            // The service takes no body without a length.
            Content = new StringContent(
                new JsonObject { ["email"] = email, ["password"] = password }.ToJsonString(), null, "application/json"),
        });
    if (!answer.IsSuccessStatusCode)
        throw new InvalidOperationException($"The login as {email} failed: {await answer.Content.ReadAsStringAsync(stop.Token)}");
    var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop.Token))!;
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)body["accessToken"]!);
}

async Task ImportAsync(string chunk)
{
    for (var logins = 0; ; logins++)
    {
        using var answer = await TryAsync(() => new(HttpMethod.Post, $"{address}/admin/accounts/import")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(chunk)) { Headers = { ContentType = new("application/x-ndjson") } },
        });
        var text = await answer.Content.ReadAsStringAsync(stop.Token);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && logins == 0)
        {
            await LoginAsync();
            continue;
        }

        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The import was answered {(int)answer.StatusCode}: {text}");
        foreach (var report in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(each => JsonNode.Parse(each)!))
        {
            var result = (string)report["result"]!;
            counts[result] = Count(result) + 1;
            if (result == "refused")
                Console.Error.WriteLine($"line {line + (int)report["line"]!}: {report["error"]}");
        }

        return;
    }
}

// Waits where the service can't answer, or asks to.
async Task<HttpResponseMessage> TryAsync(Func<HttpRequestMessage> write)
{
    for (var tries = 1; ; tries++)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(tries * tries, 30));
        try
        {
            using var request = write();
            var answer = await http.SendAsync(request, stop.Token);
            if (tries == MostTries || answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                return answer;
            wait = answer.Headers.RetryAfter?.Delta ?? wait;
            answer.Dispose();
        }
        catch (Exception exception) when ((exception is HttpRequestException or TaskCanceledException)
            && tries < MostTries && !stop.IsCancellationRequested)
        {
            Console.Error.WriteLine($"{exception.Message} Trying again ...");
        }

        await Task.Delay(wait, stop.Token);
    }
}

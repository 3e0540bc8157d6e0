namespace EndToEnd.Tests.Client;

public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    private readonly Lazy<JsonElement> _json = new(() => JsonDocument.Parse(Text).RootElement);

    public JsonElement Json => _json.Value;
    public IEnumerable<JsonElement> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);
    public string AccessToken => Json.Text("accessToken");
    public string RefreshToken => Json.Text("refreshToken");
    public string SessionId => Session("id");
    public string UserId => Json.GetProperty("account").Text("id");
    public int RetryAfter => int.Parse(Header("Retry-After")!, CultureInfo.InvariantCulture);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public CookieSet? Cookie => Header("Set-Cookie") is { } text ? CookieSet.Parse(text) : null;

    public string Session(string property) => Json.GetProperty("session").Text(property);
    public DateTimeOffset SessionTime(string property) => Json.GetProperty("session").GetProperty(property).GetDateTimeOffset();

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {this}");
        return this;
    }

    public Answer IsOk() => Is(200);
    public Answer IsEmpty() => Is(204);

    public Answer IsProblem(int status, string code, string? reason = null)
    {
        Assert.True(
            Status == status && Header("Content-Type") == "application/problem+json; charset=utf-8",
            $"Expected the problem {status} {code}, got {this}");
        Assert.Equal($"urn:serverless-sessions:problem:{code}", Json.Text("type"));
        Assert.Equal((status, code), (Json.Number("status"), Json.Text("code")));
        Assert.Equal(reason, Json.TryGetProperty("reason", out var told) ? told.GetString() : null);
        Assert.Equal("no-store", Header("Cache-Control"));
        return this;
    }

    public void Refuses(string field) =>
        Assert.StartsWith($"{field}: ", IsProblem(400, "invalid_request").Json.Text("detail"), StringComparison.Ordinal);

    public override string ToString() =>
        $"{Status} {string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"))}\n{Text}";

    internal static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new Answer((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        // A HEAD has the type without the body.
        var isJson = answer.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) == true && answer.Text.StartsWith('{');
        if (answer.Status == 200 && isJson && answer.Json.TryGetProperty("accessToken", out _))
        {
            Issued.Add(answer.AccessToken);
            Issued.Add(answer.Json.TryGetProperty("refreshToken", out var refreshToken) ? refreshToken.GetString() : answer.Cookie?.Value);
        }

        if (answer.Status == 200 && isJson && answer.Json.TryGetProperty("state", out var state))
            Issued.Add(state.GetString());
        return answer;
    }
}

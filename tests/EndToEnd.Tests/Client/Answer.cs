namespace EndToEnd.Tests.Client;

public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    private readonly Lazy<JsonElement> _json = new(() => JsonDocument.Parse(Text).RootElement);

    public JsonElement Json => _json.Value;
    public string AccessToken => Json.GetProperty("accessToken").GetString()!;
    public string RefreshToken => Json.GetProperty("refreshToken").GetString()!;
    public string SessionId => Session("id");
    public string UserId => Json.GetProperty("account").GetProperty("id").GetString()!;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public CookieSet? Cookie => Header("Set-Cookie") is { } text ? CookieSet.Parse(text) : null;

    public string Session(string property) => Json.GetProperty("session").GetProperty(property).GetString()!;

    public DateTimeOffset SessionTime(string property) => Json.GetProperty("session").GetProperty(property).GetDateTimeOffset();

    /// <summary>Expects success with JSON that no cache may keep.</summary>
    public Answer IsOk()
    {
        Assert.True(Status == 200, $"Expected 200, got {this}");
        Assert.Equal("application/json; charset=utf-8", Header("Content-Type"));
        Assert.Equal("no-store", Header("Cache-Control"));
        return this;
    }

    public void IsEmpty()
    {
        Assert.True(Status == 204 && Text.Length == 0, $"Expected 204 without a body, got {this}");
        Assert.Equal("no-store", Header("Cache-Control"));
    }

    public Answer IsProblem(int status, string code, string? reason = null)
    {
        Assert.True(
            Status == status && Header("Content-Type") == "application/problem+json; charset=utf-8",
            $"Expected the problem {status} {code}, got {this}");
        Assert.Equal($"urn:serverless-sessions:problem:{code}", Json.GetProperty("type").GetString());
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.Equal(code, Json.GetProperty("code").GetString());
        Assert.Equal(reason, Json.TryGetProperty("reason", out var told) ? told.GetString() : null);
        Assert.Equal("no-store", Header("Cache-Control"));
        return this;
    }

    public void Refuses(string field) =>
        Assert.StartsWith($"{field}: ", IsProblem(400, "invalid_request").Json.GetProperty("detail").GetString(), StringComparison.Ordinal);

    public override string ToString() =>
        $"{Status} {string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"))}\n{Text}";

    internal static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new Answer((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        if (answer.Status == 200 && answer.Text.StartsWith('{') && answer.Json.TryGetProperty("accessToken", out _))
        {
            Issued.Add(answer.AccessToken);
            Issued.Add(answer.Json.TryGetProperty("refreshToken", out var refreshToken) ? refreshToken.GetString() : answer.Cookie?.Value);
        }

        return answer;
    }
}

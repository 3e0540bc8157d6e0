namespace EndToEnd.Tests.Discovery;

public sealed class ContractTests
{
    private const string Heartbeat = """{"online":true,"nextHeartbeatMs":5000,"serverTime":"2026-01-02T03:04:05.678Z"}""";

    private const string Locked =
        """
        {"type":"urn:serverless-sessions:problem:account_locked","title":"t","status":429,"detail":"d","code":"account_locked","traceId":"x"}
        """;

    [Fact]
    public void An_answer_as_it_is_promised_holds()
    {
        OpenApiContract.Holds(HttpMethod.Post, "api/sessions/heartbeat", Json(200, Heartbeat));
        OpenApiContract.Holds(HttpMethod.Post, "api/SESSIONS/heartbeat/?x=1", Json(200, Heartbeat));
        OpenApiContract.Holds(HttpMethod.Post, "api/sessions/login", Json(429, Locked, ("Retry-After", "30")));
        OpenApiContract.Holds(HttpMethod.Delete, "api/sessions/0123456789abcdef0123456789abcdef", new(204, Headers(), ""));
    }

    [Theory]
    [InlineData("\"online\":true,", "")]
    [InlineData("true", "false")]
    [InlineData("5000", "\"5000\"")]
    [InlineData("5000", "0")]
    [InlineData("5000", "null")]
    [InlineData("5000", "5000,\"more\":1")]
    [InlineData("678Z", "678")]
    [InlineData(".678Z", "Z")]
    [InlineData("678Z", "678+00:00")]
    public void A_body_that_is_another_breaks_it(string from, string to) => Assert.NotEmpty(OpenApiContract.Differences(
        HttpMethod.Post, "api/sessions/heartbeat", Json(200, Heartbeat.Replace(from, to, StringComparison.Ordinal))));

    [Theory]
    [InlineData("Cache-Control", null)]
    [InlineData("Cache-Control", "public, max-age=5")]
    [InlineData("X-Content-Type-Options", null)]
    [InlineData("ETag", "\"x\"")]
    [InlineData("Set-Cookie", "a=b")]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Content-Type", "application/json")]
    [InlineData("Content-Type", null)]
    public void A_header_that_is_missing_wrong_or_not_declared_breaks_it(string name, string? value) => Assert.Single(
        OpenApiContract.Differences(HttpMethod.Post, "api/sessions/heartbeat", Json(200, Heartbeat, (name, value))));

    [Fact]
    public void An_answer_that_belongs_to_another_request_breaks_it()
    {
        // The status, the code, the method and the address.
        Breaks(HttpMethod.Post, "heartbeat", Json(201, Heartbeat));
        Breaks(HttpMethod.Post, "refresh", Json(429, Locked, ("Retry-After", "30")));
        Breaks(HttpMethod.Get, "heartbeat", Json(200, Heartbeat));
        Breaks(HttpMethod.Delete, "heartbeat", new(204, Headers(), ""));
        Breaks(HttpMethod.Post, "heartbeats", Json(200, Heartbeat));
        Breaks(HttpMethod.Post, "login", Json(429, Locked));
        Breaks(HttpMethod.Post, "logout", new(204, Headers(), "x"));

        static void Breaks(HttpMethod method, string route, Answer answer) =>
            Assert.Single(OpenApiContract.Differences(method, $"api/sessions/{route}", answer));
    }

    [Fact]
    public void The_claims_of_a_JWT_are_compared_too()
    {
        const string Claims = """{"iss":"https://a","iat":1,"exp":2,"sessions":[]}""";
        Assert.Empty(Feed(Claims));
        Assert.Single(Feed(Claims.Replace("\"iat\":1,", "", StringComparison.Ordinal)));
        Assert.Single(Feed(Claims.Replace("[]", "[{\"sid\":\"0123456789abcdef0123456789abcdef\",\"before\":\"1\"}]", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Feed(string claims) => OpenApiContract.Differences(HttpMethod.Get, "api/sessions/revocations", new(
        200,
        Headers(("Content-Type", "application/jwt"), ("Cache-Control", "public, max-age=5"), ("ETag", $"\"{new string('a', 22)}\"")),
        $"{Jwt.Encode("""{"alg":"ES256","typ":"revocations+jwt","kid":"k"}""")}.{Jwt.Encode(claims)}.c"));

    private static Answer Json(int status, string text, params (string Name, string? Value)[] others)
    {
        var type = status < 400 ? "application/json" : "application/problem+json";
        return new(status, Headers([("Content-Type", $"{type}; charset=utf-8"), .. others]), text);
    }

    private static Dictionary<string, string> Headers(params (string Name, string? Value)[] others)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        { ["Cache-Control"] = "no-store", ["X-Content-Type-Options"] = "nosniff" };
        foreach (var (name, value) in others)
        {
            if (value is null)
                headers.Remove(name);
            else
                headers[name] = value;
        }

        return headers;
    }
}

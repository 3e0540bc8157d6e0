using EndToEnd.Tests.Hostile;

namespace EndToEnd.Tests.WrongInput;

/// <summary>Single-valued headers sent twice, each on its own line, as a proxy that adds one sends them.</summary>
[Collection(nameof(App))]
public sealed class RepeatedHeaderTests(App app)
{
    [Fact]
    public async Task The_same_Authorization_twice_is_one_and_another_is_refused()
    {
        var (mine, other) = (await app.LoginAsync(), await app.LoginAsync());
        var (good, otherOne) = ($"Bearer {mine.AccessToken}", $"Bearer {other.AccessToken}");

        Assert.Equal("200", await StatusAsync(good, good));
        Assert.Equal("200", await StatusAsync(good, good, good));
        Assert.Equal("400 invalid_request", await StatusAsync(good, otherOne));
        Assert.Equal("400 invalid_request", await StatusAsync(good, good, otherOne));
        Assert.Equal("400 invalid_request", await StatusAsync(good, "Basic eDp5"));
        Assert.Equal("400 invalid_request", await StatusAsync("Basic eDp5", good));
        Assert.Equal("400 invalid_request", await StatusAsync(good, ""));
        Assert.Equal("401 token_invalid", await StatusAsync("Basic eDp5", "Basic eDp5"));
        Assert.Equal("401 token_invalid", await StatusAsync("Digest username=\"x\", realm=\"y\""));

        Task<string> StatusAsync(params string[] values) =>
            SendAsync("GET", "sessions/status", [.. values.Select(value => ("Authorization", value))]);
    }

    [Fact]
    public async Task A_logout_with_two_different_ones_ends_neither_session()
    {
        var (mine, other) = (await app.LoginAsync(), await app.LoginAsync());
        Assert.Equal("400 invalid_request", await SendAsync(
            "POST", "sessions/logout",
            [("Authorization", "Basic eDp5"), ("Authorization", $"Bearer {other.AccessToken}"), ("Content-Type", "application/json")],
            $$"""{"refreshToken":"{{mine.RefreshToken}}"}"""));
        (await app.Client.StatusAsync(mine.AccessToken)).IsOk();
        (await app.Client.StatusAsync(other.AccessToken)).IsOk();
    }

    [Fact]
    public async Task The_same_Content_Type_twice_is_one_and_another_is_refused()
    {
        Assert.Equal("400 invalid_request", await LoginAsync("application/json", "application/json"));
        Assert.Equal("415 unsupported_media_type", await LoginAsync("application/json", "text/plain"));

        Task<string> LoginAsync(params string[] types) =>
            SendAsync("POST", "sessions/login", [.. types.Select(type => ("Content-Type", type))], "{}");
    }

    [Fact]
    public async Task A_cookie_is_proven_by_one_Origin_however_often_the_header_beside_it_comes()
    {
        var login = await app.LoginAsync();

        // No browser sends two.
        Assert.Equal("403 origin_not_allowed", await RefreshAsync(AppSettings.PageOrigin, "https://stranger.example.com"));
        Assert.Equal("403 origin_not_allowed", await RefreshAsync(AppSettings.PageOrigin, AppSettings.PageOrigin));
        Assert.Equal("200", await RefreshAsync(AppSettings.PageOrigin));

        Task<string> RefreshAsync(params string[] origins) => SendAsync(
            "POST", "sessions/refresh",
            [("Cookie", $"__Host-refresh={login.RefreshToken}"), ("X-Session-Request", "1"), ("X-Session-Request", "1"), .. origins.Select(origin => ("Origin", origin))]);
    }

    [OwnAppFact]
    public async Task Of_several_X_Forwarded_For_the_last_is_of_the_trusted_proxy()
    {
        var (made, from) = (App.NewAddress(), App.NewAddress());
        var login = await app.LoginAsync();

        Assert.Equal("200", await SendAsync(
            "POST", "sessions/refresh",
            [("X-Forwarded-For", made), ("X-Forwarded-For", from), ("Content-Type", "application/json")],
            $$"""{"refreshToken":"{{login.RefreshToken}}"}"""));

        var logs = (await app.Client.GetAsync("sessions/my-session-logs?limit=1", login.AccessToken)).IsOk();
        Assert.Equal(from, logs.Json.Items("logs")[0].Text("ipAddress"));
    }

    [Fact]
    public async Task If_None_Match_is_a_list_however_many_lines_it_has()
    {
        var keys = await app.Client.GetAsync(".well-known/jwks.json");
        Assert.Equal("304", await SendAsync(
            "GET", ".well-known/jwks.json", [("If-None-Match", "\"other\""), ("If-None-Match", keys.Header("ETag")!), ("If-None-Match", "\"third\"")]));
    }

    private async Task<string> SendAsync(string method, string route, (string, string)[] headers, string? body = null)
    {
        using var connection = new RawConnection(app.BaseAddress);
        var request = new HostileRequest(method, $"/api/{route}", headers, body is null ? null : Encoding.UTF8.GetBytes(body));
        return (await connection.SendAsync(request))!.Name;
    }
}

namespace EndToEnd.Tests.Locations;

/// <summary>By the database that the app brings.</summary>
[Collection(nameof(App))]
public sealed class LocationTests(App app)
{
    internal const string InGermany = "193.99.144.80";
    internal const string InAmerica = "8.8.8.8";

    [Fact]
    public async Task A_session_and_its_log_say_where_they_were_and_the_user_is_told_of_another_country()
    {
        var login = (await app.Client.LoginAsync(await app.NewAccountAsync(), AppSettings.Password, from: InGermany)).IsOk();
        Assert.Equal("DE", CountryOf(login.Json.GetProperty("session")));
        var next = (await app.Client.RefreshAsync(login.RefreshToken, from: $"203.0.113.9, {InAmerica}")).IsOk();
        Assert.Equal("US", CountryOf(Assert.Single(await ListAsync("sessions/my-sessions", "sessions"))));
        Assert.Equal(["US", "DE"], (await ListAsync("sessions/my-session-logs", "logs"))
            .Where(entry => entry.Text("action") is "login" or "token_refresh").Select(CountryOf));
        var notice = Assert.Single(await ListAsync("sessions/notices", "notices"));
        Assert.Equal(("country_changed", "US"), (notice.Text("kind"), CountryOf(notice)));

        async Task<List<JsonElement>> ListAsync(string route, string list) =>
            (await app.Client.GetAsync(route, next.AccessToken)).IsOk().Json.Items(list);
    }

    [Fact]
    public async Task An_address_that_is_not_public_has_no_location() => Assert.False(
        (await app.LoginAsync(from: "10.1.2.3")).Json.GetProperty("session").TryGetProperty("location", out _));

    [Fact]
    public async Task A_ready_instance_tells_how_old_its_database_is()
    {
        var locations = (await app.Client.GetAsync("health/ready")).IsOk().Json.GetProperty("locations");
        Assert.False(locations.TryGetProperty("problem", out _));
        Assert.StartsWith("20", locations.Text("databaseDate"));
    }

    private static string CountryOf(JsonElement holder) => holder.GetProperty("location").Text("country");
}

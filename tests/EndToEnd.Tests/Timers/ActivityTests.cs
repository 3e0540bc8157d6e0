namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class ActivityTests(App app)
{
    [OwnAppFact]
    public async Task A_login_a_failure_and_an_end_are_told_newest_first_with_what_is_known_of_them()
    {
        var (email, from) = (await app.NewAccountAsync(), App.NewAddress());
        (await app.Client.LoginAsync(email, AppSettings.WrongPassword, from: from)).IsProblem(401, "invalid_credentials");
        var login = (await app.Client.LoginAsync(email, AppSettings.Password, from: from)).IsOk();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();

        var activities = await ListAsync($"user={login.UserId}");

        Assert.Equal(["session_ended", "login", "failed_login"], activities.Select(each => each.Text("kind")));
        Assert.All(activities, each => Assert.Equal(login.UserId, each.Text("userId")));
        Assert.Equal((login.SessionId, login.SessionId, "logout"), (activities[0].Text("id"), activities[0].Text("sessionId"), activities[0].Text("reason")));
        Assert.Equal((0, 0), (activities[0].Number("generation"), activities[0].Number("durationSeconds")));
        Assert.Equal((login.SessionId, from), (activities[1].Text("sessionId"), activities[1].Text("address")));
        Assert.Equal(login.SessionTime("createdAt"), activities[1].GetProperty("at").GetDateTimeOffset());
        Assert.Equal(Tables.AccountKey(email), activities[2].Text("accountKey"));

        Assert.Equal(3, (await ListAsync($"user={Uri.EscapeDataString(email)}")).Count);
        Assert.Equal(2, (await ListAsync($"address={from}")).Count);
        Assert.Equal("login", Assert.Single(await ListAsync($"user={login.UserId}&success=true")).Text("kind"));
        Assert.Equal("failed_login", Assert.Single(await ListAsync($"user={login.UserId}&success=false")).Text("kind"));
        Assert.Equal("session_ended", Assert.Single(await ListAsync($"user={login.UserId}&kind=session_ended")).Text("kind"));
        Assert.Empty(await ListAsync($"user={login.UserId}&country=DE"));
        var at = Uri.EscapeDataString(login.Session("createdAt"));
        Assert.Equal("login", Assert.Single(await ListAsync($"user={login.UserId}&from={at}&to={at}")).Text("kind"));
    }

    [OwnAppFact]
    public async Task A_page_continues_the_one_before_and_a_poll_without_news_is_304()
    {
        var email = App.NewEmail();
        for (var i = 0; i < 3; i++)
            await app.Client.LoginAsync(email, AppSettings.WrongPassword);
        var route = $"admin/activity?user={Uri.EscapeDataString(email)}&limit=2";
        var admin = (await app.Client.LoginAsAdministratorAsync()).AccessToken;

        var first = (await app.Client.GetAsync(route, admin)).IsOk();
        var second = (await app.Client.GetAsync($"{route}&after={first.Json.Text("next")}", admin)).IsOk();
        Assert.Equal(
            3, first.Json.Items("activities").Concat(second.Json.Items("activities")).Select(each => each.Text("id")).Distinct().Count());

        (await app.Client.GetAsync(route, admin, first.Header("ETag"))).Is(304);
        await app.Client.LoginAsync(email, AppSettings.WrongPassword);
        (await app.Client.GetAsync(route, admin, first.Header("ETag"))).IsOk();
    }

    [OwnAppTheory]
    [InlineData("user=jane", "user")]
    [InlineData("address=203.0.113.256", "address")]
    [InlineData("country=de", "country")]
    [InlineData("kind=Login", "kind")]
    [InlineData("kind=login&success=true", "success")]
    [InlineData("from=2026-03-14", "from")]
    [InlineData("to=2026-03-14T09:26:53", "to")]
    [InlineData("from=2026-03-14T09:26:54Z&to=2026-03-14T10:26:53%2B01:00", "from")]
    public async Task A_filter_that_is_none_is_named(string query, string field) =>
        (await app.AdminGetAsync($"admin/activity?{query}")).Refuses(field);

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string query) =>
        [.. (await app.AdminGetAsync($"admin/activity?{query}")).IsOk().Json.Items("activities")];
}

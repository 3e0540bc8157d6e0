namespace EndToEnd.Tests.Discovery;

[Collection(nameof(App))]
public sealed class RevocationTests(App app)
{
    [Fact]
    public async Task An_ended_session_appears_in_the_feed_and_a_living_one_does_not()
    {
        var (ended, living) = (await app.LoginAsync(), await app.LoginAsync());
        (await app.Client.LogoutAsync(ended.AccessToken)).IsEmpty();
        await Eventually.TrueAsync("the session is in the feed", async () => (await SidsAsync("")).Contains(ended.SessionId));
        var since = Jwt.Parse(living.AccessToken).Claims.GetProperty("iat").GetInt64();
        Assert.Contains(ended.SessionId, await SidsAsync($"?since={since}"));
        Assert.Contains(ended.SessionId, await SidsAsync("?since=0"));
        Assert.DoesNotContain(living.SessionId, await SidsAsync(""));
        Assert.Empty(await SidsAsync("?since=253402300799"));
    }

    [Fact]
    public async Task It_is_no_access_token_and_a_cache_may_ask_for_it_again()
    {
        var answer = (await GetAsync("?since=253402300799")).IsOk();
        (await app.Client.StatusAsync(answer.Text)).IsProblem(401, "token_invalid");
        (await GetAsync("?since=253402300799", answer.Header("ETag"))).Is(304);
    }

    private async Task<List<string>> SidsAsync(string query) =>
        [.. Jwt.Parse((await GetAsync(query)).Text).Claims.Items("sessions").Select(each => each.Text("sid"))];

    private Task<Answer> GetAsync(string query, string? ifNoneMatch = null) =>
        app.Client.GetAsync("sessions/revocations" + query, ifNoneMatch: ifNoneMatch);
}

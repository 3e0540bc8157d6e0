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
    public async Task It_is_a_JWT_that_a_cache_may_keep_for_a_moment_and_ask_for_again()
    {
        var answer = await GetAsync("?since=253402300799");
        Assert.Equal((200, "application/jwt"), (answer.Status, answer.Header("Content-Type")));
        Assert.StartsWith("public, max-age=", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("revocations+jwt", Jwt.Parse(answer.Text).Header.GetProperty("typ").GetString());
        (await app.Client.StatusAsync(answer.Text)).IsProblem(401, "token_invalid");
        var again = await GetAsync("?since=253402300799", answer.Header("ETag"));
        Assert.Equal((304, ""), (again.Status, again.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("253402300800")]
    [InlineData("99999999999999999999")]
    [InlineData("1&since=2")]
    [InlineData("'%20or%20true")]
    public async Task A_time_that_is_none_is_refused(string since) => (await GetAsync($"?since={since}")).IsProblem(400, "invalid_request");

    private async Task<List<string>> SidsAsync(string query)
    {
        var claims = Jwt.Parse((await GetAsync(query)).Text).Claims;
        return [.. claims.GetProperty("sessions").EnumerateArray().Select(each => each.GetProperty("sid").GetString()!)];
    }

    private Task<Answer> GetAsync(string query, string? ifNoneMatch = null) =>
        app.Client.GetAsync("sessions/revocations" + query, ifNoneMatch);
}

namespace EndToEnd.Tests.Devices;

[Collection(nameof(DefendedApp))]
public sealed class SessionCapTests(DefendedApp app)
{
    [Fact]
    public async Task A_login_beyond_the_cap_ends_the_session_that_was_used_least_recently()
    {
        var email = await app.NewUserAsync();
        var (older, newer) = (await app.LoginAsAsync(email), await app.LoginAsAsync(email));
        (await app.Client.RefreshAsync(older.RefreshToken, from: App.NewAddress())).IsOk();
        var newest = await app.LoginAsAsync(email);
        (await app.Client.StatusAsync(newer.AccessToken)).IsProblem(401, "session_ended", "evicted");
        (await app.Client.StatusAsync(older.AccessToken)).IsOk();
        (await app.Client.StatusAsync(newest.AccessToken)).IsOk();
        Assert.Equal(["session_revoked", "login"], await app.Tables.LogAsync(newer));
    }
}

namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class RefreshGraceTests(App app)
{
    [Fact]
    public async Task A_spent_token_within_the_grace_gets_the_current_successor_however_often_it_was_succeeded()
    {
        var login = await app.LoginAsync();
        var current = login;
        for (var i = 0; i < 3; i++)
            current = (await app.Client.RefreshAsync(current.RefreshToken)).IsOk();

        var late = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();

        Assert.Equal(3, await app.Tables.GenerationAsync(login));
        (await app.Client.StatusAsync(late.AccessToken)).IsOk();
        (await app.Client.RefreshAsync(late.RefreshToken)).IsOk();
        Assert.Equal(4, await app.Tables.GenerationAsync(login));
    }

    [Fact]
    public async Task A_spent_token_after_the_grace_ends_the_session()
    {
        var login = await app.LoginAsync();
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        await app.Tables.EndGraceAsync(login);

        (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "token_reused");

        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "token_reuse");
        (await app.Client.StatusAsync(refreshed.AccessToken)).IsProblem(401, "session_ended", "token_reuse");
        (await app.Client.RefreshAsync(refreshed.RefreshToken)).IsProblem(401, "session_ended", "token_reuse");
        (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "session_ended", "token_reuse");
        (await app.Client.LogoutAsync(refreshed.AccessToken)).IsProblem(401, "session_ended", "token_reuse");
        Assert.Equal(["token_reuse", "token_refresh", "login"], await app.Tables.LogAsync(login));
    }

    [Fact]
    public async Task The_same_attempt_is_a_lost_reply_however_late_and_another_attempt_is_not()
    {
        var login = await app.LoginAsync();
        var attempt = Guid.NewGuid().ToString();
        (await app.Client.RefreshAsync(login.RefreshToken, attempt)).IsOk();
        await app.Tables.EndGraceAsync(login);

        var repeated = (await app.Client.RefreshAsync(login.RefreshToken, attempt)).IsOk();

        Assert.Equal(1, await app.Tables.GenerationAsync(login));
        (await app.Client.StatusAsync(repeated.AccessToken)).IsOk();
        (await app.Client.RefreshAsync(login.RefreshToken, Guid.NewGuid().ToString())).IsProblem(401, "token_reused");
        (await app.Client.StatusAsync(repeated.AccessToken)).IsProblem(401, "session_ended", "token_reuse");
    }

    [Fact]
    public async Task An_attempt_counts_only_until_the_next_rotation()
    {
        var login = await app.LoginAsync();
        var attempt = Guid.NewGuid().ToString();
        var first = (await app.Client.RefreshAsync(login.RefreshToken, attempt)).IsOk();
        (await app.Client.RefreshAsync(first.RefreshToken)).IsOk();
        await app.Tables.EndGraceAsync(login);
        (await app.Client.RefreshAsync(login.RefreshToken, attempt)).IsProblem(401, "token_reused");
    }
}

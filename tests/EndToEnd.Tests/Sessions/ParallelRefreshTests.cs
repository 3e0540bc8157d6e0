namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class ParallelRefreshTests(App app)
{
    private const int Callers = 64;

    [Fact]
    public async Task Of_64_refreshes_with_one_token_one_rotates_and_all_get_tokens_that_work()
    {
        var login = await app.LoginAsync();

        var refreshed = await AllAsync(_ => app.Client.RefreshAsync(login.RefreshToken));

        Assert.All(refreshed, answer => answer.IsOk());
        Assert.Equal(1, await app.Tables.GenerationAsync(login));
        Assert.Equal(["token_refresh", "login"], await app.Tables.LogAsync(login));
        Assert.All(await AllAsync(i => app.Client.StatusAsync(refreshed[i].AccessToken)), answer => answer.IsOk());

        var again = await AllAsync(i => app.Client.RefreshAsync(refreshed[i].RefreshToken));

        Assert.All(again, answer => answer.IsOk());
        Assert.Equal(2, await app.Tables.GenerationAsync(login));
        Assert.Equal(2, (await app.Tables.LogAsync(login)).Count(action => action == "token_refresh"));
    }

    [Fact]
    public async Task Of_many_logouts_at_once_none_fails_and_the_end_is_on_record_once()
    {
        var login = await app.LoginAsync();
        var logouts = await AllAsync(i => i % 2 == 0
            ? app.Client.LogoutAsync(login.AccessToken)
            : app.Client.LogoutByRefreshTokenAsync(login.RefreshToken));
        Assert.Single(logouts, answer => answer.Status == 204);
        Assert.All(logouts.Where(answer => answer.Status != 204), answer => answer.IsProblem(401, "session_ended", "logout"));
        Assert.Equal(["logout", "login"], await app.Tables.LogAsync(login));
    }

    [Fact]
    public async Task A_logout_among_refreshes_is_final()
    {
        var login = await app.LoginAsync();

        var answers = await AllAsync(i => i == Callers / 2
            ? app.Client.LogoutAsync(login.AccessToken)
            : app.Client.RefreshAsync(login.RefreshToken));

        answers[Callers / 2].IsEmpty();
        foreach (var answer in answers.Where(answer => answer.Status != 204))
        {
            if (answer.Status != 200)
                answer.IsProblem(401, "session_ended", "logout");
            else
                (await app.Client.RefreshAsync(answer.RefreshToken)).IsProblem(401, "session_ended", "logout");
        }

        Assert.Single(await app.Tables.LogAsync(login), action => action == "logout");
    }

    private static Task<Answer[]> AllAsync(Func<int, Task<Answer>> call) => Task.WhenAll(Enumerable.Range(0, Callers).Select(call));
}

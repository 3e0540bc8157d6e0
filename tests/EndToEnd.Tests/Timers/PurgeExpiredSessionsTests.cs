namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class PurgeExpiredSessionsTests(App app)
{
    [Fact]
    public async Task An_expired_session_is_refused_then_purged_and_that_is_on_record_once()
    {
        var login = await app.LoginAsync();
        var due = await ExpireAsync(login);
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "expired_idle");
        (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "session_ended", "expired_idle");
        (await app.Client.LogoutAsync(login.AccessToken)).IsProblem(401, "session_ended", "expired_idle");
        Assert.Equal(["login"], await app.Tables.LogAsync(login));

        await PurgeAsync(due);

        Assert.Null(await app.Tables.FindSessionAsync(login));
        Assert.Null(await Tables.FindAsync(app.Tables.Sessions, login.UserId, $"p:{login.SessionId}"));
        Assert.Equal(["session_expired", "login"], await app.Tables.LogAsync(login));
        (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "session_ended", "unknown");

        // Once more, as after a crash that left the entry.
        await PurgeAsync(await ScheduleAsync(login));
        Assert.Equal(["session_expired", "login"], await app.Tables.LogAsync(login));
    }

    [Fact]
    public async Task A_session_that_was_refreshed_since_lives_on()
    {
        var login = await app.LoginAsync(remember: true);
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        await PurgeAsync(await ScheduleAsync(login));
        (await app.Client.StatusAsync(refreshed.AccessToken)).IsOk();
        (await app.Client.RefreshAsync(refreshed.RefreshToken)).IsOk();
        Assert.DoesNotContain("session_expired", await app.Tables.LogAsync(login));
        Assert.NotNull(await Tables.FindAsync(
            app.Tables.Timeline, Hour(login, refreshed.SessionTime("expiresAt")), $"{login.UserId}:{login.SessionId}"));
    }

    [Fact]
    public async Task A_session_that_was_logged_out_leaves_without_another_record()
    {
        var login = await app.LoginAsync();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
        await PurgeAsync(await ExpireAsync(login));
        Assert.Null(await app.Tables.FindSessionAsync(login));
        Assert.Equal(["logout", "login"], await app.Tables.LogAsync(login));
    }

    private async Task<TableEntity> ExpireAsync(Answer login)
    {
        await app.Tables.ExpireAsync(login, DateTimeOffset.UtcNow.AddHours(-2));
        return await ScheduleAsync(login);
    }

    /// <summary>Files a session under the hour two hours ago.</summary>
    private async Task<TableEntity> ScheduleAsync(Answer login)
    {
        var due = new TableEntity(Hour(login, DateTimeOffset.UtcNow.AddHours(-2)), $"{login.UserId}:{login.SessionId}");
        await app.Tables.Timeline.UpsertEntityAsync(due);
        return due;
    }

    /// <summary>The entry in the timeline is what goes last.</summary>
    private async Task PurgeAsync(TableEntity due)
    {
        await app.Client.RunTimerAsync("PurgeExpiredSessions");
        await Eventually.TrueAsync(
            $"{due.RowKey} is dealt with", async () => await Tables.FindAsync(app.Tables.Timeline, due.PartitionKey, due.RowKey) is null);
    }

    // Sixteen shards: the last digit of the id.
    private static string Hour(Answer login, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"x:0{login.SessionId[^1]}:{at.UtcDateTime:yyyyMMddHH}");
}

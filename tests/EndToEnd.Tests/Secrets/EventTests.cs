using EndToEnd.Tests.Accounts;

namespace EndToEnd.Tests.Secrets;

/// <summary>Each event is printed under its id: operators alert on them.</summary>
[Collection(nameof(App))]
public sealed class EventTests(App app)
{
    [OwnAppFact]
    public Task A_login_is_2010() => IsPrintedAsync(2010, async () =>
    {
        var login = await app.LoginAsync();
        return [login.SessionId, login.UserId];
    });

    [OwnAppFact]
    public Task A_failed_login_is_2011_with_the_network_that_it_came_from() => IsPrintedAsync(2011, async () =>
    {
        var from = App.NewAddress();
        await app.Client.LoginAsync(App.NewEmail(), AppSettings.WrongPassword, from: from);
        return [NetworkOf(from)];
    });

    [OwnAppFact]
    public Task A_failure_that_locks_its_email_is_2012() => IsPrintedAsync(2012, async () =>
    {
        var (email, from) = (App.NewEmail(), App.NewAddress());
        for (var i = 0; i < 5; i++)
            await app.Client.LoginAsync(email, AppSettings.WrongPassword, from: from);
        return [NetworkOf(from)];
    });

    [OwnAppFact]
    public Task A_spent_token_is_2001() => IsPrintedAsync(2001, async () =>
    {
        var (login, from) = (await app.LoginAsync(), App.NewAddress());
        (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        await app.Tables.EndGraceAsync(login);
        (await app.Client.RefreshAsync(login.RefreshToken, from: from)).IsProblem(401, "token_reused");
        return [login.SessionId, NetworkOf(from)];
    });

    [OwnAppFact]
    public async Task Refused_refreshes_are_2013_with_the_reason_and_at_most_once_a_minute()
    {
        var ended = await app.LoginAsync();
        (await app.Client.LogoutAsync(ended.AccessToken)).IsEmpty();
        var before = new[] { "invalid", "logout" }.ToDictionary(reason => reason, Entries);
        for (var i = 0; i < 10; i++)
        {
            (await app.Client.RefreshAsync("nonsense")).IsProblem(401, "token_invalid");
            (await app.Client.RefreshAsync(ended.RefreshToken)).IsProblem(401, "session_ended", "logout");
        }

        foreach (var (reason, entries) in before)
        {
            // Another test may have had the entry of this minute, and the minute may end in between.
            await Eventually.TrueAsync($"a refresh that was refused with {reason} is printed", () => Entries(reason) > 0);
            Assert.InRange(Entries(reason) - entries, 0, 2);
        }

        int Entries(string reason) =>
            Printed.Lines(2013, app.Output).Count(line => line.Contains($" {reason},", StringComparison.Ordinal));
    }

    [OwnAppFact]
    public Task A_flag_is_2003_its_acknowledgement_2002_and_undoing_that_2004_with_the_network() => IsPrintedAsync(2002, async () =>
    {
        var from = App.NewAddress();
        for (var i = 0; i < 11; i++)
            await app.Client.LoginAsync(App.NewEmail(), AppSettings.WrongPassword, from: from);
        await IsPrintedAsync(2003, async () =>
        {
            await app.RunToTheEndAsync("FlagSuspiciousIps");
            return [NetworkOf(from)];
        });

        (await app.AdminAsync(HttpMethod.Post, $"admin/suspicious-ips/{from}/acknowledge")).IsEmpty();
        await IsPrintedAsync(2004, async () =>
        {
            (await app.AdminAsync(HttpMethod.Delete, $"admin/suspicious-ips/{from}/acknowledge")).IsEmpty();
            return [NetworkOf(from)];
        });
        return [NetworkOf(from)];
    });

    [OwnAppFact]
    public Task An_import_is_2040_with_the_administrator_and_its_counts() => IsPrintedAsync(2040, async () =>
    {
        var admin = await app.Client.LoginAsAdministratorAsync();
        (await app.Client.ImportAsync(admin.AccessToken, new { email = App.NewEmail(), passwordHash = ImportTests.Bcrypt }, "{}")).IsOk();
        return [admin.UserId, "1 created, 0 existed, 1 lines refused"];
    });

    [OwnAppFact]
    public async Task Too_few_proxies_are_told_once()
    {
        await app.LoginAsync();
        await app.LoginAsync();
        Assert.Single(Printed.Lines(1010, app.Output));
    }

    [OwnAppTheory]
    [InlineData("PurgeExpiredSessions")]
    [InlineData("FlagSuspiciousIps")]
    [InlineData("RollUpStatistics")]
    [InlineData("RaiseSecurityAlerts")]
    [InlineData("SendOutbox")]
    [InlineData("PurgeOldLogs")]
    public Task A_run_of_a_timer_is_one_line(string timer) => app.RunToTheEndAsync(timer);

    private static string NetworkOf(string address) => $"{address[..address.LastIndexOf('.')]}.0/24";

    /// <param name="happens">Causes the event, and returns what its line contains.</param>
    private async Task IsPrintedAsync(int id, Func<Task<string[]>> happens)
    {
        var before = Printed.Lines(id, app.Output).Count();
        var words = await happens();
        await Eventually.TrueAsync($"{id} is printed", () => Printed.Lines(id, app.Output).Skip(before)
            .Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))));
    }
}

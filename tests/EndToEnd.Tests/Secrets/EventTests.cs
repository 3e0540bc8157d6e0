namespace EndToEnd.Tests.Secrets;

/// <summary>Each event is printed under its id: operators alert on them.</summary>
[Collection(nameof(App))]
public sealed class EventTests(App app)
{
    private const string WrongPassword = "wrong horse battery staple";

    [OwnAppFact]
    public Task A_login_is_2010() => IsPrintedAsync(2010, "login", async () =>
    {
        var login = await app.LoginAsync();
        return line => line.Contains(login.SessionId, StringComparison.Ordinal) && line.Contains(login.UserId, StringComparison.Ordinal);
    });

    [OwnAppFact]
    public Task A_failed_login_is_2011_with_the_network_that_it_came_from() => IsPrintedAsync(2011, "failed login", async () =>
    {
        var from = App.NewAddress();
        await app.Client.LoginAsync(App.NewEmail(), WrongPassword, from: from);
        return line => line.Contains(NetworkOf(from), StringComparison.Ordinal);
    });

    [OwnAppFact]
    public Task A_failure_that_locks_its_email_is_2012() => IsPrintedAsync(2012, "lock", async () =>
    {
        var (email, from) = (App.NewEmail(), App.NewAddress());
        for (var i = 0; i < 5; i++)
            await app.Client.LoginAsync(email, WrongPassword, from: from);
        return line => line.Contains(NetworkOf(from), StringComparison.Ordinal);
    });

    [OwnAppFact]
    public Task A_spent_token_is_2001() => IsPrintedAsync(2001, "reuse", async () =>
    {
        var login = await app.LoginAsync();
        (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        await Task.Delay(app.Grace + TimeSpan.FromMilliseconds(200));
        var from = App.NewAddress();
        (await app.Client.RefreshAsync(login.RefreshToken, from: from)).IsProblem(401, "token_reused");
        return line => line.Contains(login.SessionId, StringComparison.Ordinal) && line.Contains(NetworkOf(from), StringComparison.Ordinal);
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
            await Eventually.TrueAsync($"a refresh that was refused with {reason} is printed", () => Task.FromResult(Entries(reason) > 0));
            Assert.InRange(Entries(reason) - entries, 0, 2);
        }

        int Entries(string reason) => app.Output.Split('\n').Count(line =>
            line.Contains(Printed.Of(2013), StringComparison.Ordinal) && line.Contains($" {reason},", StringComparison.Ordinal));
    }

    [OwnAppFact]
    public Task A_flag_is_2003_and_its_acknowledgement_2002_with_the_network() => IsPrintedAsync(2002, "acknowledgement", async () =>
    {
        var from = App.NewAddress();
        for (var i = 0; i < 11; i++)
            await app.Client.LoginAsync(App.NewEmail(), WrongPassword, from: from);
        await IsPrintedAsync(2003, "flag", async () =>
        {
            Assert.Equal(202, (await app.Client.RunTimerAsync("FlagSuspiciousIps")).Status);
            return line => line.Contains(NetworkOf(from), StringComparison.Ordinal);
        });

        Issued.Add(AppSettings.AdminPassword);
        var admin = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        await Eventually.TrueAsync("the flag can be acknowledged", async () => 204 == (await app.Client.CallAsync(
            HttpMethod.Post, $"admin/suspicious-ips/{from}/acknowledge", admin.AccessToken)).Status);
        return line => line.Contains(NetworkOf(from), StringComparison.Ordinal);
    });

    [OwnAppFact]
    public async Task Too_few_proxies_are_told_once()
    {
        await app.LoginAsync();
        await app.LoginAsync();
        Assert.Single(app.Output.Split('\n'), line => line.Contains(Printed.Of(1010), StringComparison.Ordinal));
    }

    [OwnAppTheory]
    [InlineData("PurgeExpiredSessions", 3001)]
    [InlineData("FlagSuspiciousIps", 3002)]
    [InlineData("RollUpStatistics", 3004)]
    [InlineData("RaiseSecurityAlerts", 3006)]
    [InlineData("PurgeOldLogs", 3005)]
    public Task A_run_of_a_timer_is_one_line(string timer, int id) => IsPrintedAsync(id, timer, async () =>
    {
        Assert.Equal(202, (await app.Client.RunTimerAsync(timer)).Status);
        return _ => true;
    });

    private static string NetworkOf(string address) => $"{address[..address.LastIndexOf('.')]}.0/24";

    private async Task IsPrintedAsync(int id, string what, Func<Task<Func<string, bool>>> happens)
    {
        var before = Lines().Count();
        var isIt = await happens();
        await Eventually.TrueAsync($"{what} is printed", () => Task.FromResult(Lines().Skip(before).Any(isIt)));

        IEnumerable<string> Lines() => app.Output.Split('\n').Where(line => line.Contains(Printed.Of(id), StringComparison.Ordinal));
    }
}

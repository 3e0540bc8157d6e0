namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class FlagSuspiciousIpsTests(App app)
{
    [OwnAppFact]
    public async Task Twelve_attempts_flag_an_address_with_all_that_was_seen_of_it()
    {
        var from = App.NewAddress();
        var first = await app.LoginAsync(from: from);
        for (var i = 0; i < 6; i++)
        {
            await FailAsync(from);
            if (i < 4)
                await app.LoginAsync(from: from);
        }

        var last = await app.LoginAsync(from: from);
        var flag = (await RunAndFindAsync(from))!;

        Assert.Equal(60.0, flag.GetDouble("WindowMinutes"));
        Assert.Equal((12, 6, 7), (flag.GetInt32("Count"), flag.GetInt32("Failures"), flag.GetInt32("DistinctAccounts")));
        Assert.Equal(first.SessionTime("createdAt"), flag.GetDateTimeOffset("FirstAt"));
        Assert.Equal(last.SessionTime("createdAt"), flag.GetDateTimeOffset("LastAt"));
        Assert.Equal(last.SessionTime("createdAt").AddHours(24), flag.GetDateTimeOffset("ExpiresAt"));
    }

    [OwnAppFact]
    public async Task Ten_attempts_do_not_flag_an_address_and_the_eleventh_does()
    {
        var from = App.NewAddress();
        for (var i = 0; i < 10; i++)
            await FailAsync(from);
        Assert.Null(await RunAndFindAsync(from));
        await FailAsync(from);
        Assert.Equal(11, (await RunAndFindAsync(from))?.GetInt32("Count"));
    }

    [OwnAppFact]
    public async Task Addresses_of_one_IPv6_network_count_as_one()
    {
        var network = $"2001:db8:{Random.Shared.Next(0x1000, 0x10000):x}:{Random.Shared.Next(0x1000, 0x10000):x}";
        for (var i = 1; i <= 11; i++)
            await FailAsync($"[{network}::{i:x}]:4711");
        var flag = await RunAndFindAsync(network.Replace(":db8:", ":0db8:", StringComparison.Ordinal));
        Assert.Equal(11, flag?.GetInt32("Count"));
    }

    private async Task FailAsync(string from)
    {
        var answer = await app.Client.LoginAsync(App.NewEmail(), AppSettings.WrongPassword, from: from);
        answer.IsProblem(401, "invalid_credentials");
    }

    private async Task<TableEntity?> RunAndFindAsync(string addressGroup)
    {
        await app.RunToTheEndAsync("FlagSuspiciousIps");
        return await Tables.FindAsync(app.Tables.Security, "ip", addressGroup);
    }
}

using System.Net.Sockets;

namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class FlagSuspiciousIpsTests(App app)
{
    private const string Timer = "FlagSuspiciousIps";
    private const string WrongPassword = "wrong horse battery staple";

    [Fact]
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
        var flag = await RunAndFindAsync(first.Session("ipAddress"), last);

        Assert.Equal(60.0, flag.GetDouble("WindowMinutes"));
        Assert.Equal(flag.GetDateTimeOffset("LastAt") + TimeSpan.FromHours(24), flag.GetDateTimeOffset("ExpiresAt"));
        if (App.IsOwn)
        {
            Assert.Equal(from, flag.RowKey);
            Assert.Equal((12, 6, 7), (flag.GetInt32("Count"), flag.GetInt32("Failures"), flag.GetInt32("DistinctAccounts")));
            Assert.Equal(
                (first.SessionTime("createdAt"), last.SessionTime("createdAt")), (flag.GetDateTimeOffset("FirstAt"), flag.GetDateTimeOffset("LastAt")));
        }
        else
        {
            // Others may have logged in from there, too.
            Assert.True(flag.GetInt32("Count") >= 12);
            Assert.True(flag.GetInt32("Failures") >= 6);
            Assert.True(flag.GetInt32("DistinctAccounts") >= 7);
            Assert.True(flag.GetDateTimeOffset("FirstAt") <= first.SessionTime("createdAt"));
            Assert.True(flag.GetDateTimeOffset("LastAt") >= last.SessionTime("createdAt"));
        }
    }

    [OwnAppFact]
    public async Task Ten_attempts_do_not_flag_an_address_and_the_eleventh_does()
    {
        var from = App.NewAddress();
        for (var i = 0; i < 10; i++)
            await FailAsync(from);
        await app.RunToTheEndAsync(Timer);
        Assert.Null(await FindFlagAsync(from));
        await FailAsync(from);
        await app.RunToTheEndAsync(Timer);
        Assert.Equal(11, (await FindFlagAsync(from))?.GetInt32("Count"));
    }

    [OwnAppFact]
    public async Task Addresses_of_one_IPv6_network_count_as_one()
    {
        var network = $"2001:db8:{Random.Shared.Next(0x1000, 0x10000):x}:{Random.Shared.Next(0x1000, 0x10000):x}";
        for (var i = 1; i <= 11; i++)
            await FailAsync($"[{network}::{i:x}]:4711");
        await app.RunToTheEndAsync(Timer);
        Assert.Equal(11, (await FindFlagAsync(network.Replace(":db8:", ":0db8:", StringComparison.Ordinal)))?.GetInt32("Count"));
    }

    private async Task FailAsync(string from) =>
        (await app.Client.LoginAsync(App.NewEmail(), WrongPassword, from: from)).IsProblem(401, "invalid_credentials");

    private async Task<TableEntity> RunAndFindAsync(string address, Answer last)
    {
        await app.Client.RunTimerAsync(Timer);
        return await Eventually.FindAsync($"{address} is flagged", async () =>
            await FindFlagAsync(GroupOf(address)) is { } flag && flag.GetDateTimeOffset("LastAt") >= last.SessionTime("createdAt")
                ? flag
                : null);
    }

    private Task<TableEntity?> FindFlagAsync(string addressGroup) => Tables.FindAsync(app.Tables.Security, "ip", addressGroup);

    // An IPv6 address counts as its network: four hextets.
    private static string GroupOf(string address)
    {
        var ip = IPAddress.Parse(address);
        return ip.AddressFamily == AddressFamily.InterNetworkV6
            ? string.Join(':', ip.GetAddressBytes().Take(8).Chunk(2).Select(Convert.ToHexStringLower))
            : address;
    }
}

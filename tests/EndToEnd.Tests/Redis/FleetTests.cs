using System.Diagnostics;

namespace EndToEnd.Tests.Redis;

[Trait("Run", "nightly")]
public sealed class FleetTests(Fleet fleet) : IClassFixture<Fleet>
{
    // What a request takes, and a busy machine.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task An_end_is_known_everywhere_within_100_ms()
    {
        List<double> latencies = [];
        for (var round = 0; round < 150; round++)
        {
            var token = await LoginAsync();
            foreach (var member in fleet.Members)
                (await member.Client.StatusAsync(token)).IsOk();
            (await fleet.Next.Client.LogoutAsync(token)).Is(204);
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(fleet.Members.Select(async member =>
            {
                while ((await member.Client.StatusAsync(token)).Status == 200)
                    Assert.True(clock.Elapsed < Fleet.Lifetime + Slack);
                lock (latencies)
                    latencies.Add(clock.Elapsed.TotalMilliseconds);
            }));
        }

        latencies.Sort();
        // The last request that was answered otherwise had begun before.
        Assert.InRange(latencies[(int)(latencies.Count * 0.99)], 0, 100);
    }

    [Fact]
    public async Task Instances_together_admit_what_one_may_within_five_percent()
    {
        var address = App.NewAddress();
        var (admitted, asked) = (0, 0);
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < TimeSpan.FromSeconds(10); asked++)
        {
            if ((await fleet.Next.Client.RefreshAsync("nonsense", from: address)).Status != 429)
                admitted++;
        }

        const double PerSecond = Fleet.RefreshesPerMinute / 60.0;
        var expected = (PerSecond * 10) + (PerSecond * clock.Elapsed.TotalSeconds);
        Assert.True(asked > 1.5 * expected, $"{asked} asked");
        Assert.InRange(admitted, 0.95 * expected, 1.05 * expected);
    }

    [Fact]
    public async Task Presence_is_the_same_everywhere()
    {
        var login = await fleet.Next.Client.LoginAsync(AppSettings.Email, AppSettings.Password);
        var (token, user) = (login.IsOk().AccessToken, login.UserId);
        var viewer = await LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword);
        (await fleet.Next.Client.CallAsync(HttpMethod.Post, "sessions/heartbeat", token)).IsOk();
        foreach (var member in fleet.Members)
            await IsOnlineAsync(member, true);
        (await fleet.Next.Client.LogoutAsync(token)).Is(204);
        foreach (var member in fleet.Members)
        {
            await Eventually.TrueAsync("the heartbeat is refused", async () =>
                (await member.Client.CallAsync(HttpMethod.Post, "sessions/heartbeat", token)).Status == 401);
        }

        async Task IsOnlineAsync(Member member, bool isOnline) => await Eventually.TrueAsync($"online is {isOnline}", async () =>
            (await member.Client.GetAsync($"presence?users={user}", viewer)).IsOk().Json.Items("users").Single().GetProperty("online").GetBoolean() == isOnline);
    }

    [Fact]
    public async Task Redis_that_is_killed_and_restarted_forgets_no_end()
    {
        var wrong = await CountWrongAsync(async () =>
        {
            await fleet.Redis.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(10));
            await fleet.Redis.StartAgainAsync();
            await Task.Delay(TimeSpan.FromSeconds(10));
        });
        Assert.Equal(0, wrong);
        await fleet.ConnectedAsync();
        // The host drops what a worker logs in the background, unless it is printed.
        Assert.All(fleet.Members, member =>
        {
            Assert.Contains("RedisConnection[1040]", member.Process.Output, StringComparison.Ordinal);
            Assert.Contains("RedisConnection[1041]", member.Process.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task An_instance_that_is_cut_off_for_30_s_forgets_no_end_and_none_of_its_own_is_forgotten()
    {
        var wrong = await CountWrongAsync(async () =>
        {
            fleet.Members[0].Proxy.Swallow();
            await Task.Delay(TimeSpan.FromSeconds(30));
            fleet.Members[0].Proxy.Heal();
            await Task.Delay(TimeSpan.FromSeconds(10));
        });
        Assert.Equal(0, wrong);
        await fleet.ConnectedAsync();
    }

    /// <summary>Ends sessions in turn while something happens; counts the answers that call one good later than the docs promise.</summary>
    private async Task<int> CountWrongAsync(Func<Task> happens)
    {
        var wrong = 0;
        List<Task> checks = [];
        var happening = happens();
        while (!happening.IsCompleted)
        {
            var token = await LoginAsync();
            foreach (var member in fleet.Members)
                (await member.Client.StatusAsync(token)).IsOk();
            (await fleet.Next.Client.LogoutAsync(token)).Is(204);
            checks.Add(CheckAsync(token));
            await Task.Delay(100);
        }

        await Task.WhenAll(checks.Append(happening));
        Assert.True(checks.Count > 50, $"{checks.Count} ends");
        return wrong;

        async Task CheckAsync(string token)
        {
            await Task.Delay(Fleet.Lifetime + Slack);
            foreach (var member in fleet.Members)
            {
                if ((await member.Client.StatusAsync(token)).Status != 401)
                    Interlocked.Increment(ref wrong);
            }
        }
    }

    private async Task<string> LoginAsync(string email = AppSettings.Email, string password = AppSettings.Password) =>
        (await fleet.Next.Client.LoginAsync(email, password)).IsOk().AccessToken;
}

[Trait("Run", "nightly")]
public sealed class KilledInstanceTests(Fleet fleet) : IClassFixture<Fleet>
{
    [Fact]
    public async Task The_others_go_on_and_an_end_that_the_killed_one_wrote_is_known_within_the_setting()
    {
        var token = (await fleet.Members[1].Client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk().AccessToken;
        foreach (var member in fleet.Members)
            (await member.Client.StatusAsync(token)).IsOk();
        // It can't tell that it ended the session, and then it is gone.
        fleet.Members[0].Proxy.Swallow();
        (await fleet.Members[0].Client.LogoutAsync(token)).Is(204);
        var clock = Stopwatch.StartNew();
        await fleet.Members[0].KillAsync();
        foreach (var member in fleet.Members.Skip(1))
        {
            while ((await member.Client.StatusAsync(token)).Status == 200)
                Assert.True(clock.Elapsed < Fleet.Lifetime + TimeSpan.FromSeconds(2));
        }

        await fleet.StateAsync("partial");
    }
}

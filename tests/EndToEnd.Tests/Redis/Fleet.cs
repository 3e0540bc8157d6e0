namespace EndToEnd.Tests.Redis;

/// <summary>Four instances over the same tables, asked in turn, each with a proxy of its own before the one Redis that they share.</summary>
public sealed class Fleet : IAsyncLifetime
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    // The largest that the tests of the limits need.
    public const int RefreshesPerMinute = 1200;

    private const int Count = 4;
    private static int _fleets;
    private int _turn;

    public RedisServer Redis { get; private set; } = null!;
    public IReadOnlyList<Member> Members { get; private set; } = [];

    /// <summary>The next in turn that is there.</summary>
    public Member Next
    {
        get
        {
            var there = Members.Where(member => !member.IsGone).ToList();
            return there[(int)((uint)Interlocked.Increment(ref _turn) % there.Count)];
        }
    }

    public async Task InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        var (azurite, prefix) = (await OwnApp.Storage, $"fleet{Interlocked.Increment(ref _fleets)}");
        List<Member> members = [];
        // One after the other: the first makes the tables and the accounts.
        for (var number = 0; number < Count; number++)
            members.Add(await StartAsync(azurite, prefix));
        Members = members;
        await ConnectedAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
        await Redis.DisposeAsync();
    }

    public Task ConnectedAsync() => StateAsync("connected");

    public Task StateAsync(string state) => Eventually.TrueAsync($"all are {state}", async () =>
        (await Task.WhenAll(Members.Where(member => !member.IsGone).Select(member => member.StateAsync()))).All(each => each == state));

    private async Task<Member> StartAsync(Azurite azurite, string prefix)
    {
        var proxy = new FaultyProxy(Redis.Port);
        var process = await AppProcess.StartAsync(port => AppSettings.For(
            azurite.ConnectionString, port, TimeSpan.FromSeconds(30),
            [
                ("Storage__TablePrefix", prefix), ("Redis__ConnectionString", proxy.Address), ("Tokens__Issuer", "http://127.0.0.1/api"),
                ("Sessions__StatusCacheLifetime", $"{Lifetime}"), ("RateLimits__RefreshesPerMinutePerAddress", $"{RefreshesPerMinute}"),
            ]));
        return new(process, proxy);
    }
}

public sealed class Member(AppProcess process, FaultyProxy proxy) : IAsyncDisposable
{
    public AppProcess Process => process;
    public FaultyProxy Proxy => proxy;
    public SessionClient Client { get; } = new(process.BaseAddress);
    public bool IsGone { get; private set; }

    public async Task<string?> StateAsync() => (await Client.GetAsync("health/ready")).IsOk().Json.TryGetProperty("redis", out var state) ? state.GetString() : null;

    public async Task KillAsync()
    {
        IsGone = true;
        await process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await process.DisposeAsync();
        await proxy.DisposeAsync();
    }
}

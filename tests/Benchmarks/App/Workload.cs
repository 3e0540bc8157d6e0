namespace Benchmarks.App;

/// <summary>What the operations work on: sessions enough that each request meets the case that it is to measure.</summary>
internal sealed class Workload(IReadOnlyList<SeededSession> sessions, IReadOnlyList<string> emails)
{
    // A connection refreshes another session than the one it looks at: the log of a session that is refreshed all the time is like no other.
    private readonly string[] _refreshTokens = [.. sessions.Select(seeded => seeded.Tokens.RefreshText)];
    private int _used;
    private int _ended;

    public int Connections => emails.Count;

    public IReadOnlyList<Operation> Operations =>
    [
        new("login", 4, (api, connection) => api.LoginAsync(emails[connection])),
        new("refresh", 1, (api, connection) => RefreshAsync(api, Connections + connection)) { Bare = TransactAsync },
        new("status, cached", 0, (api, connection) => api.StatusAsync(Own(connection).Tokens.AccessText)) { Bare = (api, _) => api.GetAsync("api/empty") },
        new("status, with Redis", 0, (api, connection) => api.StatusAsync(Own(connection).Tokens.AccessText))
        {
            Shares = true, Bare = (api, _) => api.GetAsync("api/empty"),
        },
        new("status, not cached", 1, (api, connection) => api.StatusAsync(Own(connection).Tokens.AccessText)) { Cached = false },
        new("logout", 4, (api, _) => api.LogoutAsync(Take().Tokens.AccessText)),
        new("my-sessions", 1, (api, _) => api.MySessionsAsync(Next().Tokens.AccessText)),
        new("my-session-logs", 1, (api, connection) => api.LogsAsync(Own(connection).Tokens.AccessText)),
        new("heartbeat", 1, (api, _) => api.HeartbeatAsync(Next().Tokens.AccessText)),
    ];

    /// <summary>As a page does that is open for a minute.</summary>
    public async Task BeatForAMinuteAsync(Api api)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        for (var beats = 0; beats < 12; beats++)
        {
            await api.HeartbeatAsync(Own(0).Tokens.AccessText);
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Shows each session to the app, as its users would, and sends the bare worker as many requests.</summary>
    public Task VisitAllAsync(Api api, Api bare) => Parallel.ForAsync(
        0, sessions.Count - _ended, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (index, _) =>
        {
            await api.StatusAsync(sessions[index].Tokens.AccessText);
            await RefreshAsync(api, index);
            await bare.GetAsync("api/empty");
            await TransactAsync(bare, index % (10 * Connections));
        });

    private static Task TransactAsync(Api bare, int connection) =>
        bare.PostAsync(string.Create(CultureInfo.InvariantCulture, $"api/transaction/{connection}"));

    private async Task RefreshAsync(Api api, int index) => _refreshTokens[index] = await api.RefreshAsync(_refreshTokens[index]);

    private SeededSession Own(int connection) => sessions[connection];

    /// <summary>The sessions in turn, so that none is still cached when it comes again.</summary>
    private SeededSession Next()
    {
        var span = sessions.Count / 2;
        return sessions[2 * Connections + (int)((uint)Interlocked.Increment(ref _used) % (uint)(span - 2 * Connections))];
    }

    private SeededSession Take()
    {
        var index = sessions.Count - Interlocked.Increment(ref _ended);
        return index > sessions.Count / 2 ? sessions[index] : throw new BenchmarkException("Too few sessions were seeded to end so many.");
    }
}

internal sealed record Operation(string Name, int Transactions, Func<Api, int, Task> Send)
{
    public bool Cached { get; init; } = true;

    /// <summary>Whether the app has a Redis.</summary>
    public bool Shares { get; init; }

    /// <summary>What the bare worker does instead; null where there is no budget.</summary>
    public Func<Api, int, Task>? Bare { get; init; }
}

namespace Benchmarks.App;

/// <summary>What the operations work on: sessions enough that each request meets the case that it is to measure.</summary>
internal sealed class Workload(RawStorage raw, IReadOnlyList<SeededSession> sessions, IReadOnlyList<string> emails)
{
    // Behind those that each connection looks at: the log of a session that is refreshed all the time is like no other.
    private readonly string[] _refreshTokens = [.. sessions.Skip(emails.Count).Take(emails.Count).Select(seeded => seeded.Tokens.RefreshText)];
    private int _used;
    private int _ended;

    public int Connections => emails.Count;

    /// <summary>Every operation of the table.</summary>
    public IReadOnlyList<Operation> Operations =>
    [
        new("login", 4, (api, connection) => api.LoginAsync(emails[connection]), raw.LoginAsync),
        new("refresh", 1, RefreshAsync, raw.RefreshAsync) { Baseline = Baseline.Refresh },
        new("status, cached", 0, (api, connection) => api.StatusAsync(Own(connection).Tokens.AccessText), Raw: null) { Baseline = _ => Baseline.Empty },
        new("status, not cached", 1, (api, connection) => api.StatusAsync(Own(connection).Tokens.AccessText), connection => raw.StatusAsync(Own(connection)))
        {
            Cached = false,
        },
        new("logout", 4, (api, _) => api.LogoutAsync(Take().Tokens.AccessText), _ => raw.LogoutAsync(Take())),
        new("my-sessions", 1, (api, _) => api.MySessionsAsync(Next().Tokens.AccessText), _ => raw.MySessionsAsync(Next())),
        new("my-session-logs", 1, (api, connection) => api.LogsAsync(Own(connection).Tokens.AccessText), connection => raw.LogsAsync(Own(connection))),
        new("heartbeat", 1, (api, _) => api.HeartbeatAsync(Next().Tokens.AccessText), _ => raw.HeartbeatAsync(Next())),
    ];

    /// <summary>Shows each session to the app, as its users would.</summary>
    public Task VisitAllAsync(Api api) => Parallel.ForEachAsync(
        sessions.Skip(2 * Connections).Take(sessions.Count - 2 * Connections - _ended),
        new ParallelOptions { MaxDegreeOfParallelism = Connections },
        async (seeded, _) =>
        {
            await api.StatusAsync(seeded.Tokens.AccessText);
            await api.RefreshAsync(seeded.Tokens.RefreshText);
        });

    private async Task RefreshAsync(Api api, int connection) =>
        _refreshTokens[connection] = await api.RefreshAsync(_refreshTokens[connection]);

    /// <summary>The session of a connection, which nothing ends.</summary>
    private SeededSession Own(int connection) => sessions[connection];

    /// <summary>The sessions in turn, so that none is still cached when it comes again.</summary>
    private SeededSession Next()
    {
        var span = sessions.Count / 2;
        return sessions[2 * Connections + (int)((uint)Interlocked.Increment(ref _used) % (uint)(span - 2 * Connections))];
    }

    /// <summary>A session to end.</summary>
    private SeededSession Take()
    {
        var index = sessions.Count - Interlocked.Increment(ref _ended);
        return index > sessions.Count / 2 ? sessions[index] : throw new BenchmarkException("Too few sessions were seeded to end so many.");
    }
}

/// <summary>An operation to measure.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Transactions">The budget of storage transactions.</param>
/// <param name="Send">Sends a request on a connection.</param>
/// <param name="Raw">Does the storage work of its critical path without the app; null where there is none.</param>
internal sealed record Operation(string Name, int Transactions, Func<Api, int, Task> Send, Func<int, Task>? Raw)
{
    /// <summary>Whether the app may answer from its cache of sessions.</summary>
    public bool Cached { get; init; } = true;

    /// <summary>The endpoint of the baseline server whose CPU time is the measure; null where there is no budget.</summary>
    public Func<int, string>? Baseline { get; init; }
}

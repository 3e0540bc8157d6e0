namespace Serverless.Sessions.Timeline;

/// <summary>The statistics of a day (UTC), calculated from all of its activity and replaced whole, never incremented.
/// <c>UpTo</c> is the end of the last hour counted; <c>Refreshes</c> are those of the ended sessions, on any day.
/// <c>Version</c> is null unless it was read from storage.</summary>
public sealed record DayStatistics(
    DateOnly Day, DateTimeOffset UpTo, long Logins = 0, long FailedLogins = 0, long Users = 0, long Refreshes = 0,
    RowVersion? Version = null)
{
    public const string Other = "other";

    public IReadOnlyDictionary<string, long> EndedByReason { get; init; } = NoCounts;
    public Durations Durations { get; init; } = Durations.None;

    /// <summary>Sessions active at <see cref="UpTo"/>, by system: all ever started by then less all ever ended.</summary>
    public IReadOnlyDictionary<string, long> ActiveBySystem { get; init; } = NoCounts;

    public IReadOnlyDictionary<string, long> ActiveByBrowser { get; init; } = NoCounts;

    /// <summary>Skewed by logins that weren't recorded (event 1009), and by recorded logins and ends that didn't happen, since the
    /// request died or storage refused.</summary>
    public long Active => Math.Max(0, ActiveBySystem.Values.Sum());

    public TopList TopUsers { get; init; } = TopList.Empty;

    /// <summary>By user id, or by account key without an account.</summary>
    public TopList TopFailedAccounts { get; init; } = TopList.Empty;

    public TopList TopFailedAddresses { get; init; } = TopList.Empty;

    public bool Names(UserId user, AccountKey account) =>
        TopUsers.Entries.Concat(TopFailedAccounts.Entries).Any(entry => entry.Key == $"{user}" || entry.Key == account.Value);

    /// <summary>The same counts, without a user in the lists.</summary>
    public DayStatistics Without(UserId user, AccountKey account) => this with
    {
        TopUsers = TopUsers.Without($"{user}"),
        TopFailedAccounts = TopFailedAccounts.Without($"{user}").Without(account.Value),
    };

    private static IReadOnlyDictionary<string, long> NoCounts { get; } = new Dictionary<string, long>();

    public static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    internal static SortedDictionary<string, long> Sum(IEnumerable<KeyValuePair<string, long>> counts) => new(
        counts.AggregateBy(each => each.Key, 0L, (sum, each) => sum + each.Value).Where(each => each.Value != 0).ToDictionary(),
        StringComparer.Ordinal);
}

public sealed record RangeStatistics(IReadOnlyList<DayStatistics> Days)
{
    public DateTimeOffset? UpTo => Days.Count > 0 ? Days[^1].UpTo : null;
    public IReadOnlyDictionary<string, long> EndedByReason => DayStatistics.Sum(Days.SelectMany(day => day.EndedByReason));
    public Durations Durations => Days.Aggregate(Durations.None, (sum, day) => sum.Plus(day.Durations));
    public TopList TopUsers => TopList.Merge([.. Days.Select(day => day.TopUsers)]);
    public TopList TopFailedAccounts => TopList.Merge([.. Days.Select(day => day.TopFailedAccounts)]);
    public TopList TopFailedAddresses => TopList.Merge([.. Days.Select(day => day.TopFailedAddresses)]);
}

/// <summary>Stores the statistics of days. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IStatisticsStore
{
    /// <summary>Reads the statistics between two days, inclusive, oldest first; days without statistics are omitted.</summary>
    IAsyncEnumerable<DayStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>Replaces the statistics of a day; false if the row no longer has the expected version, null for no row.</summary>
    Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken);
}

namespace Serverless.Sessions.Timeline;

/// <summary>What happened on a day (UTC). It is worked out from the day's activity as a whole and written over what stood there
/// before, never added to it.</summary>
public sealed record DayStatistics
{
    /// <summary>The name of browsers and systems that aren't recognized.</summary>
    public const string Other = "other";

    /// <summary>Which.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The end of its last hour that is counted: the day's end, unless the day isn't over.</summary>
    public required DateTimeOffset UpTo { get; init; }

    /// <summary>Logins that succeeded; each started a session.</summary>
    public long Logins { get; init; }

    /// <summary>Logins that failed or weren't tried because the email was locked.</summary>
    public long FailedLogins { get; init; }

    /// <summary>Different users who logged in.</summary>
    public long Users { get; init; }

    /// <summary>Sessions that ended, by the reason.</summary>
    public IReadOnlyDictionary<string, long> EndedByReason { get; init; } = NoCounts;

    /// <summary>How often the sessions that ended had been refreshed, on whatever day that was.</summary>
    public long Refreshes { get; init; }

    /// <summary>How long the sessions that ended had lasted.</summary>
    public Durations Durations { get; init; } = Durations.None;

    /// <summary>Sessions that were active at <see cref="UpTo"/>, by the system of their device: all that started by then less all
    /// that ended, on this day and before.</summary>
    public IReadOnlyDictionary<string, long> ActiveBySystem { get; init; } = NoCounts;

    /// <summary>The same by their browser.</summary>
    public IReadOnlyDictionary<string, long> ActiveByBrowser { get; init; } = NoCounts;

    /// <summary>All of these together. A login that wasn't recorded (event 1009) is missing from the balance when its session ends.</summary>
    public long Active => Math.Max(0, ActiveBySystem.Values.Sum());

    /// <summary>Who logged in most, by user id.</summary>
    public TopList TopUsers { get; init; } = TopList.Empty;

    /// <summary>With which emails logins failed most: by user id, or by account key where an email has no account.</summary>
    public TopList TopFailedAccounts { get; init; } = TopList.Empty;

    /// <summary>From which addresses logins failed most.</summary>
    public TopList TopFailedAddresses { get; init; } = TopList.Empty;

    private static IReadOnlyDictionary<string, long> NoCounts { get; } = new Dictionary<string, long>();

    /// <summary>The beginning of a day.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The day of a time.</summary>
    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}

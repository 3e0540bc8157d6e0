namespace Serverless.Sessions.Timeline;

/// <summary>The statistics of a day (UTC), calculated from all of its activity and replaced whole, never incremented.</summary>
public sealed record DayStatistics
{
    /// <summary>Unrecognized browsers and systems.</summary>
    public const string Other = "other";

    public required DateOnly Day { get; init; }

    /// <summary>The end of the last hour counted; the day's end, unless the day isn't over.</summary>
    public required DateTimeOffset UpTo { get; init; }

    public long Logins { get; init; }

    /// <summary>Logins that failed, or were refused because the email was locked.</summary>
    public long FailedLogins { get; init; }

    /// <summary>Distinct users who logged in.</summary>
    public long Users { get; init; }

    public IReadOnlyDictionary<string, long> EndedByReason { get; init; } = NoCounts;

    /// <summary>How often the ended sessions had been refreshed in all, on any day.</summary>
    public long Refreshes { get; init; }

    /// <summary>Of the ended sessions.</summary>
    public Durations Durations { get; init; } = Durations.None;

    /// <summary>Sessions active at <see cref="UpTo"/>, by system: all ever started by then less all ever ended.</summary>
    public IReadOnlyDictionary<string, long> ActiveBySystem { get; init; } = NoCounts;

    public IReadOnlyDictionary<string, long> ActiveByBrowser { get; init; } = NoCounts;

    /// <summary>All active sessions. A login that wasn't recorded (event 1009) skews the balance when its session ends.</summary>
    public long Active => Math.Max(0, ActiveBySystem.Values.Sum());

    /// <summary>By user id.</summary>
    public TopList TopUsers { get; init; } = TopList.Empty;

    /// <summary>By user id, or by account key without an account.</summary>
    public TopList TopFailedAccounts { get; init; } = TopList.Empty;

    public TopList TopFailedAddresses { get; init; } = TopList.Empty;

    private static IReadOnlyDictionary<string, long> NoCounts { get; } = new Dictionary<string, long>();

    public static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    public static DateOnly Of(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}

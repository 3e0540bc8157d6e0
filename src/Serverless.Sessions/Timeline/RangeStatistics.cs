namespace Serverless.Sessions.Timeline;

/// <summary>Statistics of several days, oldest first, combined.</summary>
public sealed record RangeStatistics(IReadOnlyList<DayStatistics> Days)
{
    /// <summary>The end of the last hour counted; null without days.</summary>
    public DateTimeOffset? UpTo => Days.Count > 0 ? Days[^1].UpTo : null;

    /// <summary>Ended sessions, by reason.</summary>
    public IReadOnlyDictionary<string, long> EndedByReason => new SortedDictionary<string, long>(
        Days.SelectMany(day => day.EndedByReason).GroupBy(reason => reason.Key)
            .ToDictionary(reason => reason.Key, reason => reason.Sum(each => each.Value)),
        StringComparer.Ordinal);

    /// <summary>How long the ended sessions had lasted.</summary>
    public Durations Durations => Days.Aggregate(Durations.None, (sum, day) => sum.Plus(day.Durations));

    /// <summary>The users with the most logins.</summary>
    public TopList TopUsers => TopList.Merge(Days.Select(day => day.TopUsers));

    /// <summary>The emails with the most failed logins.</summary>
    public TopList TopFailedAccounts => TopList.Merge(Days.Select(day => day.TopFailedAccounts));

    /// <summary>The addresses with the most failed logins.</summary>
    public TopList TopFailedAddresses => TopList.Merge(Days.Select(day => day.TopFailedAddresses));

    /// <summary>The sum of a figure over the days.</summary>
    public long Sum(Func<DayStatistics, long> figure) => Days.Sum(figure);
}

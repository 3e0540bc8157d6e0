namespace Serverless.Sessions.Timeline;

/// <summary>What happened on several days, worked out from the statistics of each.</summary>
/// <param name="Days">The days, the oldest first.</param>
public sealed record RangeStatistics(IReadOnlyList<DayStatistics> Days)
{
    /// <summary>Up to when there are statistics; null where there are none.</summary>
    public DateTimeOffset? UpTo => Days.Count > 0 ? Days[^1].UpTo : null;

    /// <summary>Sessions that ended, by the reason.</summary>
    public IReadOnlyDictionary<string, long> EndedByReason => new SortedDictionary<string, long>(
        Days.SelectMany(day => day.EndedByReason).GroupBy(reason => reason.Key)
            .ToDictionary(reason => reason.Key, reason => reason.Sum(each => each.Value)),
        StringComparer.Ordinal);

    /// <summary>How long they had lasted.</summary>
    public Durations Durations => Days.Aggregate(Durations.None, (sum, day) => sum.Plus(day.Durations));

    /// <summary>Who logged in most.</summary>
    public TopList TopUsers => TopList.Merge(Days.Select(day => day.TopUsers));

    /// <summary>With which emails logins failed most.</summary>
    public TopList TopFailedAccounts => TopList.Merge(Days.Select(day => day.TopFailedAccounts));

    /// <summary>From which addresses logins failed most.</summary>
    public TopList TopFailedAddresses => TopList.Merge(Days.Select(day => day.TopFailedAddresses));

    /// <summary>The sum of a figure over the days.</summary>
    public long Sum(Func<DayStatistics, long> figure) => Days.Sum(figure);
}

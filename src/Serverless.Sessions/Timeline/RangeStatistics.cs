namespace Serverless.Sessions.Timeline;

/// <summary>Statistics of several days, oldest first, combined.</summary>
public sealed record RangeStatistics(IReadOnlyList<DayStatistics> Days)
{
    /// <summary>The end of the last hour counted; null without days.</summary>
    public DateTimeOffset? UpTo => Days.Count > 0 ? Days[^1].UpTo : null;

    public IReadOnlyDictionary<string, long> EndedByReason => new SortedDictionary<string, long>(
        Days.SelectMany(day => day.EndedByReason).GroupBy(reason => reason.Key)
            .ToDictionary(reason => reason.Key, reason => reason.Sum(each => each.Value)),
        StringComparer.Ordinal);

    public Durations Durations => Days.Aggregate(Durations.None, (sum, day) => sum.Plus(day.Durations));

    public TopList TopUsers => TopList.Merge([.. Days.Select(day => day.TopUsers)]);

    public TopList TopFailedAccounts => TopList.Merge([.. Days.Select(day => day.TopFailedAccounts)]);

    public TopList TopFailedAddresses => TopList.Merge([.. Days.Select(day => day.TopFailedAddresses)]);
}

namespace Serverless.Sessions.Timeline;

/// <summary>Stores the statistics of days. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IStatisticsStore
{
    /// <summary>Reads the statistics between two days, inclusive, oldest first; days without statistics are omitted.</summary>
    IAsyncEnumerable<StoredStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>Replaces the statistics of a day; false if the row no longer has the expected version, null for no row.</summary>
    Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken);
}

public sealed record StoredStatistics(DayStatistics Day, RowVersion Version);

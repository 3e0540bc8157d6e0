namespace Serverless.Sessions.Timeline;

/// <summary>Stores the statistics of days. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IStatisticsStore
{
    /// <summary>The statistics between two days, inclusive, oldest first; days without statistics are omitted.</summary>
    IAsyncEnumerable<StoredStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>Replaces the statistics of a day as a whole.</summary>
    /// <param name="expected">The version that was read; null if there was none.</param>
    /// <returns>False if the row has changed: read again and decide anew.</returns>
    Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken);
}

/// <summary>The stored statistics of a day and the version of their row.</summary>
public sealed record StoredStatistics(DayStatistics Day, RowVersion Version);

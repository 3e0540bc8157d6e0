using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Timeline;

/// <summary>Where the statistics of days are kept. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IStatisticsStore
{
    /// <summary>The statistics from one day to another, both included, the oldest first. Days that none were made of are left out.</summary>
    IAsyncEnumerable<StoredStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>Stores the statistics of a day, whole, in place of those that were read.</summary>
    /// <param name="day">The statistics.</param>
    /// <param name="expected">The state of what is replaced; null where there was nothing.</param>
    /// <returns>False where it was in that state no more: read again and decide anew.</returns>
    Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken);
}

/// <summary>The statistics of a day as storage holds them.</summary>
/// <param name="Day">The statistics.</param>
/// <param name="Version">The state of their row.</param>
public sealed record StoredStatistics(DayStatistics Day, RowVersion Version);

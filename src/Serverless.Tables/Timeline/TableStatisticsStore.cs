namespace Serverless.Tables.Timeline;

/// <summary>The statistics of a day in one row, so that they are complete or absent.</summary>
internal sealed class TableStatisticsStore(TableSet tables) : IStatisticsStore
{
    public IAsyncEnumerable<DayStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new KeyRange(StatisticsRow.PartitionKey(from), StatisticsRow.PartitionKey(to) + KeyRange.AfterSeparator);
        return tables.Statistics.ReadAsync(days.FilterPartitions(), StatisticsRow.Read, cancellationToken);
    }

    public Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken) =>
        tables.Statistics.TrySaveAsync(StatisticsRow.Write(day), expected, cancellationToken);
}

namespace Serverless.Tables.Timeline;

/// <summary>The statistics of a day in one row, so that they are complete or absent.</summary>
internal sealed class TableStatisticsStore(TableSet tables, UnreadableRows unreadable) : IStatisticsStore
{
    private readonly StoredTable _table = new(tables.Statistics, unreadable);

    public IAsyncEnumerable<StoredStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new KeyRange(StatisticsRow.PartitionKey(from), StatisticsRow.PartitionKey(to) + KeyRange.AfterSeparator);
        return _table.ReadAsync(days.FilterPartitions(), StatisticsRow.Read, cancellationToken);
    }

    public Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken) =>
        _table.TrySaveAsync(StatisticsRow.Write(day), expected, cancellationToken);
}

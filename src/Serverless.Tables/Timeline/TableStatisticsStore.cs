namespace Serverless.Tables.Timeline;

/// <summary>The statistics of a day in one row, so that they are complete or absent.</summary>
internal sealed class TableStatisticsStore(TableSet tables, UnreadableRows unreadable) : IStatisticsStore
{
    private readonly TableClient _table = tables.Statistics;
    private readonly RowReader _reader = new(unreadable, tables.Statistics.Name);

    public IAsyncEnumerable<StoredStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new KeyRange(StatisticsRow.PartitionKey(from), StatisticsRow.PartitionKey(to) + KeyRange.AfterSeparator);
        return _reader.ReadAllAsync(_table.ReadPartitionsAsync(days, cancellationToken), StatisticsRow.Read);
    }

    public async Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken)
    {
        var row = StatisticsRow.Write(day);
        var save = expected is { } version
            ? _table.UpdateEntityAsync(row, new ETag(version.Value), TableUpdateMode.Replace, cancellationToken)
            : _table.AddEntityAsync(row, cancellationToken);
        return (await StorageCall.SendAsync(save, cancellationToken)).Done;
    }
}

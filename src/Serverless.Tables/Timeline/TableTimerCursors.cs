namespace Serverless.Tables.Timeline;

internal sealed class TableTimerCursors(TableSet tables, UnreadableRows unreadable) : ITimerCursors
{
    private const string UpTo = "UpTo";

    private readonly TableClient _table = tables.Security;
    private readonly RowReader _reader = new(unreadable, tables.Security.Name);

    public async Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.GetEntityAsync<TableEntity>(SecurityKeys.CursorPartition, timer, cancellationToken: cancellationToken), cancellationToken);
        // A timer without a readable cursor starts over.
        return answer.Value?.Value is { } row && _reader.TryRead(row, stored => stored.Value<DateTimeOffset>(UpTo), out var upTo) ? upTo : null;
    }

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) => StorageCall.SendAsync(
        _table.UpsertEntityAsync(
            new TableEntity(SecurityKeys.CursorPartition, timer) { [UpTo] = upTo }, TableUpdateMode.Replace, cancellationToken),
        cancellationToken);
}

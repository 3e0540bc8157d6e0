namespace Serverless.Tables.Timeline;

internal sealed class TableTimerCursors(TableSet tables, UnreadableRows unreadable) : ITimerCursors
{
    private const string UpTo = "UpTo";

    private readonly StoredTable _table = new(tables.Security, unreadable);

    // A timer without a readable cursor starts over.
    public async Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken) =>
        await _table.FindAsync(SecurityKeys.CursorPartition, timer, cancellationToken) is { } row
        && _table.TryRead(row, stored => stored.Value<DateTimeOffset>(UpTo), out var upTo)
            ? upTo
            : null;

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) => _table.UpsertAsync(
        new(SecurityKeys.CursorPartition, timer) { [UpTo] = upTo }, TableUpdateMode.Replace, cancellationToken);
}

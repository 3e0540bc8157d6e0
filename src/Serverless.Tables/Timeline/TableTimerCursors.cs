namespace Serverless.Tables.Timeline;

internal sealed class TableTimerCursors(TableSet tables) : ITimerCursors
{
    private const string UpTo = "UpTo";

    // A timer without a readable cursor starts over.
    public async Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken) =>
        await tables.Security.FindAsync(SecurityKeys.CursorPartition, timer, cancellationToken) is { } row
        && tables.Security.TryRead(row, stored => stored.Value<DateTimeOffset>(UpTo), out var upTo)
            ? upTo
            : null;

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) =>
        tables.Security.UpsertAsync(new(SecurityKeys.CursorPartition, timer) { [UpTo] = upTo }, cancellationToken);
}

using Azure.Data.Tables;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Security;

/// <summary>How far each timer got: a row of the Security table for each.</summary>
internal sealed class TableTimerCursors(TableSet tables, UnreadableRows unreadable) : ITimerCursors
{
    private const string UpTo = "UpTo";

    private readonly TableClient _table = tables.Security;
    private readonly RowReader _reader = new(unreadable, tables.Security.Name);

    public async Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.GetEntityAsync<TableEntity>(TableKeys.CursorPartition, timer, cancellationToken: cancellationToken), cancellationToken);
        // Without a cursor a timer begins as at first, and writes it anew.
        return answer.Value?.Value is { } row && _reader.TryRead(row, stored => stored.Value<DateTimeOffset>(UpTo), out var upTo) ? upTo : null;
    }

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) => StorageCall.SendAsync(
        _table.UpsertEntityAsync(
            new TableEntity(TableKeys.CursorPartition, timer) { [UpTo] = upTo }, TableUpdateMode.Replace, cancellationToken),
        cancellationToken);
}

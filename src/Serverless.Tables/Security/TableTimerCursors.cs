using Azure.Data.Tables;
using Serverless.Sessions.Timers;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Security;

/// <summary>How far each timer got: a row of the Security table for each.</summary>
internal sealed class TableTimerCursors(TableSet tables) : ITimerCursors
{
    private const string UpTo = "UpTo";

    private readonly TableClient _table = tables.Security;

    public async Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.AskAsync(
            _table.GetEntityAsync<TableEntity>(TableKeys.CursorPartition, timer, cancellationToken: cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return answer.Value?.Value.GetDateTimeOffset(UpTo);
    }

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) => StorageCall.AskAsync(
        _table.UpsertEntityAsync(
            new TableEntity(TableKeys.CursorPartition, timer) { [UpTo] = upTo }, TableUpdateMode.Replace, cancellationToken),
        cancellationToken);
}

using Azure.Data.Tables;
using Serverless.Sessions.Tokens;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Security;

/// <summary>The key ring in the Security table: one entity, for development only.</summary>
internal sealed class TableKeyRingStore(TableSet tables) : IKeyRingStore
{
    private const string Keys = "Keys";

    private readonly TableClient _table = tables.Security;

    public async Task<KeyRing?> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await StorageCall.AskAsync(
            _table.GetEntityAsync<TableEntity>(TableKeys.RingPartition, TableKeys.RingRow, cancellationToken: cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return answer.Done ? KeyRingJson.Read(answer.Value!.Value.GetString(Keys)) : null;
    }

    public async Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeys.RingPartition, TableKeys.RingRow) { [Keys] = KeyRingJson.Write(ring) };
        var answer = await StorageCall.AskAsync(_table.AddEntityAsync(row, cancellationToken), cancellationToken).ConfigureAwait(false);
        return answer.Done;
    }
}

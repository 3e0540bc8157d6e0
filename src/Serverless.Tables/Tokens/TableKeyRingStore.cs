namespace Serverless.Tables.Tokens;

/// <summary>The key ring in the Security table, for development only.</summary>
internal sealed class TableKeyRingStore(TableSet tables, UnreadableRows unreadable) : IKeyRingStore
{
    public const string Partition = "ring";
    public const string Row = "ring";

    private const string Keys = "Keys";

    private readonly TableClient _table = tables.Security;
    private readonly RowReader _reader = new(unreadable, tables.Security.Name);

    public async Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken) =>
        await _table.FindAsync(Partition, Row, cancellationToken) is { } row ? _reader.Read(row, Read) : null;

    public async Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(_table.AddEntityAsync(ToRow(ring), cancellationToken), cancellationToken);
        return answer.Done;
    }

    public async Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.UpdateEntityAsync(ToRow(ring), new ETag(expected.Value), TableUpdateMode.Replace, cancellationToken),
            cancellationToken);
        return answer.Done;
    }

    private static StoredKeyRing Read(StoredRow row)
    {
        StoredRow.Require(KeyRingJson.TryRead(row.Text(Keys), out var ring));
        return new(ring!, row.Version);
    }

    private static TableEntity ToRow(KeyRing ring) =>
        new(Partition, Row) { [Keys] = KeyRingJson.Write(ring) };
}

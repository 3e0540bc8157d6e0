namespace Serverless.Tables.Tokens;

/// <summary>The key ring in the Security table, for development only.</summary>
internal sealed class TableKeyRingStore(TableSet tables) : IKeyRingStore
{
    public const string Partition = "ring";
    public const string Row = "ring";

    private const string Keys = "Keys";

    private readonly StoredTable _table = tables.Security;

    public Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken) =>
        _table.FindAsync(Partition, Row, Read, cancellationToken);

    public Task<bool> TrySaveAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken) =>
        _table.TrySaveAsync(new(Partition, Row) { [Keys] = KeyRingJson.Write(ring) }, expected, cancellationToken);

    private static StoredKeyRing Read(StoredRow row)
    {
        StoredRow.Require(KeyRingJson.TryRead(row.Text(Keys), out var ring));
        return new(ring!, row.Version);
    }
}

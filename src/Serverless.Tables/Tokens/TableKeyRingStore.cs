namespace Serverless.Tables.Tokens;

internal sealed class TableKeyRingStore(TableSet tables) : IKeyRingStore
{
    public const string Partition = "ring";
    public const string Row = "ring";

    private const string Keys = "Keys";

    public Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken) =>
        tables.Security.FindAsync(Partition, Row, Read, cancellationToken);

    public Task<bool> TrySaveAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken) =>
        tables.Security.TrySaveAsync(new(Partition, Row) { [Keys] = KeyRingJson.Write(ring) }, expected, cancellationToken);

    private static StoredKeyRing Read(StoredRow row)
    {
        StoredRow.Require(KeyRingJson.TryRead(row.Text(Keys), out var ring));
        return new(ring!, row.Version);
    }
}

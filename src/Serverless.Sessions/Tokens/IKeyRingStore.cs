namespace Serverless.Sessions.Tokens;

public interface IKeyRingStore
{
    Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Returns false, and leaves what is stored, unless that has the expected version; null expects no ring.</summary>
    Task<bool> TrySaveAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken);
}

public sealed record StoredKeyRing(KeyRing Ring, RowVersion Version);

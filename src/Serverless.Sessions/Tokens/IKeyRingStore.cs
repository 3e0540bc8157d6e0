namespace Serverless.Sessions.Tokens;

/// <summary>Stores the key ring. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IKeyRingStore
{
    Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Returns false if another instance was faster; its ring counts.</summary>
    Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken);

    /// <summary>Returns false if the ring has changed since it was read.</summary>
    Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken);
}

public sealed record StoredKeyRing(KeyRing Ring, RowVersion Version);

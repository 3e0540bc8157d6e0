namespace Serverless.Sessions.Tokens;

/// <summary>Stores the key ring. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IKeyRingStore
{
    /// <summary>The ring; null if there is none yet.</summary>
    Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the first ring; false if another instance was faster and its ring counts.</summary>
    Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken);

    /// <summary>Replaces the ring; false if it has changed since it was read.</summary>
    Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken);
}

/// <summary>A stored ring and the version of its row.</summary>
public sealed record StoredKeyRing(KeyRing Ring, RowVersion Version);

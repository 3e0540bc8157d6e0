using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Tokens;

/// <summary>Where the key ring is kept. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IKeyRingStore
{
    /// <summary>The ring, or null where none was made yet.</summary>
    Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the first ring.</summary>
    /// <returns>False where somebody else was faster: theirs is the ring.</returns>
    Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken);

    /// <summary>Stores the next ring.</summary>
    /// <returns>False where the ring is no longer in the state that was read: somebody else changed it.</returns>
    Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken);
}

/// <summary>A ring as it is stored.</summary>
/// <param name="Ring">The ring.</param>
/// <param name="Version">The state that was read.</param>
public sealed record StoredKeyRing(KeyRing Ring, RowVersion Version);

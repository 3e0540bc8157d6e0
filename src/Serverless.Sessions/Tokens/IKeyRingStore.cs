namespace Serverless.Sessions.Tokens;

/// <summary>Where the key ring is kept. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IKeyRingStore
{
    /// <summary>The ring, or null where none was made yet.</summary>
    Task<KeyRing?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the first ring.</summary>
    /// <returns>False where somebody else was faster: theirs is the ring.</returns>
    Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken);
}

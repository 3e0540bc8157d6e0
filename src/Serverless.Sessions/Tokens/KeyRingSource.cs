namespace Serverless.Sessions.Tokens;

/// <summary>
/// The key ring as this instance knows it: read once, made where there is none, and read again when a token names a key that
/// it doesn't hold, at most every few seconds, so that made-up key ids can't be turned into reads.
/// </summary>
public sealed class KeyRingSource(IKeyRingStore store, TimeProvider clock) : IDisposable
{
    /// <summary>The shortest time between two reads for unknown keys.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Loaded? _loaded;

    /// <summary>The ring.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read.</exception>
    public ValueTask<KeyRing> GetAsync(CancellationToken cancellationToken) =>
        _loaded is { } loaded ? new(loaded.Ring) : new(LoadAsync(known: null, cancellationToken));

    /// <summary>A ring that may be newer than <paramref name="known"/>, which lacks a key that a token names.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read: that is no verdict about the token.</exception>
    public Task<KeyRing> GetNewerAsync(KeyRing known, CancellationToken cancellationToken) => LoadAsync(known, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<KeyRing> LoadAsync(KeyRing? known, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_loaded is { } loaded && (loaded.Ring != known || clock.GetElapsedTime(loaded.At) < ReloadInterval))
                return loaded.Ring;
            var ring = await ReadOrCreateAsync(cancellationToken).ConfigureAwait(false);
            _loaded = new(ring, clock.GetTimestamp());
            return ring;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<KeyRing> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(cancellationToken).ConfigureAwait(false) is { } stored)
            return stored;
        var created = KeyRing.Create(clock.GetUtcNow());
        return await store.TryAddAsync(created, cancellationToken).ConfigureAwait(false)
            ? created
            : await store.ReadAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new StorageUnavailableException("The key ring was there and is gone again.");
    }

    private sealed record Loaded(KeyRing Ring, long At);
}

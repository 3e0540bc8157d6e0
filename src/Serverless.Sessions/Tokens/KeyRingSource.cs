namespace Serverless.Sessions.Tokens;

/// <summary>This instance's copy of the key ring, reloaded once it is older than the JWKS cache time, and for an unknown key, but
/// at most every <see cref="ReloadInterval"/>, so that made-up key ids can't trigger reads. Throws
/// <see cref="StorageUnavailableException"/> if there is no copy and the ring can't be read.</summary>
public sealed class KeyRingSource(
    IKeyRingStore store, IOptions<KeysOptions> options, TimeProvider clock, ILogger<KeyRingSource> log)
{
    /// <summary>The shortest interval between reads for unknown keys, and after a failed read.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _goodFor = options.Value.JwksCacheLifetime;
    private readonly Lock _starting = new();
    private volatile Loaded? _loaded;
    private Task<KeyRing>? _load;
    private long _failedAt;

    public KeyRingState? State =>
        _loaded is { } loaded ? new(clock.GetElapsedTime(loaded.At), Stale: Interlocked.Read(ref _failedAt) != 0) : null;

    /// <summary>Returns the ring; waits for a reload only after an idle time in which an unknown key may have started.</summary>
    public ValueTask<KeyRing> GetAsync(CancellationToken cancellationToken)
    {
        if (_loaded is not { } loaded)
            return new(Load().WaitAsync(cancellationToken));
        var age = clock.GetElapsedTime(loaded.At);
        if (age >= 2 * _goodFor && !FailedWithin(2 * _goodFor))
            return GetFreshAsync(cancellationToken);
        if (age >= _goodFor && !FailedWithin(ReloadInterval))
            Load();
        return new(loaded.Stored.Ring);
    }

    /// <summary>Returns the ring, no older than the cache time unless it can't be read; for callers that pass it on.</summary>
    public async ValueTask<KeyRing> GetFreshAsync(CancellationToken cancellationToken)
    {
        var loaded = _loaded;
        if (loaded is not null && (clock.GetElapsedTime(loaded.At) < _goodFor || FailedWithin(ReloadInterval)))
            return loaded.Stored.Ring;
        try
        {
            return await Load().WaitAsync(cancellationToken);
        }
        catch (StorageUnavailableException) when (loaded is not null)
        {
            return loaded.Stored.Ring;
        }
    }

    /// <summary>Returns a ring that may be newer than <paramref name="known"/>, which lacks a key that a token names.</summary>
    /// <exception cref="StorageUnavailableException">The ring can't be read, so there is no verdict on the token.</exception>
    public async Task<KeyRing> GetNewerAsync(KeyRing known, CancellationToken cancellationToken)
    {
        // In an outage, made-up key ids must not queue up for reads that fail one after another.
        if (FailedWithin(ReloadInterval))
            throw new StorageUnavailableException("The signing keys could not be read a moment ago.");
        return _loaded is { } loaded && (loaded.Stored.Ring != known || clock.GetElapsedTime(loaded.At) < ReloadInterval)
            ? loaded.Stored.Ring
            : await Load().WaitAsync(cancellationToken);
    }

    /// <summary>Returns the key of web push, which the first caller adds to the ring.</summary>
    public async ValueTask<PushKey> GetPushKeyAsync(CancellationToken cancellationToken)
    {
        var ring = await GetAsync(cancellationToken);
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (ring.PushKey is { } key)
                return key;
            var stored = await store.ReadAsync(cancellationToken);
            // Adding to a ring that was rolled back would make it acceptable.
            if (stored is null || stored.Ring.Sequence < ring.Sequence)
                throw new StorageUnavailableException("The key ring that is stored isn't the one in use.");
            // Another instance may be first, so use what is stored.
            if (stored.Ring.PushKey is null)
                await store.TrySaveAsync(stored.Ring.WithPushKey(clock.Now()), stored.Version, cancellationToken);
            ring = await Load().WaitAsync(cancellationToken);
        }
    }

    private bool FailedWithin(TimeSpan time) =>
        Interlocked.Read(ref _failedAt) is not 0 and var failedAt && clock.GetElapsedTime(failedAt) < time;

    // Callers share the read, and none of them can cancel it.
    private Task<KeyRing> Load()
    {
        lock (_starting)
        {
            if (_load is not { IsCompleted: false })
                _load = Detached.Start(clock, LoadAsync);
            return _load;
        }
    }

    private async Task<KeyRing> LoadAsync(CancellationToken cancellationToken)
    {
        // A copy is as old as the start of its read.
        var at = clock.GetTimestamp();
        try
        {
            var stored = await ReadOrCreateAsync(cancellationToken);
            // Keep the object of an unchanged ring, with the keys that it has imported.
            if (_loaded is { } before && before.Stored.Version == stored.Version)
                stored = before.Stored;
            // An older ring may bring back keys that were removed because they leaked.
            if (_loaded is { } newer && newer.Stored.Ring.Sequence > stored.Ring.Sequence)
            {
                log.KeysRolledBack(stored.Ring.Sequence, newer.Stored.Ring.Sequence);
                stored = newer.Stored;
            }

            _loaded = new(stored, at);
            Interlocked.Exchange(ref _failedAt, 0);
            return stored.Ring;
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException)
        {
            Interlocked.Exchange(ref _failedAt, clock.GetTimestamp());
            if (_loaded is not null)
                log.KeysNotReloaded(exception.Message);
            throw;
        }
    }

    private async Task<StoredKeyRing> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(cancellationToken) is { } stored)
            return stored;
        // Another instance may have been first, so read what is stored.
        await store.TrySaveAsync(KeyRing.Create(clock.GetUtcNow()), null, cancellationToken);
        return await store.ReadAsync(cancellationToken)
            ?? throw new StorageUnavailableException("The key ring disappeared after it was stored.");
    }

    private sealed record Loaded(StoredKeyRing Stored, long At);
}

/// <summary><c>Stale</c> if the last reload failed; the ring stays in use.</summary>
public sealed record KeyRingState(TimeSpan Age, bool Stale);

public sealed class KeysOptions
{
    [Setting("how long other services may keep the public keys, and an instance its key ring",
        "you have to withdraw keys faster than that")]
    [Duration("00:00:01", "1.00:00:00")]
    public TimeSpan JwksCacheLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The least time between the creation of a key and its first token: the cache time of an instance's ring, that of a
    /// service's copy of the JWKS, and a margin for storing a ring and for clocks that differ.</summary>
    public TimeSpan RotationNotice => (2 * JwksCacheLifetime) + TimeSpan.FromSeconds(30);
}

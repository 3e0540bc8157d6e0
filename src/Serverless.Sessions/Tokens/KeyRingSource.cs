using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// The key ring as this instance knows it: made where there is none, read again when it is older than the JWKS may be, so that a
/// next key is known everywhere before it signs, and when a token names a key that it doesn't hold, at most every few seconds, so
/// that made-up key ids can't be turned into reads. There is one read at a time, for all who wait.
/// </summary>
public sealed class KeyRingSource(
    IKeyRingStore store, IOptions<KeysOptions> options, TimeProvider clock, ILogger<KeyRingSource> log)
{
    /// <summary>The shortest time between two reads for unknown keys, and after a read that failed.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _goodFor = options.Value.JwksCacheLifetime;
    private readonly Lock _starting = new();
    private volatile Loaded? _loaded;
    private Task<KeyRing>? _load;
    private long _failedAt;

    /// <summary>How the ring stands; null before it was read for the first time.</summary>
    public KeyRingState? State => _loaded is { } loaded ? new(clock.GetElapsedTime(loaded.At), IsStale) : null;

    /// <summary>The ring, without waiting where one is known: one that is old is read again beside the request. Only after
    /// an idle time in which a key that it may never have heard of can have begun to sign does the first request wait, unless reading has just failed.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read.</exception>
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

    /// <summary>The ring, no older than the cache time unless it can't be read: for those who pass it on.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read, and none is known.</exception>
    public async ValueTask<KeyRing> GetFreshAsync(CancellationToken cancellationToken)
    {
        if (_loaded is not { } loaded)
            return await Load().WaitAsync(cancellationToken);
        if (clock.GetElapsedTime(loaded.At) < _goodFor || FailedWithin(ReloadInterval))
            return loaded.Stored.Ring;
        try
        {
            return await Load().WaitAsync(cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return loaded.Stored.Ring;
        }
    }

    /// <summary>A ring that may be newer than <paramref name="known"/>, which lacks a key that a token names.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read: that is no verdict about the token.</exception>
    public async Task<KeyRing> GetNewerAsync(KeyRing known, CancellationToken cancellationToken)
    {
        // In an outage made-up key ids must not queue up for reads that fail one after another.
        if (FailedWithin(ReloadInterval))
            throw new StorageUnavailableException("The signing keys could not be read a moment ago.");
        return _loaded is { } loaded && (loaded.Stored.Ring != known || clock.GetElapsedTime(loaded.At) < ReloadInterval)
            ? loaded.Stored.Ring
            : await Load().WaitAsync(cancellationToken);
    }

    private bool IsStale => Interlocked.Read(ref _failedAt) != 0;

    private bool FailedWithin(TimeSpan time) =>
        Interlocked.Read(ref _failedAt) is not 0 and var failedAt && clock.GetElapsedTime(failedAt) < time;

    // Who finds one under way waits for that; who hangs up doesn't call it off.
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
        // What is read is as old as the beginning of the read.
        var at = clock.GetTimestamp();
        try
        {
            var stored = await ReadOrCreateAsync(cancellationToken);
            // The same ring stays the same object, with the keys that it has imported.
            if (_loaded is { } before && before.Stored.Version == stored.Version)
                stored = before.Stored;
            _loaded = new(stored, at);
            Interlocked.Exchange(ref _failedAt, 0);
            return stored.Ring;
        }
        catch (Exception exception) when (exception is StorageUnavailableException or OperationCanceledException)
        {
            Interlocked.Exchange(ref _failedAt, clock.GetTimestamp());
            // The ring of before is as good as it was.
            if (_loaded is not null)
                log.KeysNotReloaded(exception.Message);
            throw;
        }
    }

    private async Task<StoredKeyRing> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(cancellationToken) is { } stored)
            return stored;
        // Whoever was first: what is stored now is the ring.
        await store.TryAddAsync(KeyRing.Create(clock.GetUtcNow()), cancellationToken);
        return await store.ReadAsync(cancellationToken)
            ?? throw new StorageUnavailableException("The key ring was there and is gone again.");
    }

    private sealed record Loaded(StoredKeyRing Stored, long At);
}

/// <summary>How a key ring stands.</summary>
/// <param name="Age">How long ago it was read.</param>
/// <param name="Stale">Whether it couldn't be read again since; it stays in use.</param>
public sealed record KeyRingState(TimeSpan Age, bool Stale);

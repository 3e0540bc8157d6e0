using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// The key ring as this instance knows it: made where there is none, read again when it is older than the JWKS may be, so that a
/// next key is known everywhere before it signs, and when a token names a key that it doesn't hold, at most every few seconds, so
/// that made-up key ids can't be turned into reads.
/// </summary>
public sealed class KeyRingSource(
    IKeyRingStore store, IOptions<KeysOptions> options, TimeProvider clock, ILogger<KeyRingSource> log) : IDisposable
{
    /// <summary>The shortest time between two reads for unknown keys, and after a read that failed.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _goodFor = options.Value.JwksCache;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Lock _starting = new();
    private volatile Loaded? _loaded;
    private Task _reload = Task.CompletedTask;
    private long _failedAt;

    /// <summary>How the ring stands; null before it was read for the first time.</summary>
    public KeyRingState? State => _loaded is { } loaded
        ? new(clock.GetElapsedTime(loaded.At), Stale: Interlocked.Read(ref _failedAt) != 0)
        : null;

    /// <summary>The ring, without waiting where any is known: one that is old is read again beside the request.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read.</exception>
    public ValueTask<KeyRing> GetAsync(CancellationToken cancellationToken)
    {
        if (_loaded is not { } loaded)
            return new(LoadAsync(known: null, TimeSpan.Zero, cancellationToken));
        if (IsOld(loaded))
            StartReload();
        return new(loaded.Stored.Ring);
    }

    /// <summary>The ring, no older than the cache time unless it can't be read: for those who pass it on.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read, and none is known.</exception>
    public async ValueTask<KeyRing> GetFreshAsync(CancellationToken cancellationToken)
    {
        if (_loaded is { } loaded && IsOld(loaded))
            await StartReload().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A ring that may be newer than <paramref name="known"/>, which lacks a key that a token names.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read: that is no verdict about the token.</exception>
    public Task<KeyRing> GetNewerAsync(KeyRing known, CancellationToken cancellationToken) => FailedJustNow
        ? throw new StorageUnavailableException("The signing keys could not be read a moment ago.")
        : LoadAsync(known, ReloadInterval, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    // In an outage made-up key ids must not queue up for reads that fail one after another.
    private bool FailedJustNow =>
        Interlocked.Read(ref _failedAt) is not 0 and var failedAt && clock.GetElapsedTime(failedAt) < ReloadInterval;

    private bool IsOld(Loaded loaded) => clock.GetElapsedTime(loaded.At) >= _goodFor;

    // One at a time; who finds one under way waits for that.
    private Task StartReload()
    {
        lock (_starting)
        {
            if (_reload.IsCompleted && !FailedJustNow)
                _reload = Task.Run(ReloadAsync);
            return _reload;
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            await Detached.RunAsync(clock, token => LoadAsync(_loaded?.Stored.Ring, _goodFor, token)).ConfigureAwait(false);
        }
        catch (StorageUnavailableException exception)
        {
            // Nobody waits for this result, and the ring of before is as good as it was.
            log.KeysNotReloaded(exception.Message);
        }
    }

    private async Task<KeyRing> LoadAsync(KeyRing? known, TimeSpan goodFor, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_loaded is { } loaded && (loaded.Stored.Ring != known || clock.GetElapsedTime(loaded.At) < goodFor))
                return loaded.Stored.Ring;
            // What is read is as old as the beginning of the read.
            var at = clock.GetTimestamp();
            var stored = await ReadOrCreateAsync(cancellationToken).ConfigureAwait(false);
            // The same ring stays the same object, with the keys that it has imported.
            if (_loaded is { } before && before.Stored.Version == stored.Version)
                stored = before.Stored;
            _loaded = new(stored, at);
            Interlocked.Exchange(ref _failedAt, 0);
            return stored.Ring;
        }
        catch (StorageUnavailableException)
        {
            Interlocked.Exchange(ref _failedAt, clock.GetTimestamp());
            throw;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<StoredKeyRing> ReadOrCreateAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(cancellationToken).ConfigureAwait(false) is { } stored)
            return stored;
        // Whoever was first: what is stored now is the ring.
        await store.TryAddAsync(KeyRing.Create(clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        return await store.ReadAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new StorageUnavailableException("The key ring was there and is gone again.");
    }

    private sealed record Loaded(StoredKeyRing Stored, long At);
}

/// <summary>How a key ring stands.</summary>
/// <param name="Age">How long ago it was read.</param>
/// <param name="Stale">Whether it couldn't be read again since; it stays in use.</param>
public sealed record KeyRingState(TimeSpan Age, bool Stale);

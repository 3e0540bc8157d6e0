namespace Serverless.Sessions.Storage;

/// <summary>Bounds a retry loop, mostly of conditional writes, in tries and in time, with growing random waits.</summary>
public sealed class Retries(TimeProvider clock, RetryPace? pace = null)
{
    /// <summary>For a write that a caller waits for: with this many concurrent writers of one row, each succeeds.</summary>
    public static readonly RetryPace Usual =
        new(24, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(250));
    private const int AtLeast = 3;
    private readonly RetryPace _pace = pace ?? Usual;
    private readonly long _started = clock.GetTimestamp();
    private int _failed;

    /// <exception cref="StorageUnavailableException">The limit is reached; the caller may retry later.</exception>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await TryNextAsync(cancellationToken))
            throw new StorageUnavailableException("A row changed on every try.");
    }

    /// <summary>Waits before the next try, except for the second, which nearly always succeeds; false at the limit.</summary>
    public async Task<bool> TryNextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++_failed >= _pace.Most || (_failed >= AtLeast && clock.GetElapsedTime(_started) > _pace.Longest))
            return false;
        if (_failed > 1)
        {
            var doublings = Math.Log2(_pace.LongestWait / _pace.FirstWait);
            var wait = _pace.FirstWait * Math.Pow(2, Math.Min(_failed - 1, doublings));
            await Task.Delay(wait * Random.Shared.NextDouble(), clock, cancellationToken);
        }

        return true;
    }
}

/// <summary>The limits of a retry loop. <c>Longest</c> bounds when a further try may start, but not the first three, as one call
/// may take this long; <c>FirstWait</c> is the mean wait before the third try and doubles with each.</summary>
public sealed record RetryPace(int Most, TimeSpan Longest, TimeSpan FirstWait, TimeSpan LongestWait);

namespace Serverless.Sessions.Storage;

/// <summary>
/// Bounds a loop that tries again, mostly because storage refused a change: in tries and in time, with waits that grow
/// and differ between those who compete, and by the caller's cancellation.
/// </summary>
/// <param name="clock">What time is measured by.</param>
/// <param name="pace">How often and how fast; null for the usual one.</param>
public sealed class Retries(TimeProvider clock, RetryPace? pace = null)
{
    /// <summary>Of a change that somebody waits for. Of so many who change one row at the same time, each gets through.</summary>
    public static readonly RetryPace Usual = new(24, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(250));

    private const int AtLeast = 3;

    private readonly RetryPace _pace = pace ?? Usual;
    private readonly long _started = clock.GetTimestamp();
    private int _failed;

    /// <summary>Waits for the next try.</summary>
    /// <exception cref="StorageUnavailableException">There were enough: the caller may come back later.</exception>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await TryNextAsync(cancellationToken))
            throw new StorageUnavailableException("A row changes faster than it can be changed.");
    }

    /// <summary>Waits for the next try; the second comes at once, since nearly always it is the last.</summary>
    /// <returns>False where there were enough.</returns>
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

/// <summary>How often and how fast something is tried.</summary>
/// <param name="Most">How often at the most.</param>
/// <param name="Longest">How long after the first try another one begins at the latest, but for the first ones: a single call may take as long.</param>
/// <param name="FirstWait">About half the wait before the third try; it doubles with each.</param>
/// <param name="LongestWait">The longest wait.</param>
public sealed record RetryPace(int Most, TimeSpan Longest, TimeSpan FirstWait, TimeSpan LongestWait);

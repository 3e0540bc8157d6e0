namespace Serverless.Sessions;

/// <summary>
/// Bounds a loop that reads again and decides anew because storage refused a change: in tries and in time, with waits that grow
/// and differ between those who compete, and by the caller's cancellation.
/// </summary>
/// <param name="clock">What time is measured by.</param>
public sealed class Retries(TimeProvider clock)
{
    /// <summary>How often a change is tried: of so many who change one row at the same time, each gets through.</summary>
    public const int Most = 24;

    /// <summary>How long after the first try another one begins at the latest, but for the first ones: a single call may take as long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const int AtLeast = 3;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly long _started = clock.GetTimestamp();
    private int _refused;

    /// <summary>Waits for the next try.</summary>
    /// <exception cref="StorageUnavailableException">There were enough: the caller may come back later.</exception>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        if (!await TryNextAsync(cancellationToken).ConfigureAwait(false))
            throw new StorageUnavailableException("A row changes faster than it can be changed.");
    }

    /// <summary>Waits for the next try; the second comes at once, since nearly always it is the last.</summary>
    /// <returns>False where there were enough.</returns>
    public async Task<bool> TryNextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++_refused >= Most || (_refused >= AtLeast && clock.GetElapsedTime(_started) > Longest))
            return false;
        if (_refused > 1)
        {
            var wait = FirstWait * Math.Pow(2, _refused - 1);
            await Task.Delay((wait < LongestWait ? wait : LongestWait) * Random.Shared.NextDouble(), clock, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}

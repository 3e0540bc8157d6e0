namespace Serverless.Sessions;

/// <summary>
/// A step that goes on when its caller hangs up: because stopping would help a thief, or because others wait for it, too. It has
/// a time limit of its own instead.
/// </summary>
internal static class Detached
{
    /// <summary>How long a step may take: a handful of calls to storage.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Runs a step.</summary>
    /// <exception cref="StorageUnavailableException">It took too long.</exception>
    public static async Task<T> RunAsync<T>(TimeProvider clock, Func<CancellationToken, Task<T>> step)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        try
        {
            return await step(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            throw new StorageUnavailableException("Storage took too long.", exception);
        }
    }

    /// <summary>Runs a step that has no result.</summary>
    /// <exception cref="StorageUnavailableException">It took too long.</exception>
    public static Task RunAsync(TimeProvider clock, Func<CancellationToken, Task> step) => RunAsync(clock, async token =>
    {
        await step(token).ConfigureAwait(false);
        return true;
    });
}

namespace Serverless.Sessions.Storage;

/// <summary>
/// A step that goes on when its caller hangs up: because stopping would help a thief, or because others wait for it, too. It has
/// a time limit of its own instead.
/// </summary>
public static class Detached
{
    /// <summary>How long a step may take: a handful of calls to storage.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Runs a step.</summary>
    /// <param name="clock">What its time is measured by.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="StorageUnavailableException">It took too long.</exception>
    public static async Task<T> RunAsync<T>(TimeProvider clock, Func<CancellationToken, Task<T>> step)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        try
        {
            return await step(limit.Token);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            throw new StorageUnavailableException("Storage took too long.", exception);
        }
    }

    /// <summary>Starts a step that several may wait for, or nobody in the end: then its failure is nobody's.</summary>
    public static Task<T> Start<T>(TimeProvider clock, Func<CancellationToken, Task<T>> step)
    {
        var running = Task.Run(() => RunAsync(clock, step));
        running.ContinueWith(
            failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    }

    /// <summary>Runs a step that has no result.</summary>
    /// <exception cref="StorageUnavailableException">It took too long.</exception>
    public static Task RunAsync(TimeProvider clock, Func<CancellationToken, Task> step) => RunAsync(clock, async token =>
    {
        await step(token);
        return true;
    });
}

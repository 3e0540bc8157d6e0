namespace Serverless.Sessions.Storage;

/// <summary>A step that ignores its caller's cancellation, because stopping it would help a thief or because other callers wait
/// for it too. It has a time limit of its own instead, after which it throws <see cref="StorageUnavailableException"/>.</summary>
public static class Detached
{
    /// <summary>The time limit of a step: enough for a handful of storage calls.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

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

    /// <summary>Starts a step that several callers may await, or none; its exception never counts as unobserved.</summary>
    public static Task<T> Start<T>(TimeProvider clock, Func<CancellationToken, Task<T>> step)
    {
        var running = Task.Run(() => RunAsync(clock, step));
        running.ContinueWith(
            failed => failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running;
    }

    public static Task RunAsync(TimeProvider clock, Func<CancellationToken, Task> step) => RunAsync(clock, async token =>
    {
        await step(token);
        return true;
    });
}

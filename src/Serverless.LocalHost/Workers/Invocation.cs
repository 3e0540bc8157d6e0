namespace Serverless.LocalHost.Workers;

/// <summary>How an invocation ended; <see cref="WorkerLost"/> if the worker ended first, or there was none.</summary>
internal enum InvocationOutcome { Succeeded, Failed, Canceled, TimedOut, WorkerLost }

internal readonly record struct InvocationResult(InvocationOutcome Outcome, InvocationResponse? Response = null);

/// <summary>An invocation that the worker is running.</summary>
internal sealed class Invocation(WorkerConnection worker, Function function, string id)
    : TaskCompletionSource<InvocationResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();

    internal Function Function => function;

    internal string Id => id;

    internal bool IsCanceled { get; private set; }

    internal TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>Requests cancellation. The worker still responds.</summary>
    internal void Cancel()
    {
        IsCanceled = true;
        worker.SendCancel(id);
    }
}

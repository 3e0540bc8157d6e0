namespace Serverless.LocalHost.Workers;

/// <summary>Starts the worker, replaces it when it dies, and ends it with the host.</summary>
internal sealed class WorkerLifecycle(AppFolder app, WorkerGateway gateway) : IAsyncDisposable
{
    private static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.8);

    private TaskCompletionSource<WorkerConnection> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerProcess? _process;

    /// <summary>The worker that takes invocations; null while there is none.</summary>
    internal WorkerConnection? Current =>
        Volatile.Read(ref _ready).Task is { IsCompletedSuccessfully: true, Result: var worker } ? worker : null;

    internal Task<WorkerConnection> WhenReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Starts the first worker.</summary>
    /// <exception cref="HostFailure">The worker ended before it was ready, or is misconfigured.</exception>
    internal async Task<IReadOnlyList<Function>> StartAsync(CancellationToken stopping)
    {
        try
        {
            var functions = Function.ReadAll(await LaunchAsync(stopping), app);
            if (!_process!.IsMisconfigured)
                return functions;
            await _process.Ended;
            throw new HostFailure("");
        }
        catch (ChannelClosedException)
        {
            await _process!.Ended;
            throw _process.IsMisconfigured ? new HostFailure("") : new HostFailure(
                $"The worker ended with exit code {_process.ExitCode} before it was ready.", Math.Max(_process.ExitCode, 1));
        }
    }

    /// <summary>Replaces workers that die, until the host stops.</summary>
    /// <exception cref="HostFailure">The worker reported that it is misconfigured.</exception>
    internal async Task KeepRunningAsync(CancellationToken stopping)
    {
        var stop = Task.Delay(Timeout.Infinite, stopping);
        var backoff = FirstBackoff;
        var started = TimeProvider.System.GetTimestamp();
        while (await Task.WhenAny(stop, _process!.Ended) != stop)
        {
            if (_process.IsMisconfigured)
                throw new HostFailure("");
            if (_ready.Task.IsCompleted)
                _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (TimeProvider.System.GetElapsedTime(started) > LongestBackoff)
                backoff = FirstBackoff;
            Output.Log(
                LogLevel.Error, $"The worker ended with exit code {_process.ExitCode}. The next starts in {backoff.TotalSeconds} s.");
            if (await Task.WhenAny(stop, Task.Delay(backoff, stopping)) == stop)
                return;
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            started = TimeProvider.System.GetTimestamp();
            try
            {
                // The app is the same, so its functions are too.
                await LaunchAsync(stopping);
            }
            catch (Exception e) when (e is HostFailure or ChannelClosedException or OperationCanceledException)
            {
                if (e is HostFailure)
                    Output.Log(LogLevel.Error, e.Message);
                _process.Kill();
            }
        }
    }

    /// <summary>Waits for running invocations, then cancels them.</summary>
    internal async Task DrainAsync()
    {
        if (Current is not { } worker)
            return;
        await Task.WhenAny(worker.WhenIdleAsync(), Task.Delay(LongestDrain));
        worker.CancelAll();
        await Task.WhenAny(worker.WhenIdleAsync(), Task.Delay(Grace));
    }

    /// <summary>Requests the worker to end, then kills it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        Current?.SendTerminate(Grace);
        await Task.WhenAny(_process.Ended, Task.Delay(Current is null ? TimeSpan.Zero : Grace));
        _process.Kill();
        await Task.WhenAny(_process.Ended, Task.Delay(Grace));
    }

    private async Task<IReadOnlyList<FunctionMetadata>> LaunchAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(LongestHandshake);
        _process = new(app, gateway);
        try
        {
            var functions = await _process.Connection.HandshakeAsync(limit.Token);
            _process.MarkReady();
            _ready.TrySetResult(_process.Connection);
            return functions;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new HostFailure($"The worker was not ready after {LongestHandshake.TotalSeconds:0} s.");
        }
    }
}

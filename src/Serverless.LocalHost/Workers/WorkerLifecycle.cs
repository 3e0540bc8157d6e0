using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Logs;
using Serverless.LocalHost.Settings;

namespace Serverless.LocalHost.Workers;

/// <summary>Starts the worker, starts another one when it dies, and ends it with the host.</summary>
internal sealed class WorkerLifecycle(AppFolder app, WorkerGateway gateway) : IDisposable
{
    private static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MisconfigurationWindow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SentencesWindow = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan TerminationGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeoutCheck = TimeSpan.FromSeconds(0.5);

    private TaskCompletionSource<WorkerConnection> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerProcess? _process;
    private WorkerConnection? _current;

    /// <summary>The worker that takes invocations; null while there is none.</summary>
    internal WorkerConnection? Current => Volatile.Read(ref _current);

    internal Task<WorkerConnection> WhenReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Starts the first worker.</summary>
    /// <exception cref="HostFailure">It ended or could not be used.</exception>
    internal async Task<IReadOnlyList<Function>> StartAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(LongestHandshake);
        var connection = Launch();
        var handshake = connection.HandshakeAsync(app.Path, limit.Token);
        await Task.WhenAny(handshake, _process!.Exited, _process.Misconfigured);
        // A stream that breaks off is mostly the first sign of a process that ends.
        if (handshake.IsCompleted && connection.Closed.IsCompleted)
            await Task.WhenAny(_process.Exited, _process.Misconfigured, Task.Delay(LongestGoodbye, stopping));
        await ThrowIfMisconfiguredAsync();
        if (_process.Exited.IsCompleted)
        {
            throw new HostFailure(
                $"The worker ended with exit code {_process.ExitCode} before it was ready.", _process.ExitCode is 0 ? 1 : _process.ExitCode);
        }

        try
        {
            var functions = Function.ReadAll(await handshake, app);
            Serve(connection);
            return functions;
        }
        catch (ChannelClosedException)
        {
            throw new HostFailure("The worker closed its connection before it was ready.");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new HostFailure($"The worker was not ready after {LongestHandshake.TotalSeconds:0} s.");
        }
    }

    /// <summary>Replaces workers that die, until the host stops.</summary>
    internal async Task KeepRunningAsync(CancellationToken stopping)
    {
        var stop = Task.Delay(Timeout.Infinite, stopping);
        await Task.WhenAny(stop, _process!.Misconfigured, Task.Delay(MisconfigurationWindow, stopping));
        await ThrowIfMisconfiguredAsync();

        var backoff = FirstBackoff;
        var started = TimeProvider.System.GetTimestamp();
        while (!stopping.IsCancellationRequested && await Task.WhenAny(stop, _process.Exited) != stop)
        {
            (_current, _ready) = (null, _ready.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _ready);
            if (TimeProvider.System.GetElapsedTime(started) > LongestBackoff)
                backoff = FirstBackoff;
            Output.Log(
                LogLevel.Error,
                $"The worker ended with exit code {_process.ExitCode}. Starting another one in {backoff.TotalSeconds} s.");
            await Task.WhenAny(stop, Task.Delay(backoff, stopping));
            if (stopping.IsCancellationRequested)
                return;
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            started = TimeProvider.System.GetTimestamp();
            _process.Dispose();
            await RestartAsync(stopping);
        }
    }

    /// <summary>Fails the invocations that exceed functionTimeout, as long as the host runs.</summary>
    internal async Task EnforceTimeoutAsync(CancellationToken stopping)
    {
        if (app.FunctionTimeout is not { } limit)
            return;
        using var timer = new PeriodicTimer(TimeoutCheck);
        while (await timer.WaitForNextTickAsync(stopping))
            Current?.FailOverdue(limit);
    }

    /// <summary>Lets running invocations end, then cancels them.</summary>
    internal async Task DrainAsync()
    {
        if (Current is not { } worker)
            return;
        await UntilIdleAsync(worker, LongestDrain);
        worker.CancelAll();
        await UntilIdleAsync(worker, TerminationGrace / 2);
    }

    internal async Task StopAsync()
    {
        if (_process is null)
            return;
        Current?.SendTerminate(TerminationGrace);
        if (Current is not null)
            await Task.WhenAny(_process.Exited, Task.Delay(TerminationGrace));
        if (!_process.Exited.IsCompleted)
            _process.Kill();
        await Task.WhenAny(_process.Exited, Task.Delay(TerminationGrace / 2));
    }

    public void Dispose() => _process?.Dispose();

    private static async Task UntilIdleAsync(WorkerConnection worker, TimeSpan limit)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!worker.IsIdle && TimeProvider.System.GetElapsedTime(started) < limit)
            await Task.Delay(20);
    }

    private WorkerConnection Launch()
    {
        var connection = new WorkerConnection(Guid.NewGuid().ToString(), app.Logs);
        gateway.Expect(connection);
        _process = WorkerProcess.Start(app, gateway.Address, connection.WorkerId);
        _ = EndTogetherAsync(connection, _process);
        return connection;
    }

    private async Task EndTogetherAsync(WorkerConnection connection, WorkerProcess process)
    {
        // A worker that closes its stream is about to end, or is of no use any more.
        if (await Task.WhenAny(process.Exited, connection.Closed) != process.Exited)
        {
            await Task.WhenAny(process.Exited, Task.Delay(TerminationGrace));
            process.Kill();
            await process.Exited;
        }

        gateway.Forget(connection);
        connection.Close();
    }

    private void Serve(WorkerConnection connection)
    {
        Volatile.Write(ref _current, connection);
        _ready.TrySetResult(connection);
    }

    private async Task RestartAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(LongestHandshake);
        var connection = Launch();
        try
        {
            // The app is the same, and so are its functions.
            await connection.HandshakeAsync(app.Path, limit.Token);
            Serve(connection);
        }
        catch (Exception e) when (e is HostFailure or OperationCanceledException or ChannelClosedException)
        {
            _process!.Kill();
            if (e is HostFailure && !stopping.IsCancellationRequested)
                Output.Log(LogLevel.Error, e.Message);
        }
    }

    private async Task ThrowIfMisconfiguredAsync()
    {
        if (!_process!.Misconfigured.IsCompleted)
            return;
        // Its sentences are shown as they come; the last ones may still be on their way.
        await Task.WhenAny(_process.Exited, Task.Delay(SentencesWindow));
        throw new HostFailure(message: null);
    }
}

namespace Serverless.LocalHost.Timers;

/// <summary>Runs one function on schedule and on request, never concurrently. Its status outlives the host in the app's folder,
/// as <c>.timers/PORT/FUNCTION.json</c>: hosts on different ports mostly use different storage, and so have missed different
/// runs.</summary>
internal sealed class TimerLoop(Function function, AppFolder app, WorkerLifecycle workers)
{
    /// <summary>Task.Delay has a limit, and a changed clock must be noticed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>An occurrence that runs later than this is past due.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _calls = Channel.CreateUnbounded<bool>();
    private readonly Schedule _schedule = Schedule.Of(function.Name, function.TimerTrigger!.Schedule);
    private readonly string _file = Path.Combine(app.Path, ".timers", $"{app.Port}", $"{function.Name}.json");
    private ScheduleStatus? _status;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    internal string Name => function.Name;

    /// <summary>Requests a run now.</summary>
    internal void Call() => _calls.Writer.TryWrite(true);

    internal async Task RunAsync(bool verbose, CancellationToken stopping)
    {
        var now = Now;
        var isMonitored = function.TimerTrigger!.UseMonitor && !_schedule.IsFrequent(now);
        _status = isMonitored ? ScheduleStatus.Read(_file) : null;
        // Calculated from the last update, so that it also holds for a schedule that was changed in the meantime.
        var due = _schedule.Next(_status?.LastUpdated ?? now);
        if (isMonitored && _status is null)
            (_status = new(default, due, now)).Write(_file);
        if (function.TimerTrigger.RunOnStartup)
            Call();
        while (true)
        {
            if (verbose)
                Output.Log(LogLevel.Information, $"The next occurrence of '{function.Name}' is {due:yyyy-MM-dd HH:mm:ss}Z.");
            var byHand = await IsCalledBeforeAsync(due, stopping);
            var started = await InvokeAsync(isPastDue: !byHand && Now - due > Lateness, stopping);
            if (byHand)
                continue;
            // Calculated from the start, so that occurrences missed during a long run become one right after it.
            due = _schedule.Next(started);
            if (isMonitored)
                (_status = new(started, due, started)).Write(_file);
        }
    }

    private async Task<bool> IsCalledBeforeAsync(DateTime due, CancellationToken stopping)
    {
        var called = _calls.Reader.WaitToReadAsync(stopping).AsTask();
        while (!called.IsCompleted)
        {
            var wait = due - Now;
            if (wait <= TimeSpan.Zero)
                return false;
            await Task.WhenAny(called, Task.Delay(wait < LongestWait ? wait : LongestWait, stopping));
            stopping.ThrowIfCancellationRequested();
        }

        return _calls.Reader.TryRead(out _);
    }

    /// <returns>When the run started.</returns>
    private async Task<DateTime> InvokeAsync(bool isPastDue, CancellationToken stopping)
    {
        var worker = await workers.WhenReadyAsync(stopping);
        var started = Now;
        var input = JsonSerializer.Serialize(new(new(AdjustForDST: true), _status, isPastDue), HostJson.Default.TimerInput);
        await worker.Invoke(function, function.Request(function.TimerTrigger!.Name, new() { Json = input })).Task;
        return started;
    }
}

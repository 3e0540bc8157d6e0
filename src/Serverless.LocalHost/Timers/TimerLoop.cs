using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Logs;
using Serverless.LocalHost.Settings;
using Serverless.LocalHost.Workers;

namespace Serverless.LocalHost.Timers;

/// <summary>Runs one function on its schedule and by hand, never twice at a time.</summary>
internal sealed class TimerLoop : IDisposable
{
    /// <summary>A delay has a limit, and a clock that was set is noticed after this.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>An occurrence that runs this late is past due.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Function _function;
    private readonly TimerTrigger _trigger;
    private readonly WorkerLifecycle _workers;
    private readonly Schedule _schedule;
    private readonly ScheduleStatusFile? _file;
    private readonly bool _verbose;
    private ScheduleStatus? _status;

    internal TimerLoop(Function function, TimerTrigger trigger, AppFolder app, WorkerLifecycle workers, bool verbose)
    {
        (_function, _trigger, _workers, _verbose) = (function, trigger, workers, verbose);
        _schedule = Schedule.Of(function.Name, trigger, app);
        if (trigger.UseMonitor && !_schedule.IsFrequent(Now))
            _file = new(app.Path, app.Port, function.Name);
    }

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    internal async Task RunOnScheduleAsync(CancellationToken stopping)
    {
        var now = Now;
        // Also right where the schedule was changed meanwhile: what counts is when it was last looked at.
        var due = _schedule.Next((_status = _file?.Read())?.LastUpdated ?? now);
        if (_status is null)
            Keep(new(default, due, now));
        if (_trigger.RunOnStartup)
            await RunAsync(isPastDue: false, stopping);

        while (due < DateTime.MaxValue)
        {
            if (_verbose)
                Output.Log(LogLevel.Information, $"The next occurrence of '{_function.Name}' is {due:yyyy-MM-dd HH:mm:ss}Z.");
            for (var wait = due - Now; wait > TimeSpan.Zero; wait = due - Now)
                await Task.Delay(wait < LongestWait ? wait : LongestWait, stopping);
            var started = await RunAsync(isPastDue: Now - due > Lateness, stopping);
            // Counted from the start, so that the occurrences missed during a long run become one right after it.
            due = _schedule.Next(started);
            Keep(new(started, due, started));
        }
    }

    /// <summary>Runs the function after its current run, if there is one.</summary>
    internal Task RunByHandAsync(CancellationToken stopping) => RunAsync(isPastDue: false, stopping);

    public void Dispose() => _turn.Dispose();

    /// <returns>When the run began.</returns>
    private async Task<DateTime> RunAsync(bool isPastDue, CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping);
        try
        {
            var worker = await _workers.WhenReadyAsync(stopping);
            var started = Now;
            var input = JsonSerializer.Serialize(
                new(new(AdjustForDST: true), _file is null ? null : _status, isPastDue), TimerJson.Default.TimerInput);
            var invocation = worker.Invoke(_function, new()
            {
                InvocationId = Guid.NewGuid().ToString(),
                FunctionId = _function.Id,
                TraceContext = Trace.Of(null, null),
                InputData = { new Protocol.ParameterBinding { Name = _trigger.Parameter, Data = new() { Json = input } } },
            });
            await invocation.Task;
            return started;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(ScheduleStatus status)
    {
        _status = status;
        _file?.Write(status);
    }
}

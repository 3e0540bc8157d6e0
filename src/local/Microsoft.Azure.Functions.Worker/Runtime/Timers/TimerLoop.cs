using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Runtime.Timers;

/// <summary>Runs one function on its schedule and by hand, never twice at a time.</summary>
internal sealed class TimerLoop : IDisposable
{
    /// <summary>A timer of the system has a longest delay, and a clock that was set must be noticed some time.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>A run that begins this much after its time is past due.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    private readonly TimerFunction _function;
    private readonly Schedule _schedule;
    private readonly IServiceScopeFactory _scopes;
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly TimeProvider _time;
    private readonly bool _monitored;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoning = new();

    // Taken at once, as a run may outlive the sources.
    private readonly CancellationToken _stopped;
    private readonly CancellationToken _abandoned;
    private ScheduleStatus _status = new();

    internal TimerLoop(
        TimerFunction function,
        Schedule schedule,
        IServiceScopeFactory scopes,
        FunctionExecutionDelegate pipeline,
        TimeProvider time)
    {
        (_function, _schedule, _scopes, _pipeline, _time) = (function, schedule, scopes, pipeline, time);
        (_stopped, _abandoned) = (_stopping.Token, _abandoning.Token);
        _monitored = function.Trigger.UseMonitor && !schedule.IsFrequent(Now);
        SetStatus(default, Now);
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        _stopping.Dispose();
        _abandoning.Dispose();
    }

    internal void Start() => _ = Task.Run(RunOnScheduleAsync, _stopped);

    internal void RunByHand() => _ = Task.Run(
        async () =>
        {
            if (await TakeTurnAsync().ConfigureAwait(false))
                await RunAsync(isPastDue: false).ConfigureAwait(false);
        },
        _stopped);

    /// <summary>Begins no more runs and waits for the current one; when the grace is over, cancels it.</summary>
    internal async Task StopAsync(CancellationToken grace)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await _turn.WaitAsync(grace).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _function.Logger.Abandoned(_function.Name);
            await _abandoning.CancelAsync().ConfigureAwait(false);
            // A moment to say that it was cancelled, before the services it uses are disposed.
            await _turn.WaitAsync(LastMoment, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task RunOnScheduleAsync()
    {
        if (_function.Trigger.RunOnStartup && await TakeTurnAsync().ConfigureAwait(false))
            await RunAsync(isPastDue: false).ConfigureAwait(false);

        var due = _schedule.Next(Now);
        while (due is { } time && await WaitUntilAsync(time).ConfigureAwait(false) && await TakeTurnAsync().ConfigureAwait(false))
        {
            var started = Now;
            await RunAsync(isPastDue: started - time > Lateness, occurrence: started).ConfigureAwait(false);
            // Counted from the start, so that the times missed during a long run become one run right after it.
            due = _schedule.Next(started);
        }
    }

    /// <summary>Runs the function with the turn taken, and gives the turn back.</summary>
    private async Task RunAsync(bool isPastDue, DateTime? occurrence = null)
    {
        try
        {
            var timer = new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = _monitored ? Copy(_status) : null };
            await InvokeAsync(timer).ConfigureAwait(false);
            if (occurrence is { } time)
                SetStatus(time, time);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task InvokeAsync(TimerInfo timer)
    {
        var id = "";
        try
        {
            var scope = _scopes.CreateAsyncScope();
            await using var disposal = scope.ConfigureAwait(false);
            var invocation = new Invocation(_function, scope.ServiceProvider, timer, _abandoned);
            id = invocation.InvocationId;
            await _pipeline(invocation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            _function.Logger.Canceled(_function.Name, id);
        }
        catch (Exception e)
        {
            // The schedule goes on: the next run may fare better.
            _function.Logger.Failed(e, _function.Name, id);
        }
    }

    private async Task<bool> TakeTurnAsync()
    {
        try
        {
            await _turn.WaitAsync(_stopped).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> WaitUntilAsync(DateTime due)
    {
        try
        {
            for (var wait = due - Now; wait > TimeSpan.Zero; wait = due - Now)
                await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, _stopped).ConfigureAwait(false);
            return !_stopped.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void SetStatus(DateTime last, DateTime updated) =>
        _status = new ScheduleStatus { Last = last, Next = _schedule.Next(updated) ?? DateTime.MaxValue, LastUpdated = updated };

    private static ScheduleStatus Copy(ScheduleStatus status) =>
        new() { Last = status.Last, Next = status.Next, LastUpdated = status.LastUpdated };
}

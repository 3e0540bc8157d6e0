using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Settings;
using Serverless.LocalHost.Workers;

namespace Serverless.LocalHost.Timers;

/// <summary>The timers of the app.</summary>
internal sealed class TimerHost : IDisposable
{
    private readonly Dictionary<Function, TimerLoop> _timers = [];
    private readonly CancellationToken _stopping;

    internal TimerHost(
        IEnumerable<Function> functions, AppFolder app, WorkerLifecycle workers, bool verbose, CancellationToken stopping)
    {
        _stopping = stopping;
        foreach (var function in functions)
        {
            if (function.Trigger is TimerTrigger trigger)
                _timers.Add(function, new(function, trigger, app, workers, verbose));
        }
    }

    internal void Start()
    {
        foreach (var timer in _timers.Values)
            _ = timer.RunOnScheduleAsync(_stopping);
    }

    /// <returns>False for a function that is no timer: a function with a URL is called there.</returns>
    internal bool RunByHand(Function function)
    {
        if (!_timers.TryGetValue(function, out var timer))
            return false;
        _ = timer.RunByHandAsync(_stopping);
        return true;
    }

    public void Dispose()
    {
        foreach (var timer in _timers.Values)
            timer.Dispose();
    }
}

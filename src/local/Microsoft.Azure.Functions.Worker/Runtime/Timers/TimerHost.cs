using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Runtime.Timers;

/// <summary>All timers of the app.</summary>
internal sealed class TimerHost : IDisposable
{
    private readonly Dictionary<TimerFunction, TimerLoop> _timers = [];

    internal TimerHost(
        IEnumerable<TimerFunction> functions,
        IConfiguration configuration,
        IServiceProvider app,
        FunctionExecutionDelegate pipeline)
    {
        var time = app.GetService<TimeProvider>() ?? TimeProvider.System;
        var scopes = app.GetRequiredService<IServiceScopeFactory>();
        foreach (var function in functions)
        {
            var schedule = Schedule.Of(function, configuration, time.GetUtcNow().UtcDateTime);
            _timers.Add(function, new TimerLoop(function, schedule, scopes, pipeline, time));
        }
    }

    public void Dispose()
    {
        foreach (var timer in _timers.Values)
            timer.Dispose();
    }

    internal void Start()
    {
        foreach (var (function, timer) in _timers)
        {
            if (!function.Disabled)
                timer.Start();
        }
    }

    /// <summary>Runs the function in the background, after its current run if there is one.</summary>
    internal void RunByHand(TimerFunction function) => _timers[function].RunByHand();

    internal Task StopAsync(CancellationToken grace) => Task.WhenAll(_timers.Values.Select(t => t.StopAsync(grace)));
}

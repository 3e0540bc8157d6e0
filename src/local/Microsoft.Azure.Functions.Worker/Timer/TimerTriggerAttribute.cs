using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs a function on a schedule.</summary>
/// <param name="schedule">NCRONTAB with seconds, a TimeSpan, or <c>%Setting%</c> for a setting that holds one.</param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Whether the host keeps a schedule status for the timer.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether it also runs once when the host has started.</summary>
    public bool RunOnStartup { get; set; }
}

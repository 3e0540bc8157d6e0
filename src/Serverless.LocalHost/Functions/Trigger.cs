namespace Serverless.LocalHost.Functions;

/// <summary>What starts a function.</summary>
internal abstract record Trigger;

/// <param name="Methods">In capitals; none means any.</param>
internal sealed record HttpTrigger(string Parameter, string Route, string[] Methods) : Trigger;

/// <param name="Schedule">As it is written: it may name settings, each between percent signs.</param>
internal sealed record TimerTrigger(string Parameter, string Schedule, bool RunOnStartup, bool UseMonitor) : Trigger;

/// <summary>A trigger that this host doesn't serve.</summary>
internal sealed record OtherTrigger : Trigger;

using System.Diagnostics;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>The caller's trace with a span of this invocation, or a trace of its own.</summary>
internal sealed class InvocationTrace : TraceContext
{
    internal InvocationTrace(string? parent, string? state)
    {
        var known = ActivityContext.TryParse(parent, state, out var caller);
        var trace = known ? caller.TraceId : ActivityTraceId.CreateRandom();
        var flags = known && caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        TraceParent = $"00-{trace}-{ActivitySpanId.CreateRandom()}-{flags}";
        TraceState = known ? state ?? "" : "";
    }

    public override string TraceParent { get; }

    public override string TraceState { get; }
}

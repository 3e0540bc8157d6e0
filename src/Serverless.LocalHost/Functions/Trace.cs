using System.Diagnostics;
using Serverless.LocalHost.Protocol;

namespace Serverless.LocalHost.Functions;

/// <summary>The W3C trace of an invocation.</summary>
internal static class Trace
{
    /// <returns>A new span in the caller's trace, or in a trace of its own.</returns>
    internal static TraceContext Of(string? parent, string? state)
    {
        var hasCaller = ActivityContext.TryParse(parent, state, out var caller);
        var trace = hasCaller ? caller.TraceId : ActivityTraceId.CreateRandom();
        var flags = hasCaller && caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        return new()
        {
            TraceParent = $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-{flags}",
            TraceState = hasCaller ? state ?? "" : "",
        };
    }
}

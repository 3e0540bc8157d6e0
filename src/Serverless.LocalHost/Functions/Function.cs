namespace Serverless.LocalHost.Functions;

/// <summary>A function of the app, from the worker's metadata.</summary>
/// <param name="HostLevel">The lowest level shown of host logs about it; <paramref name="UserLevel"/> of its own logs.</param>
internal sealed record Function(
    string Name, string Id, Binding? HttpTrigger, Binding? TimerTrigger, LogLevel HostLevel, LogLevel UserLevel)
{
    /// <returns>The functions that aren't disabled, in the order in which the host matches their routes.</returns>
    internal static IReadOnlyList<Function> ReadAll(IEnumerable<FunctionMetadata> all, AppFolder app) =>
    [
        .. from metadata in all
           where !bool.TryParse(AppFolder.Setting($"AzureWebJobs.{metadata.Name}.Disabled"), out var disabled) || !disabled
           let bindings = metadata.RawBindings.Select(b => JsonSerializer.Deserialize(b, HostJson.Default.Binding)!).ToList()
           orderby metadata.Name.ToUpperInvariant()
           select new Function(
               metadata.Name,
               metadata.FunctionId,
               bindings.Find(b => b.Is("httpTrigger")),
               bindings.Find(b => b.Is("timerTrigger")),
               app.Logs.LevelOf($"Function.{metadata.Name}"),
               app.Logs.LevelOf($"Function.{metadata.Name}.User")),
    ];

    /// <summary>A new invocation, as a span of the caller's W3C trace or of a new trace.</summary>
    internal InvocationRequest Request(string parameter, TypedData input, string? traceParent = null, string? traceState = null)
    {
        var hasCaller = ActivityContext.TryParse(traceParent, traceState, out var caller);
        var trace = hasCaller ? caller.TraceId : ActivityTraceId.CreateRandom();
        var flags = caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        return new()
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = Id,
            InputData = { new ParameterBinding { Name = parameter, Data = input } },
            TraceContext = new()
            {
                TraceParent = $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-{flags}",
                TraceState = hasCaller ? traceState ?? "" : "",
            },
        };
    }
}

/// <param name="Methods">The accepted methods; none means any.</param>
/// <param name="Schedule">As written; may contain names of settings between percent signs.</param>
internal sealed record Binding(
    string Type, string Name, string? Route, string[]? Methods, string? Schedule, bool RunOnStartup = false, bool UseMonitor = true)
{
    internal bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);
}

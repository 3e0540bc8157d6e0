namespace Serverless.LocalHost.Functions;

/// <summary>A function of the app, from the metadata that its worker sends.</summary>
/// <param name="HostLevel">The lowest level shown of the host's logs about it; <paramref name="UserLevel"/> of its own.</param>
internal sealed record Function(
    string Name, string Id, Binding? HttpTrigger, Binding? TimerTrigger, LogLevel HostLevel, LogLevel UserLevel)
{
    /// <returns>The functions that aren't disabled, in the order in which the host tries their routes.</returns>
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

    /// <summary>A new invocation, as a span of the caller's W3C trace or in a trace of its own.</summary>
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

/// <param name="Methods">None means any.</param>
/// <param name="Schedule">As it is written: it may name settings, each between percent signs.</param>
internal sealed record Binding(
    string Type, string Name, string? Route, string[]? Methods, string? Schedule, bool RunOnStartup = false, bool UseMonitor = true)
{
    internal bool Is(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);
}

using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>A function found in the app, with all that running it takes.</summary>
internal abstract record Function(string Name, MethodInfo Method, bool Disabled, FunctionExecutor Executor, ILogger Logger)
{
    private FunctionDefinition? _definition;

    internal FunctionDefinition Definition => _definition ??= new MethodDefinition(this);

    internal abstract string TriggerType { get; }

    /// <summary>The line about it in the list printed at start.</summary>
    internal abstract string Describe(string baseUrl);
}

/// <param name="Route">The template with the prefix of host.json.</param>
/// <param name="Methods">Upper case; null means all.</param>
internal sealed record HttpFunction(
    string Name,
    MethodInfo Method,
    bool Disabled,
    FunctionExecutor Executor,
    ILogger Logger,
    RoutePattern Route,
    string[]? Methods)
    : Function(Name, Method, Disabled, Executor, Logger)
{
    internal override string TriggerType => "httpTrigger";

    internal override string Describe(string baseUrl) =>
        $"\t{Name}: {(Methods is null ? "" : $"[{string.Join(',', Methods)}] ")}{baseUrl}/{Route.RawText}";
}

internal sealed record TimerFunction(
    string Name, MethodInfo Method, bool Disabled, FunctionExecutor Executor, ILogger Logger, TimerTriggerAttribute Trigger)
    : Function(Name, Method, Disabled, Executor, Logger)
{
    internal override string TriggerType => "timerTrigger";

    internal override string Describe(string baseUrl) => $"\t{Name}: {TriggerType}";
}

using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.LocalHost.Logs;
using Serverless.LocalHost.Protocol;
using Serverless.LocalHost.Settings;

namespace Serverless.LocalHost.Functions;

/// <summary>A function of the app, from the metadata that its worker sends.</summary>
internal sealed record Function(string Name, string Id, Trigger Trigger, string? HttpOutput)
{
    /// <summary>The least levels shown of the host's lines about the function, and of its own.</summary>
    internal required LogLevel HostLevel { get; init; }

    internal required LogLevel UserLevel { get; init; }

    internal static IReadOnlyList<Function> ReadAll(IEnumerable<FunctionMetadata> functions, AppFolder app) =>
    [
        .. from metadata in functions
           where !bool.TryParse(app.Setting($"AzureWebJobs.{metadata.Name}.Disabled"), out var disabled) || !disabled
           orderby metadata.Name.ToUpperInvariant()
           select Read(metadata, app.Logs),
    ];

    private static Function Read(FunctionMetadata metadata, LogFilter logs)
    {
        var bindings = metadata.RawBindings.Select(text => JsonElement.Parse(text)).ToList();
        var output = bindings.Find(b => IsType(b, "http"));
        return new(
            metadata.Name,
            metadata.FunctionId,
            bindings.Select(b => ReadTrigger(b, metadata.Name)).FirstOrDefault(t => t is not null) ?? new OtherTrigger(),
            output.ValueKind == JsonValueKind.Object ? Text(output, "name") : null)
        {
            HostLevel = logs.LevelOf($"Function.{metadata.Name}"),
            UserLevel = logs.LevelOf($"Function.{metadata.Name}.User"),
        };
    }

    private static Trigger? ReadTrigger(JsonElement binding, string function)
    {
        if (IsType(binding, "httpTrigger"))
        {
            var methods = Property(binding, "methods") is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Select(m => m.GetString()!.ToUpperInvariant()).ToArray()
                : [];
            return new HttpTrigger(Text(binding, "name")!, Text(binding, "route") ?? function, methods);
        }

        return IsType(binding, "timerTrigger")
            ? new TimerTrigger(
                Text(binding, "name")!,
                Text(binding, "schedule") ?? "",
                Property(binding, "runOnStartup") is { ValueKind: JsonValueKind.True },
                Property(binding, "useMonitor") is not { ValueKind: JsonValueKind.False })
            : null;
    }

    private static bool IsType(JsonElement binding, string type) => type.Equals(Text(binding, "type"), StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement binding, string name) => Property(binding, name)?.GetString();

    private static JsonElement? Property(JsonElement binding, string name)
    {
        foreach (var property in binding.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }

        return null;
    }
}

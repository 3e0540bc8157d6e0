using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>What the runtime follows of host.json: the route prefix and the log levels.</summary>
internal sealed record HostJson(string RoutePrefix, IReadOnlyDictionary<string, LogLevel> LogLevels)
{
    internal static HostJson Load(string directory)
    {
        var file = Path.Combine(directory, "host.json");
        if (!File.Exists(file))
            return new HostJson("api", new Dictionary<string, LogLevel>());
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), JsonFiles.Lenient);
            var prefix = json.RootElement.Find("extensions")?.Find("http")?.Find("routePrefix")?.GetString() ?? "api";
            return new HostJson(prefix.Trim('/'), Levels(json.RootElement.Find("logging")?.Find("logLevel")));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new StartupException($"{file} is not a valid host.json: {e.Message}", e);
        }
    }

    private static Dictionary<string, LogLevel> Levels(JsonElement? levels)
    {
        var result = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase);
        foreach (var level in levels?.EnumerateObject() ?? default)
            result[level.Name] = Enum.Parse<LogLevel>(level.Value.GetString() ?? "", ignoreCase: true);
        return result;
    }
}

using System.Text.Json;

namespace Serverless.LocalHost.Settings;

/// <summary>local.settings.json, read as Core Tools reads it.</summary>
internal sealed record LocalSettings(
    IReadOnlyDictionary<string, string> Values, int? Port, IReadOnlyList<string> CorsOrigins, bool CorsCredentials)
{
    private const string FileName = "local.settings.json";

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    internal static LocalSettings Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            return new(new Dictionary<string, string>(), null, [], false);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file), Lenient);
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new HostFailure($"{file} is not valid: {e.Message}");
        }
    }

    private static LocalSettings Read(JsonElement root)
    {
        if (Find(root, "IsEncrypted") is { ValueKind: JsonValueKind.True })
            throw new HostFailure($"The values in {FileName} are encrypted. Run 'func settings decrypt' first.");

        var values = new Dictionary<string, string>();
        foreach (var setting in Find(root, "Values")?.EnumerateObject() ?? default)
        {
            values[setting.Name] = setting.Value.ValueKind == JsonValueKind.String
                ? setting.Value.GetString()!
                : throw new HostFailure($"{FileName}: the value of '{setting.Name}' must be a string.");
        }

        var host = Find(root, "Host");
        var origins = (Find(host, "CORS")?.GetString() ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var credentials = Find(host, "CORSCredentials")?.GetBoolean() ?? false;
        return credentials && origins.Contains("*")
            ? throw new HostFailure($"{FileName}: Host.CORSCredentials requires named origins in Host.CORS, not '*'.")
            : new(values, Find(host, "LocalHttpPort")?.GetInt32(), origins, credentials);
    }

    /// <returns>The property of that name in any case; null when there is none, or it is null.</returns>
    private static JsonElement? Find(JsonElement? parent, string name)
    {
        foreach (var property in parent?.EnumerateObject() ?? default)
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind != JsonValueKind.Null)
                return property.Value;
        }

        return null;
    }
}

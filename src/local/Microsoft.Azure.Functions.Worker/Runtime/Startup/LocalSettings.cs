using System.Text.Json;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>local.settings.json, read as Core Tools reads it.</summary>
internal sealed record LocalSettings(
    IReadOnlyDictionary<string, string> Values, int? Port, IReadOnlyList<string> CorsOrigins, bool CorsCredentials)
{
    private const string FileName = "local.settings.json";

    private static readonly LocalSettings None = new(new Dictionary<string, string>(), null, [], false);

    internal static LocalSettings Load(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file))
            return None;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), JsonFiles.Lenient);
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException and not StartupException)
        {
            throw new StartupException($"{file} is not a valid local.settings.json: {e.Message}", e);
        }
    }

    /// <summary>Makes the values environment variables; one that is set already wins, as with func.</summary>
    internal void ApplyToEnvironment()
    {
        foreach (var (name, value) in Values)
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
                Environment.SetEnvironmentVariable(name, value);
        }

        const string environment = "AZURE_FUNCTIONS_ENVIRONMENT";
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(environment)))
            Environment.SetEnvironmentVariable(environment, "Development");
    }

    private static LocalSettings Read(JsonElement root)
    {
        // Core Tools takes the values for encrypted unless the file says otherwise, and only it has the key.
        if (!(root.Find("IsEncrypted") is { } encrypted) || encrypted.GetBoolean())
            throw new StartupException(
                $"The values in {FileName} are encrypted, which only Azure Functions Core Tools can read: " +
                "run 'func settings decrypt', or set \"IsEncrypted\" to false if they are not.");

        var values = new Dictionary<string, string>();
        foreach (var value in root.Find("Values")?.EnumerateObject() ?? default)
        {
            if (value.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                throw new StartupException($"{FileName}: the value of '{value.Name}' must be a string, not an object or a list.");
            values[value.Name] = value.Value.ToString();
        }

        var host = root.Find("Host");
        return new LocalSettings(
            values,
            host?.Find("LocalHttpPort")?.GetInt32(),
            host?.Find("CORS")?.GetString()?.Split(',', JsonFiles.ListItems) ?? [],
            host?.Find("CORSCredentials")?.GetBoolean() ?? false);
    }
}

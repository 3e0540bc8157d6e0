namespace Serverless.LocalHost.Settings;

/// <summary>local.settings.json, read as Core Tools reads it.</summary>
internal sealed record LocalSettings(bool IsEncrypted, Dictionary<string, string>? Values, LocalHostSettings? Host)
{
    private const string FileName = "local.settings.json";

    /// <exception cref="HostFailure">The file is not valid, or encrypted.</exception>
    internal static LocalSettings Read(string folder)
    {
        try
        {
            var file = Path.Combine(folder, FileName);
            var settings = File.Exists(file)
                ? JsonSerializer.Deserialize(File.ReadAllText(file), HostJson.Default.LocalSettings)
                : null;
            return settings switch
            {
                null => new(IsEncrypted: false, null, null),
                { IsEncrypted: true } =>
                    throw new HostFailure($"The values in {FileName} are encrypted. Run 'func settings decrypt' first."),
                { Host: { CORSCredentials: true } host } when host.Origins.Contains("*") =>
                    throw new HostFailure($"{FileName}: Host.CORSCredentials requires named origins in Host.CORS, not '*'."),
                _ => settings,
            };
        }
        catch (JsonException e)
        {
            throw new HostFailure(e.Path?.StartsWith("$.Values.", StringComparison.OrdinalIgnoreCase) == true
                ? $"{FileName}: the value of {e.Path[2..]} must be a string."
                : $"{FileName} is not valid: {e.Message}");
        }
    }
}

internal sealed record LocalHostSettings(int? LocalHttpPort, string? CORS, bool CORSCredentials)
{
    internal string[] Origins => (CORS ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

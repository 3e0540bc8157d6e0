using Serverless.Sessions.Settings;

namespace Serverless.Documents.Settings;

/// <summary>infra/settings.bicep: a member for each setting that a deployment may set. The head of the file is written by hand.</summary>
internal static class SettingsTemplate
{
    private const string Opening = "type productSettings = {\n";

    // infra/modules/functionapp.bicep sets these, by the resources that it is given.
    private static readonly string[] Deployed =
    [
        "Storage__TableServiceUri", "Storage__TablePrefix", "Storage__CreateTables", "Tokens__Issuer", "Keys__VaultUri",
        "Cookies__AllowedOrigins", "Telemetry__AzureMonitorConnectionString", "Telemetry__AzureMonitorIdentity",
    ];

    public static string Write(string current)
    {
        var head = current[..(current.IndexOf(Opening, StringComparison.Ordinal) + Opening.Length)];
        var settings = ProductSettings.All.Where(setting => setting.Local is null && !Deployed.Contains(setting.Name));
        return $"{head}{string.Join('\n', settings.Select(Member))}}}\n";
    }

    private static string Member(Setting setting)
    {
        var meaning = setting.Meaning.Replace("`", "", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        return $"  @description('{char.ToUpperInvariant(meaning[0])}{meaning[1..]}.')\n  {setting.Name}: string?\n";
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.Documents.OpenApi;
using Serverless.Sessions.Settings;

namespace Serverless.Documents.Settings;

internal static partial class SettingsFiles
{
    private const string TableHead = "| setting | meaning | allowed | default | change it when |\n|---|---|---|---|---|\n";

    // The heading of the settings that have no section.
    private const string Schedules = "Schedules";

    private const string TypeHead = "type productSettings = {\n";

    private const string PolicyHead =
        "@export()\n@sealed()\n@description('What counts for the sessions of one role, more strictly than the settings for all.')\n"
        + "type rolePolicy = {\n";

    // Only a developer's machine has these.
    private static readonly string[] OfDevelopment = ["Storage__ConnectionString", "Demo__Email", "Demo__Password"];

    // infra/modules/functionapp.bicep sets these, by the resources that it is given.
    private static readonly string[] Deployed =
    [
        "Storage__TableServiceUri", "Storage__TablePrefix", "Storage__CreateTables", "Tokens__Issuer", "Keys__VaultUri", "Redis__Endpoint",
        "Cookies__AllowedOrigins", "Telemetry__AzureMonitorConnectionString", "Telemetry__AzureMonitorIdentity",
    ];

    /// <summary>docs/settings.md: the table under each heading, by the name of its section; the rest is written by hand.</summary>
    public static string WritePage(string current)
    {
        var sections = ProductSettings.All.GroupBy(setting => setting.Section.Length > 0 ? setting.Section.Split("__")[0] : Schedules)
            .ToDictionary(section => section.Key, section => section.ToList(), StringComparer.OrdinalIgnoreCase);
        var page = Table().Replace(current, match =>
            sections.Remove(match.Groups["heading"].Value.Replace(" ", "", StringComparison.Ordinal), out var settings)
                ? $"{match.Groups["before"].Value}{TableHead}{string.Concat(settings.Select(Row))}"
                : throw new InvalidOperationException($"docs/settings.md: there is no section '{match.Groups["heading"].Value}'."));
        return sections.Count == 0
            ? page
            : throw new InvalidOperationException($"docs/settings.md needs a heading and a table for {string.Join(", ", sections.Keys)}.");
    }

    /// <summary>local.settings.sample.json: all settings, for a developer's machine; the host's are written by hand.</summary>
    public static string WriteSample(string current)
    {
        var sample = JsonNode.Parse(current)!.AsObject();
        var values = sample["Values"]!.AsObject();
        foreach (var (name, _) in values.Where(value => !IsOfHost(value.Key)).ToList())
            values.Remove(name);
        foreach (var setting in ProductSettings.All.Where(setting => !IsOfRole(setting)))
            values.Add(setting.Name, setting.Words.Local ?? setting.Default);
        return sample.ToJsonString(ApiWriter.Format) + "\n";
    }

    /// <summary>infra/settings.bicep: a member for each setting of a deployment, and for each of a role;
    /// the head is written by hand.</summary>
    public static string WriteTemplate(string current)
    {
        var head = current[..(current.IndexOf(TypeHead, StringComparison.Ordinal) + TypeHead.Length)];
        var settings = ProductSettings.All
            .Where(setting => !OfDevelopment.Contains(setting.Name) && !Deployed.Contains(setting.Name)).ToLookup(IsOfRole);
        return $"{head}{Members(settings[false])}}}\n\n{PolicyHead}{Members(settings[true])}}}\n";
    }

    private static string Row(Setting setting) =>
        $"| `{setting.Name}` | {setting.Words.Meaning} | {setting.Allowed} "
        + $"| {(setting.Default.Length > 0 ? setting.Default : "none")} | {setting.Words.ChangeWhen} |\n";

    private static bool IsOfHost(string name) =>
        !name.Contains("__", StringComparison.Ordinal) && !name.EndsWith("Schedule", StringComparison.Ordinal);

    private static bool IsOfRole(Setting setting) => setting.Section.EndsWith(Setting.AnyRole, StringComparison.Ordinal);

    private static string Members(IEnumerable<Setting> settings) => string.Join('\n', settings.Select(Member));

    private static string Member(Setting setting)
    {
        var meaning = setting.Words.Meaning
            .Replace("`", "", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        return $"  @description('{char.ToUpperInvariant(meaning[0])}{meaning[1..]}.')\n"
            + $"  {(IsOfRole(setting) ? setting.Property.Name : setting.Name)}: string?\n";
    }

    [GeneratedRegex(@"(?<before>^## (?<heading>.+)\n(?:(?!## |\|).*\n)*)(?:\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex Table();
}

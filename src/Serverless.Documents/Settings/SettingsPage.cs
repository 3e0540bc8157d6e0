using System.Text.RegularExpressions;
using Serverless.Sessions.Settings;

namespace Serverless.Documents.Settings;

/// <summary>docs/settings.md: the table under each heading, of the section of that name; the rest is written by hand.</summary>
internal static partial class SettingsPage
{
    private const string Head = "| setting | meaning | allowed | default | change it when |\n|---|---|---|---|---|\n";

    // The heading of the settings that have no section.
    private const string Schedules = "Schedules";

    public static string Write(string current)
    {
        var sections = ProductSettings.All.GroupBy(setting => setting.Section.Length > 0 ? setting.Section : Schedules)
            .ToDictionary(section => section.Key, section => section.ToList(), StringComparer.OrdinalIgnoreCase);
        var page = Table().Replace(current, match =>
            sections.Remove(match.Groups["heading"].Value.Replace(" ", "", StringComparison.Ordinal), out var settings)
                ? $"{match.Groups["before"].Value}{Head}{string.Concat(settings.Select(Row))}"
                : throw new InvalidOperationException($"docs/settings.md: there is no section '{match.Groups["heading"].Value}'."));
        return sections.Count == 0
            ? page
            : throw new InvalidOperationException($"docs/settings.md needs a heading and a table for {string.Join(", ", sections.Keys)}.");
    }

    private static string Row(Setting setting) =>
        $"| `{setting.Name}` | {setting.Meaning} | {setting.Allowed} | {(setting.Default.Length > 0 ? setting.Default : "none")} | {setting.ChangeWhen} |\n";

    [GeneratedRegex(@"(?<before>^## (?<heading>.+)\n(?:(?!## |\|).*\n)*)(?:\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex Table();
}

using Serverless.Documents.OpenApi;
using Serverless.Documents.Settings;

namespace Serverless.Documents;

/// <summary>A file that is generated from the code, in whole or in part.</summary>
/// <param name="Write">Returns the new text for the current one.</param>
internal sealed record GeneratedFile(string Path, Func<string, string> Write)
{
    public static IReadOnlyList<GeneratedFile> All { get; } =
    [
        new("docs/settings.md", SettingsPage.Write),
        new("infra/settings.bicep", SettingsTemplate.Write),
        new("local.settings.sample.json", SettingsSample.Write),
        new("src/Serverless.Functions/Http/openapi.json", _ => ApiWriter.Write()),
    ];
}

using Serverless.Documents.OpenApi;
using Serverless.Documents.Settings;

namespace Serverless.Documents;

/// <summary>A file that is generated from the code, in whole or in part.</summary>
/// <param name="Write">Returns the new text for the current one.</param>
internal sealed record GeneratedFile(string Path, Func<string, string> Write)
{
    public static IReadOnlyList<GeneratedFile> All { get; } =
    [
        new("docs/settings.md", SettingsFiles.WritePage),
        new("infra/settings.bicep", SettingsFiles.WriteTemplate),
        new("local.settings.sample.json", SettingsFiles.WriteSample),
        new("src/Serverless.Functions/Http/openapi.json", _ => ApiWriter.Write()),
    ];
}

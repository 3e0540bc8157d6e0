using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Documents.Settings;

/// <summary>local.settings.sample.json: all settings, for a developer's machine; the host's are written by hand.</summary>
internal static class SettingsSample
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string current)
    {
        var sample = JsonNode.Parse(current)!.AsObject();
        var values = sample["Values"]!.AsObject();
        foreach (var (name, _) in values.Where(value => !IsOfHost(value.Key)).ToList())
            values.Remove(name);
        foreach (var setting in ProductSettings.All)
            values.Add(setting.Name, setting.Local ?? setting.Default);
        return sample.ToJsonString(Format) + "\n";
    }

    private static bool IsOfHost(string name) => !name.Contains("__", StringComparison.Ordinal) && !name.EndsWith("Schedule", StringComparison.Ordinal);
}

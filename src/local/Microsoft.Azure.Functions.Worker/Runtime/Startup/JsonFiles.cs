using System.Text.Json;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>How the host reads its JSON files: comments allowed, names in any case.</summary>
internal static class JsonFiles
{
    internal const StringSplitOptions ListItems = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    internal static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <returns>The value of that name, null when there is none or it is null.</returns>
    internal static JsonElement? Find(this JsonElement parent, string name)
    {
        foreach (var property in parent.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
        }

        return null;
    }
}

using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Reads <c>{"odata.error":{"code":"...","message":{"lang":"...","value":"..."}}}</c>.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    public const string FailedIndex = "FailedEntity";

    public static readonly TableErrorParser Instance = new();

    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        (error, data) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("odata.error", out var body)
                || body.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            var message = Text(body, "message", "value");
            error = new ResponseError(Text(body, "code"), message);
            data = new Dictionary<string, string>();
            if (IndexIn(message) is { } index)
                data[FailedIndex] = index;
            return true;
        }
        catch (JsonException)
        {
            // Not from the table service itself but from something on the way; the status says enough.
            return false;
        }
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }

    /// <summary>A transaction's error message begins with the index of the action that failed: <c>7:The entity ...</c></summary>
    private static string? IndexIn(string? message)
    {
        var colon = message?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? message![..colon]
            : null;
    }
}

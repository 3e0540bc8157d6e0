using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>One value from the wire, as the .NET type that its annotation says.</summary>
internal static class EntityValue
{
    private static readonly object True = true;
    private static readonly object False = false;

    /// <summary>The time of the last change is a time without saying so.</summary>
    public static string? TypeOf(string name) => name == EntityProperties.Timestamp ? EntityProperties.DateTimeType : null;

    public static object? Read(ref Utf8JsonReader reader, string? type) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => True,
        JsonTokenType.False => False,
        JsonTokenType.Number => ReadNumber(ref reader, type),
        JsonTokenType.String => ReadString(ref reader, type),
        _ => throw new JsonException($"A property of an entity can't be a {reader.TokenType}."),
    };

    /// <summary>For a value that was read before its type was known.</summary>
    public static object Convert(object value, string? type) => (type, value) switch
    {
        (EntityProperties.BinaryType, string text) => System.Convert.FromBase64String(text),
        (EntityProperties.GuidType, string text) => Guid.Parse(text),
        (EntityProperties.Int64Type, string text) => long.Parse(text, CultureInfo.InvariantCulture),
        (EntityProperties.Int64Type, int number) => (long)number,
        (EntityProperties.DoubleType, string text) => double.Parse(text, CultureInfo.InvariantCulture),
        (EntityProperties.DoubleType, int number) => (double)number,
        (EntityProperties.DoubleType, long number) => (double)number,
        (EntityProperties.DateTimeType, string text) =>
            DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        _ => value,
    };

    private static object ReadNumber(ref Utf8JsonReader reader, string? type)
    {
        // "3.0" parses as neither int nor long, which is how a whole double stays a double.
        if (type == EntityProperties.DoubleType)
            return reader.GetDouble();
        if (type == EntityProperties.Int64Type)
            return reader.GetInt64();
        if (reader.TryGetInt32(out var small))
            return small;
        return reader.TryGetInt64(out var large) ? large : reader.GetDouble();
    }

    private static object ReadString(ref Utf8JsonReader reader, string? type) => type switch
    {
        EntityProperties.BinaryType => reader.GetBytesFromBase64(),
        EntityProperties.GuidType when reader.TryGetGuid(out var guid) => guid,
        EntityProperties.DateTimeType when reader.TryGetDateTimeOffset(out var time) && time.Offset == TimeSpan.Zero => time,
        EntityProperties.Int64Type when !reader.ValueIsEscaped
            && long.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            number,
        _ => Convert(reader.GetString()!, type),
    };
}

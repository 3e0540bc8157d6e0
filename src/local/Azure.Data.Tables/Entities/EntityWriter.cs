using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities as the JSON that the service takes: each value with its type, where JSON doesn't tell it.</summary>
internal static class EntityWriter
{
    private const int LongestPropertyName = 255;

    public static void Write(Utf8JsonWriter writer, ITableEntity entity)
    {
        writer.WriteStartObject();
        if (entity is TableEntity table)
        {
            foreach (var (name, value) in table.Properties)
                WriteProperty(writer, name, value);
        }
        else if (entity is IDictionary<string, object> dictionary)
        {
            foreach (var (name, value) in dictionary)
                WriteProperty(writer, name, value);
        }
        else
        {
            foreach (var member in EntityModel.Of(entity.GetType()).Members)
                WriteProperty(writer, member.Name, member.ReadFrom(entity));
        }

        writer.WriteEndObject();
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, object? value)
    {
        // The service sets version and time itself. It has no null: a property is there or it isn't.
        if (value is null || name is EntityProperties.ETag or EntityProperties.Timestamp)
            return;

        switch (value)
        {
            case string text:
                writer.WriteString(name, text);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case long number:
                WriteType(writer, name, EntityProperties.Int64Type);
                WriteFormatted(writer, name, number, default);
                break;
            case ulong number:
                WriteType(writer, name, EntityProperties.Int64Type);
                WriteFormatted(writer, name, number, default);
                break;
            case double number:
                WriteType(writer, name, EntityProperties.DoubleType);
                if (double.IsFinite(number))
                    writer.WriteNumber(name, number);
                else
                    writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                WriteType(writer, name, EntityProperties.DateTimeType);
                WriteFormatted(writer, name, time.UtcDateTime, "O");
                break;
            case DateTime { Kind: DateTimeKind.Utc } time:
                WriteType(writer, name, EntityProperties.DateTimeType);
                WriteFormatted(writer, name, time, "O");
                break;
            case DateTime time:
                throw new NotSupportedException($"DateTime {time} has a Kind of {time.Kind}. The service requires it to be UTC.");
            case Guid guid:
                WriteType(writer, name, EntityProperties.GuidType);
                writer.WriteString(name, guid);
                break;
            case byte[] bytes:
                WriteType(writer, name, EntityProperties.BinaryType);
                writer.WriteBase64String(name, bytes);
                break;
            case BinaryData data:
                WriteType(writer, name, EntityProperties.BinaryType);
                writer.WriteBase64String(name, data.ToMemory().Span);
                break;
            case float number:
                writer.WriteNumber(name, number);
                break;
            case decimal number:
                writer.WriteNumber(name, number);
                break;
            default:
                throw new NotSupportedException($"Not supported type {value.GetType()}");
        }
    }

    private static void WriteFormatted<T>(Utf8JsonWriter writer, string name, T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var written, format, CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..written]);
    }

    private static void WriteType(Utf8JsonWriter writer, string name, ReadOnlySpan<char> type)
    {
        const string Suffix = EntityProperties.TypeSuffix;
        var annotation = name.Length <= LongestPropertyName
            ? stackalloc char[LongestPropertyName + Suffix.Length]
            : new char[name.Length + Suffix.Length];
        name.CopyTo(annotation);
        Suffix.CopyTo(annotation[name.Length..]);
        writer.WriteString(annotation[..(name.Length + Suffix.Length)], type);
    }
}

using System.Globalization;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>OData filters from interpolated strings, each value as a literal of its type.</summary>
internal static class QueryFilter
{
    public static string? Create(FormattableString? filter)
    {
        if (filter is null)
            return null;
        var literals = new string[filter.ArgumentCount];
        for (var index = 0; index < literals.Length; index++)
        {
            literals[index] = Literal(filter.GetArgument(index)) ?? throw new ArgumentException(
                $"Unable to convert argument {index} from type {filter.GetArgument(index)!.GetType()} to an OData literal.");
        }

        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    private static string? Literal(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long or ulong => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture) + "L",
        sbyte or byte or short or ushort or int or uint or decimal or float or double =>
            ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        Guid guid => $"guid'{guid}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData data => $"X'{Convert.ToHexString(data.ToMemory().Span)}'",
        DateTimeOffset time => Time(time.UtcDateTime),
        DateTime time => Time(time.ToUniversalTime()),
        string or char or StringBuilder => $"'{value.ToString()!.Replace("'", "''", StringComparison.Ordinal)}'",
        _ => null,
    };

    /// <summary>As few digits of the second as are needed.</summary>
    private static string Time(DateTime utc) =>
        $"datetime'{utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)}'";
}

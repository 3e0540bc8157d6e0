using System.Diagnostics.CodeAnalysis;

namespace Serverless.Tables.Storage;

/// <summary>A row that is being read: a column that is missing or of another type makes it unreadable.</summary>
internal sealed class StoredRow(TableEntity row)
{
    public delegate bool Parser<T>(ReadOnlySpan<char> text, out T value);

    public string PartitionKey => row.PartitionKey;

    public string RowKey => row.RowKey;

    public RowVersion Version => new(row.ETag.ToString());

    public string Text(string column) => TextOrNull(column) ?? throw new UnreadableRowException(column);

    public string? TextOrNull(string column) => Find(column) switch
    {
        null => null,
        string text => text,
        _ => throw new UnreadableRowException(column),
    };

    public T Value<T>(string column)
        where T : struct => ValueOrNull<T>(column) ?? throw new UnreadableRowException(column);

    public T? ValueOrNull<T>(string column)
        where T : struct => Find(column) switch
        {
            null => null,
            T value => value,
            _ => throw new UnreadableRowException(column),
        };

    public byte[]? BytesOrNull(string column) => Find(column) switch
    {
        null => null,
        byte[] bytes => bytes,
        BinaryData data => data.ToArray(),
        _ => throw new UnreadableRowException(column),
    };

    public T Parse<T>(string column, Parser<T> parse)
        where T : struct => ParseOrNull(column, parse) ?? throw new UnreadableRowException(column);

    public T? ParseOrNull<T>(string column, Parser<T> parse)
        where T : struct
    {
        if (TextOrNull(column) is not { } text)
            return null;
        return parse(text, out var value) ? value : throw new UnreadableRowException(column);
    }

    /// <summary>Reads the name of an enumeration's member; numbers are refused.</summary>
    public T Word<T>(string column)
        where T : struct, Enum => WordOrNull<T>(column) ?? throw new UnreadableRowException(column);

    public T? WordOrNull<T>(string column)
        where T : struct, Enum
    {
        if (TextOrNull(column) is not { } text)
            return null;
        return Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) && value.ToString() == text
            ? value
            : throw new UnreadableRowException(column);
    }

    public TimeSpan? SpanOrNull(string column, TimeSpan unit)
    {
        // Some writers send whole numbers without a type.
        double? units = Find(column) is int whole ? whole : ValueOrNull<double>(column);
        if (units is not { } value)
            return null;
        return double.IsFinite(value) && Math.Abs(value) < TimeSpan.MaxValue / unit ? value * unit : throw new UnreadableRowException(column);
    }

    /// <summary>Makes the row unreadable unless it matches its key.</summary>
    public static void Require([DoesNotReturnIf(false)] bool isAsItsKeySays)
    {
        if (!isAsItsKeySays)
            throw new UnreadableRowException("key");
    }

    private object? Find(string column) => row.TryGetValue(column, out var value) ? value : null;
}

/// <summary>Caught only by <see cref="RowReader"/>.</summary>
internal sealed class UnreadableRowException(string what) : Exception($"The {what} of a row can't be read.");

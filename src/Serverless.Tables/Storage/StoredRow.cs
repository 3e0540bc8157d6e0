using System.Diagnostics.CodeAnalysis;

namespace Serverless.Tables.Storage;

/// <summary>A row that is being read: a column that is missing or of another type makes it unreadable.</summary>
internal sealed class StoredRow(TableEntity row)
{
    public delegate bool Parser<T>(ReadOnlySpan<char> text, out T value);

    public string PartitionKey => row.PartitionKey;
    public string RowKey => row.RowKey;
    public RowVersion Version => new(row.ETag.ToString());

    public object? this[string column] => row.TryGetValue(column, out var value) ? value : null;

    public string Text(string column) => TextOrNull(column) ?? throw new UnreadableRowException(column);

    public string? TextOrNull(string column) => this[column] switch
    {
        null => null,
        string text => text,
        _ => throw new UnreadableRowException(column),
    };

    public IReadOnlyList<string> Words(string column) => Text(column) is { Length: > 0 } words ? words.Split(',') : [];

    public T Value<T>(string column)
        where T : struct => ValueOrNull<T>(column) ?? throw new UnreadableRowException(column);

    public T? ValueOrNull<T>(string column)
        where T : struct => this[column] switch
        {
            null => null,
            T value => value,
            _ => throw new UnreadableRowException(column),
        };

    public byte[]? BytesOrNull(string column) => this[column] switch
    {
        null => null,
        byte[] bytes => bytes,
        BinaryData data => data.ToArray(),
        _ => throw new UnreadableRowException(column),
    };

    public T Parse<T>(string column, Parser<T> parse)
        where T : struct => ParseOrNull(column, parse) ?? throw new UnreadableRowException(column);

    public T? ParseOrNull<T>(string column, Parser<T> parse)
        where T : struct => TextOrNull(column) is not { } text ? null
            : parse(text, out var value) ? value
            : throw new UnreadableRowException(column);

    public T Word<T>(string column)
        where T : struct, Enum => Parse<T>(column, TryReadWord);

    public T? WordOrNull<T>(string column)
        where T : struct, Enum => ParseOrNull<T>(column, TryReadWord);

    public TimeSpan? SpanOrNull(string column, TimeSpan unit)
    {
        if (NumberOrNull(column) is not { } value)
            return null;
        return double.IsFinite(value) && Math.Abs(value) < TimeSpan.MaxValue / unit
            ? value * unit : throw new UnreadableRowException(column);
    }

    // Some writers send whole numbers without a type.
    public double? NumberOrNull(string column) => this[column] is int whole ? whole : ValueOrNull<double>(column);

    public ClientInfo Client() => ClientOrNull() ?? throw new UnreadableRowException(nameof(ClientInfo.IpAddress));

    public ClientInfo? ClientOrNull(string prefix = "") => TextOrNull(prefix + nameof(ClientInfo.IpAddress)) is { } address
        ? new(address, TextOrNull(prefix + nameof(ClientInfo.UserAgent)), TextOrNull(prefix + nameof(ClientInfo.Device)))
        { Location = this.ReadLocation(prefix) } : null;

    public static void Require([DoesNotReturnIf(false)] bool isAsItsKeySays)
    {
        if (!isAsItsKeySays)
            throw new UnreadableRowException("key");
    }

    // The name of an enumeration's member; numbers are refused.
    private static bool TryReadWord<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, Enum => Enum.TryParse(text, out value) && Enum.IsDefined(value) && text.SequenceEqual(value.ToString());
}

/// <summary>Caught only by <see cref="StoredTable"/>.</summary>
internal sealed class UnreadableRowException(string what) : Exception($"The {what} of a row can't be read.");

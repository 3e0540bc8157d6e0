#nullable disable annotations // Oblivious, as the official package is: callers get the same warnings from both.

namespace Azure.Data.Tables;

/// <summary>An entity as a dictionary of its properties.</summary>
public partial class TableEntity : ITableEntity
{
    private readonly Dictionary<string, object> _properties;

    /// <summary>An empty entity.</summary>
    public TableEntity() => _properties = [];

    /// <summary>An entity with its keys.</summary>
    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>An entity with a copy of the values.</summary>
    public TableEntity(IDictionary<string, object> values) => _properties = values is null ? [] : new(values);

    internal TableEntity(int capacity) => _properties = new(capacity);

    /// <inheritdoc/>
    public string PartitionKey
    {
        get => GetString(EntityProperties.PartitionKey);
        set => _properties[EntityProperties.PartitionKey] = value;
    }

    /// <inheritdoc/>
    public string RowKey
    {
        get => GetString(EntityProperties.RowKey);
        set => _properties[EntityProperties.RowKey] = value;
    }

    /// <inheritdoc/>
    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(EntityProperties.Timestamp);
        set => _properties[EntityProperties.Timestamp] = value;
    }

    /// <inheritdoc/>
    public ETag ETag
    {
        get => new(GetString(EntityProperties.ETag));
        set => _properties[EntityProperties.ETag] = value.ToString();
    }

    /// <summary>The string property of that name, null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The property has another type; so with all methods below.</exception>
    public string GetString(string key) => Find(key) is { } value ? Expect<string>(value) : null;

    /// <summary>The binary property of that name, null if there is none.</summary>
    public byte[] GetBinary(string key) => Find(key) is { } value ? Expect<byte[]>(value) : null;

    /// <summary>The binary property of that name, null if there is none.</summary>
    public BinaryData GetBinaryData(string key) => Find(key) switch
    {
        null => null,
        byte[] bytes => new BinaryData(bytes),
        var value => Expect<BinaryData>(value),
    };

    /// <summary>The Boolean property of that name, null if there is none.</summary>
    public bool? GetBoolean(string key) => Find(key) is { } value ? Expect<bool>(value) : null;

    /// <summary>The time property of that name in UTC, null if there is none.</summary>
    public DateTime? GetDateTime(string key) => Find(key) switch
    {
        null => null,
        DateTimeOffset time => time.UtcDateTime,
        var value => Expect<DateTime>(value),
    };

    /// <summary>The time property of that name, null if there is none.</summary>
    public DateTimeOffset? GetDateTimeOffset(string key) => Find(key) switch
    {
        null => null,
        DateTime time => new DateTimeOffset(time),
        var value => Expect<DateTimeOffset>(value),
    };

    /// <summary>The floating-point property of that name, null if there is none.</summary>
    public double? GetDouble(string key) => Find(key) is { } value ? Expect<double>(value) : null;

    /// <summary>The GUID property of that name, null if there is none.</summary>
    public Guid? GetGuid(string key) => Find(key) is { } value ? Expect<Guid>(value) : null;

    /// <summary>The 32-bit property of that name, null if there is none.</summary>
    public int? GetInt32(string key) => Find(key) is { } value ? Expect<int>(value) : null;

    /// <summary>The 64-bit property of that name, null if there is none.</summary>
    public long? GetInt64(string key) => Find(key) is { } value ? Expect<long>(value) : null;

    private object Find(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _properties.GetValueOrDefault(key);
    }

    private static T Expect<T>(object value) => value is T typed
        ? typed
        : throw new InvalidOperationException($"Cannot return {typeof(T)} type for a {value.GetType()} typed property.");
}

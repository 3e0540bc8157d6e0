#nullable disable annotations

using System.Collections;

namespace Azure.Data.Tables;

public partial class TableEntity : IDictionary<string, object>
{
    /// <inheritdoc/>
    public ICollection<string> Keys => _properties.Keys;

    /// <inheritdoc/>
    public int Count => _properties.Count;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    private ICollection<KeyValuePair<string, object>> Pairs => _properties;

    /// <summary>The value of a property, null if there is none. A property that has a value keeps its type.</summary>
    public object this[string key]
    {
        get => Find(key);
        set => Set(key, value);
    }

    /// <inheritdoc/>
    public void Add(string key, object value) => Set(key, value);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    /// <inheritdoc/>
    public bool Remove(string key) => _properties.Remove(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    /// <inheritdoc/>
    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => Set(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => Pairs.Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        Pairs.CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) => Pairs.Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() =>
        _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    /// <summary>The properties themselves, for enumeration without an allocation.</summary>
    internal Dictionary<string, object> Properties => _properties;

    private void Set(string key, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (value is not null && _properties.GetValueOrDefault(key) is { } existing)
            value = Coerce(existing, value);
        _properties[key] = value;
    }

    /// <summary>Numbers may widen; any other change of a property's type is a mistake.</summary>
    private static object Coerce(object existing, object value) => (existing, value) switch
    {
        _ when existing.GetType().IsInstanceOfType(value) => value,
        (int, double or long) => value,
        (double, int number) => (double)number,
        (long, int number) => (long)number,
        _ => throw new InvalidOperationException(
            $"Value ({existing.GetType()}) {existing} is not convertable to ({value.GetType()}) {value}."),
    };
}

#nullable disable annotations

namespace Azure.Data.Tables;

/// <summary>The cloud whose tokens are asked for.</summary>
public readonly struct TableAudience : IEquatable<TableAudience>
{
    private const string DefaultScope = "/.default";
    private readonly string _value;

    /// <summary>Takes the name of a known cloud or the URI of a resource.</summary>
    public TableAudience(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>Azure operated by 21Vianet.</summary>
    public static TableAudience AzureChina { get; } = new("AzureChina");

    /// <summary>Azure Government.</summary>
    public static TableAudience AzureGovernment { get; } = new("AzureGov");

    /// <summary>The public cloud, which is the default.</summary>
    public static TableAudience AzurePublicCloud { get; } = new("AzurePublic");

    /// <summary>The OAuth scope of the audience.</summary>
    internal string Scope
    {
        get
        {
            var resource = _value switch
            {
                "AzureChina" => "https://storage.azure.cn",
                "AzureGov" => "https://storage.azure.us",
                "AzurePublic" => "https://storage.azure.com",
                _ => _value,
            };
            return resource.EndsWith(DefaultScope, StringComparison.OrdinalIgnoreCase)
                ? resource
                : resource.TrimEnd('/') + DefaultScope;
        }
    }

    public static bool operator ==(TableAudience left, TableAudience right) => left.Equals(right);

    public static bool operator !=(TableAudience left, TableAudience right) => !left.Equals(right);

    public static implicit operator TableAudience(string value) => new(value);

    public bool Equals(TableAudience other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object obj) => obj is TableAudience other && Equals(other);

    public override int GetHashCode() => _value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    public override string ToString() => _value;
}

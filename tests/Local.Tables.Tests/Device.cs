using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

public enum DeviceKind
{
    Desktop,
    Phone,
}

/// <summary>An entity class with a property of every type.</summary>
public sealed class Device : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Name { get; set; }

    public int Count { get; set; }

    public long Total { get; set; }

    public double Share { get; set; }

    public bool Active { get; set; }

    public Guid Id { get; set; }

    public byte[]? Secret { get; set; }

    public BinaryData? Blob { get; set; }

    public DateTimeOffset SeenAt { get; set; }

    public DateTime MadeAt { get; set; }

    public DeviceKind Kind { get; set; }

    public long? Limit { get; set; }

    public int? Note { get; set; }

    [IgnoreDataMember]
    public string? Ignored { get; set; }
}

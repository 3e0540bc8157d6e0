namespace Azure.Data.Tables;

/// <summary>The names of the properties that every entity has, and how the wire spells types.</summary>
internal static class EntityProperties
{
    public const string PartitionKey = "PartitionKey";
    public const string RowKey = "RowKey";
    public const string Timestamp = "Timestamp";
    public const string ETag = "odata.etag";
    public const string Metadata = "odata.metadata";
    public const string TypeSuffix = "@odata.type";

    public const string BinaryType = "Edm.Binary";
    public const string DateTimeType = "Edm.DateTime";
    public const string DoubleType = "Edm.Double";
    public const string GuidType = "Edm.Guid";
    public const string Int64Type = "Edm.Int64";
}

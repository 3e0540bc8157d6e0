#nullable disable annotations // Oblivious, as the official package is: callers get the same warnings from both.

namespace Azure.Data.Tables;

/// <summary>What every entity has. Implement it for a model of your own, or use <see cref="TableEntity"/>.</summary>
public interface ITableEntity
{
    /// <summary>Entities with the same partition key are kept together and can be changed in one transaction.</summary>
    string PartitionKey { get; set; }

    /// <summary>Identifies the entity within its partition.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last changed the entity. Ignored on writes.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version of the entity that was read.</summary>
    ETag ETag { get; set; }
}

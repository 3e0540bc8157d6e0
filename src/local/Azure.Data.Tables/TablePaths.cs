namespace Azure.Data.Tables;

/// <summary>The paths of tables and entities, encoded.</summary>
internal static class TablePaths
{
    public static string Entity(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Encode(partitionKey)}',RowKey='{Encode(rowKey)}')";

    public static string Entities(string table) => table + "()";

    /// <summary>A string literal's inside: OData doubles quotes, and the URL encodes whatever isn't unreserved.</summary>
    public static string Encode(string literal) =>
        Uri.EscapeDataString(literal.Replace("'", "''", StringComparison.Ordinal));
}

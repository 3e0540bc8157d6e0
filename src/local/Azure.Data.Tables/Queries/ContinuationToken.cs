namespace Azure.Data.Tables;

/// <summary>Where a query goes on, as the text that <see cref="Page{T}.ContinuationToken"/> has.</summary>
internal static class ContinuationToken
{
    /// <summary>Both keys as the service encodes them, which is why a space can part them.</summary>
    public static string? From(Response response)
    {
        var hasPartition = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partitionKey);
        var hasRow = response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var rowKey);
        return hasPartition || hasRow ? $"{partitionKey} {rowKey}" : null;
    }

    public static (string? PartitionKey, string? RowKey) Parse(string? token)
    {
        if (token is null || token.Length <= 1)
            return (null, null);
        var space = token.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (token, null)
            : space == token.Length - 1 ? (token[..space], null)
            : (token[..space], token[(space + 1)..]);
    }
}

namespace Serverless.Tables.Storage;

internal static class RowChange
{
    public static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    /// <summary>Replaces the expected version of a row; null adds the row.</summary>
    public static TableTransactionAction Save(TableEntity row, RowVersion? expected) =>
        expected is null ? Add(row) : new(TableTransactionActionType.UpdateReplace, row, expected.ToETag());

    public static TableTransactionAction Merge(TableEntity row, RowVersion? expected = null) =>
        new(TableTransactionActionType.UpdateMerge, row, expected.ToETag());

    public static TableTransactionAction Upsert(TableEntity row) => new(TableTransactionActionType.UpsertReplace, row);

    public static TableTransactionAction Delete(string partition, string row, RowVersion? expected = null) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, row), expected.ToETag());

    /// <summary>Null expects any version.</summary>
    public static ETag ToETag(this RowVersion? expected) => expected is { } version ? new(version.Value) : ETag.All;

    public static RowVersion VersionOf(Response written) => new(written.Headers.ETag.ToString()!);

    public static TableEntity With(this TableEntity row, ClientInfo? client, string prefix = "")
    {
        row[prefix + nameof(ClientInfo.IpAddress)] = client?.IpAddress;
        row[prefix + nameof(ClientInfo.UserAgent)] = client?.UserAgent;
        row[prefix + nameof(ClientInfo.Device)] = client?.Device;
        return row.With(client?.Location, prefix);
    }

    public static TableEntity WithoutNulls(this TableEntity row)
    {
        foreach (var column in row.Keys.Where(column => row[column] is null).ToList())
            row.Remove(column);
        return row;
    }
}

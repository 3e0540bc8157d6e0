namespace Serverless.Tables.Storage;

internal static class RowChange
{
    public static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    /// <summary>Replaces the expected version of a row; null adds the row.</summary>
    public static TableTransactionAction Save(TableEntity row, RowVersion? expected) =>
        expected is { } version ? new(TableTransactionActionType.UpdateReplace, row, version.ToETag()) : Add(row);

    public static TableTransactionAction Merge(TableEntity row, ETag expected) =>
        new(TableTransactionActionType.UpdateMerge, row, expected);

    public static TableTransactionAction Upsert(TableEntity row) => new(TableTransactionActionType.UpsertReplace, row);

    public static TableTransactionAction Delete(string partition, string row, ETag? expected = null) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, row), expected ?? ETag.All);

    public static ETag ToETag(this RowVersion version) => new(version.Value);

    public static RowVersion VersionOf(Response written) => new(written.Headers.ETag.ToString()!);

    public static TableEntity WithoutNulls(this TableEntity row)
    {
        foreach (var column in row.Keys.Where(column => row[column] is null).ToList())
            row.Remove(column);
        return row;
    }
}

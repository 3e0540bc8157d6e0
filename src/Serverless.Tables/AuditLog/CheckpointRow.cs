namespace Serverless.Tables.AuditLog;

internal static class CheckpointRow
{
    private const string AuditCount = "AuditCount";
    private const string AuditCodeColumn = "AuditCode";
    private const string AuditKey = "AuditKey";
    private const string AuditSeal = "AuditSeal";

    public static TableEntity Write(LogOwner owner, AuditCheckpoint cut) => new(owner.Key, LogKeys.Checkpoint(cut.SessionId))
    {
        // Found by the filter that reads the entries of the session.
        [nameof(LogEntry.SessionId)] = cut.SessionId.ToString(),
        [AuditCount] = cut.Head.Count,
        [AuditCodeColumn] = cut.Head.Code.ToString(),
        [AuditKey] = cut.Key.ToString(),
        [AuditSeal] = cut.Seal.ToString(),
    };

    // A malformed row is a checkpoint, too; the audit judges it.
    public static AuditCheckpoint Read(TableEntity row) => new(
        LogKeys.ReadCheckpoint(row.RowKey),
        new(row[AuditCount] is int count ? count : 0, Code(row, AuditCodeColumn)),
        KeyId.TryParse(row[AuditKey] as string, out var key) ? key : default,
        Code(row, AuditSeal));

    private static EntryMac Code(TableEntity row, string column) => EntryMac.TryParse(row[column] as string, out var code) ? code : default;
}

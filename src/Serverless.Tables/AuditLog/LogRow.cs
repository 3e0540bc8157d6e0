namespace Serverless.Tables.AuditLog;

internal static class LogRow
{
    public const string AuditCount = "AuditCount";
    public const string AuditCode = "AuditCode";

    private const string AuditSequence = "AuditSequence";
    private const string AuditKey = "AuditKey";
    private const string AuditSeals = "AuditSeals";
    private const string AuditSeal = "AuditSeal";

    public static TableEntity Write(LogOwner owner, LogEntry entry) => new TableEntity(
        owner.Key, LogKeys.Entry(LogPosition.After(entry)))
    {
        [nameof(LogEntry.Action)] = entry.Action.Name,
        [nameof(LogEntry.At)] = entry.At,
        [nameof(LogEntry.Success)] = entry.Success,
        [nameof(LogEntry.SessionId)] = entry.SessionId?.ToString(),
        [nameof(LogEntry.Administrator)] = entry.Administrator?.ToString(),
        [nameof(LogEntry.Error)] = entry.Error,
        [nameof(AuthenticationMethods)] = entry.Methods == AuthenticationMethods.None ? null : entry.Methods.ToText(),
        [AuditSequence] = entry.Link?.Sequence,
        [AuditCode] = entry.Link?.Code.ToString(),
        [AuditKey] = entry.Link?.Key.ToString(),
        [AuditSeals] = entry.Link?.IsFinal,
    }.With(entry.Client).WithoutNulls();

    /// <summary>Whether an entry is stored. Its id is random, so one that is there is the caller's own: the reply to an earlier try was
    /// lost.</summary>
    public static async Task<bool> ExistsAsync(StoredTable table, LogOwner owner, LogEntry entry, CancellationToken cancellationToken) =>
        await table.FindAsync(owner.Key, LogKeys.Entry(LogPosition.After(entry)), cancellationToken) is not null;

    // An entry with a malformed link is shown, too; the audit judges it.
    public static LogEntry Read(StoredRow row)
    {
        Guid.TryParseExact(row.RowKey.AsSpan(row.RowKey.LastIndexOf(':') + 1), "N", out var id);
        var written = row[nameof(LogEntry.At)] is DateTimeOffset at ? at : default;
        var entry = new LogEntry(new(Text(nameof(LogEntry.Action)) ?? ""), written)
        {
            Id = id,
            Success = row[nameof(LogEntry.Success)] is true,
            SessionId = SessionId.TryParse(Text(nameof(LogEntry.SessionId)), out var session) ? session : null,
            Administrator = UserId.TryParse(Text(nameof(LogEntry.Administrator)), out var administrator) ? administrator : null,
            Error = Text(nameof(LogEntry.Error)),
            Methods = AuthenticationMethodNames.Read(Text(nameof(AuthenticationMethods)) ?? ""),
            Client = Text(nameof(ClientInfo.IpAddress)) is { } address
                ? new(address, Text(nameof(ClientInfo.UserAgent)), Text(nameof(ClientInfo.Device))) { Location = row.ReadLocation() }
                : null,
        };
        // A link counts only in the place where the entry was written.
        return row.RowKey == LogKeys.Entry(LogPosition.After(entry)) ? entry with { Link = ReadLink(row) } : entry;

        string? Text(string column) => row[column] as string;
    }

    public static TableEntity Write(LogOwner owner, AuditCheckpoint cut) => new(owner.Key, LogKeys.Checkpoint(cut.SessionId))
    {
        // Found by the filter that reads the entries of the session.
        [nameof(LogEntry.SessionId)] = cut.SessionId.ToString(),
        [AuditCount] = cut.Head.Count,
        [AuditCode] = cut.Head.Code.ToString(),
        [AuditKey] = cut.Key.ToString(),
        [AuditSeal] = cut.Seal.ToString(),
    };

    // A malformed row is a checkpoint, too; the audit judges it.
    public static AuditCheckpoint ReadCheckpoint(StoredRow row) => new(
        LogKeys.ReadCheckpoint(row.RowKey),
        new(row[AuditCount] is int count ? count : 0, ReadMac(row, AuditCode)),
        KeyId.TryParse(row[AuditKey] as string, out var key) ? key : default,
        ReadMac(row, AuditSeal));

    private static AuditLink? ReadLink(StoredRow row) =>
        row[AuditSequence] is int sequence
        && EntryMac.TryParse(row[AuditCode] as string, out var code)
        && KeyId.TryParse(row[AuditKey] as string, out var key)
            ? new(sequence, code, key, row[AuditSeals] is true) : null;

    private static EntryMac ReadMac(StoredRow row, string column) =>
        EntryMac.TryParse(row[column] as string, out var code) ? code : default;
}

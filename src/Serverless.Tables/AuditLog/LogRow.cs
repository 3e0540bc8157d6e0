namespace Serverless.Tables.AuditLog;

internal static class LogRow
{
    private const string AuditSequence = "AuditSequence";
    private const string AuditCodeColumn = "AuditCode";
    private const string AuditKey = "AuditKey";
    private const string AuditSeals = "AuditSeals";

    public static TableEntity Write(LogOwner owner, LogEntry entry)
    {
        var row = new TableEntity(owner.Key, LogKeys.Entry(LogPosition.After(entry)))
        {
            [nameof(LogEntry.Action)] = entry.Action.Name,
            [nameof(LogEntry.At)] = entry.At,
            [nameof(LogEntry.Success)] = entry.Success,
        };
        AddIfKnown(nameof(LogEntry.SessionId), entry.SessionId?.ToString());
        AddIfKnown(nameof(LogEntry.Administrator), entry.Administrator?.ToString());
        AddIfKnown(nameof(LogEntry.Error), entry.Error);
        AddIfKnown(nameof(ClientInfo.IpAddress), entry.Client?.IpAddress);
        AddIfKnown(nameof(ClientInfo.UserAgent), entry.Client?.UserAgent);
        AddIfKnown(nameof(ClientInfo.Device), entry.Client?.Device);
        if (entry.Link is { } link)
        {
            row[AuditSequence] = link.Sequence;
            row[AuditCodeColumn] = link.Code.ToString();
            row[AuditKey] = link.Key.ToString();
            row[AuditSeals] = link.IsFinal;
        }

        return row;

        void AddIfKnown(string column, string? value)
        {
            if (value is not null)
                row[column] = value;
        }
    }

    // An entry with a malformed link is shown, too; the audit judges it.
    public static LogEntry Read(TableEntity row)
    {
        Guid.TryParseExact(row.RowKey.AsSpan(row.RowKey.LastIndexOf(':') + 1), "N", out var id);
        var entry = new LogEntry
        {
            Id = id,
            Action = new(Text(nameof(LogEntry.Action)) ?? ""),
            At = row[nameof(LogEntry.At)] is DateTimeOffset at ? at : default,
            Success = row[nameof(LogEntry.Success)] is true,
            SessionId = SessionId.TryParse(Text(nameof(LogEntry.SessionId)), out var session) ? session : null,
            Administrator = UserId.TryParse(Text(nameof(LogEntry.Administrator)), out var administrator) ? administrator : null,
            Error = Text(nameof(LogEntry.Error)),
            Client = Text(nameof(ClientInfo.IpAddress)) is { } address
                ? new(address, Text(nameof(ClientInfo.UserAgent)), Text(nameof(ClientInfo.Device)))
                : null,
        };
        // A link counts only in the place where the entry was written.
        return row.RowKey == LogKeys.Entry(LogPosition.After(entry)) ? entry with { Link = ReadLink(row) } : entry;

        string? Text(string column) => row[column] as string;
    }

    private static AuditLink? ReadLink(TableEntity row) =>
        row[AuditSequence] is int sequence
        && EntryMac.TryParse(row[AuditCodeColumn] as string, out var code)
        && KeyId.TryParse(row[AuditKey] as string, out var key)
            ? new(sequence, code, key, row[AuditSeals] is true)
            : null;
}

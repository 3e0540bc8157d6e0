using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Audit;
using Serverless.Sessions.Record;
using Serverless.Sessions.Tokens;

namespace Serverless.Tables.Sessions;

/// <summary>A log entry as a row.</summary>
internal static class LogRow
{
    private const string AuditSequence = "AuditSequence";
    private const string AuditCodeColumn = "AuditCode";
    private const string AuditKey = "AuditKey";
    private const string AuditSeals = "AuditSeals";

    public static TableEntity Write(LogOwner owner, LogEntry entry)
    {
        var row = new TableEntity(owner.Key, TableKeys.Log(LogPosition.Behind(entry)))
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
            row[AuditSeals] = link.Seals;
        }

        return row;

        void AddIfKnown(string column, string? value)
        {
            if (value is not null)
                row[column] = value;
        }
    }

    public static LogEntry Read(TableEntity row) => new()
    {
        Id = Guid.ParseExact(row.RowKey.AsSpan(row.RowKey.LastIndexOf(':') + 1), "N"),
        Action = LogAction.Of(row.GetString(nameof(LogEntry.Action))),
        At = row.GetDateTimeOffset(nameof(LogEntry.At)) ?? default,
        Success = row.GetBoolean(nameof(LogEntry.Success)) ?? false,
        SessionId = SessionId.TryParse(row.GetString(nameof(LogEntry.SessionId)), out var id) ? id : null,
        Administrator = UserId.TryParse(row.GetString(nameof(LogEntry.Administrator)), out var administrator) ? administrator : null,
        Error = row.GetString(nameof(LogEntry.Error)),
        Client = row.GetString(nameof(ClientInfo.IpAddress)) is { } address
            ? new(address, row.GetString(nameof(ClientInfo.UserAgent)), row.GetString(nameof(ClientInfo.Device)))
            : null,
        Link = ReadLink(row),
    };

    // Whatever somebody else has put there, the entry can be shown: what isn't a link fails the audit, not the page.
    private static AuditLink? ReadLink(TableEntity row) =>
        row[AuditSequence] is int sequence
        && AuditCode.TryParse(row[AuditCodeColumn] as string, out var code)
        && KeyId.TryParse(row[AuditKey] as string, out var key)
            ? new(sequence, code, key, row[AuditSeals] is true)
            : null;
}

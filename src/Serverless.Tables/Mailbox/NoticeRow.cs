using Azure;
using Azure.Data.Tables;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Sessions;

namespace Serverless.Tables.Mailbox;

/// <summary>A notice as a row, and the row that counts a user's notices.</summary>
internal static class NoticeRow
{
    private const string Last = "Last";

    public static TableEntity Write(UserId user, StoredNotice stored)
    {
        var (number, notice) = stored;
        var row = new TableEntity(user.ToString(), TableKeys.Notice(user, number, notice.SessionId))
        {
            [nameof(Notice.Kind)] = notice.Kind.Name,
            [nameof(Notice.At)] = notice.At,
            [nameof(ClientInfo.IpAddress)] = notice.Client.IpAddress,
        };
        if (notice.Client.Device is { } device)
            row[nameof(ClientInfo.Device)] = device;
        if (notice.Client.UserAgent is { } userAgent)
            row[nameof(ClientInfo.UserAgent)] = userAgent;
        return row;
    }

    public static StoredNotice Read(StoredRow row)
    {
        StoredRow.Demand(TableKeys.TryReadNotice(row.RowKey, out var number, out var session));
        return new(number, new(
            NoticeKind.Of(row.Text(nameof(Notice.Kind))),
            row.Value<DateTimeOffset>(nameof(Notice.At)),
            session,
            new(row.Text(nameof(ClientInfo.IpAddress)), row.TextOrNull(nameof(ClientInfo.UserAgent)), row.TextOrNull(nameof(ClientInfo.Device)))));
    }

    /// <summary>What retention needs of a notice.</summary>
    public static OldMail ReadOld(StoredRow row)
    {
        StoredRow.Demand(TableKeys.TryReadNotice(row.RowKey, out var number, out _));
        return new(number, row.RowKey, null, row.Value<DateTimeOffset>(nameof(Notice.At)));
    }

    /// <summary>How many notices a user has had, as the row that counts them says.</summary>
    public static NoticeCount ReadCount(StoredRow row) => new(row.Value<int>(Last), row.Version);

    public static TableEntity WriteCount(UserId user, int last) => new(user.ToString(), TableKeys.NoticeCount(user)) { [Last] = last };

    /// <summary>The actions that add a notice behind all that a user has, provided that there are no more by then.</summary>
    /// <param name="counter">The row that counts them; null where there are none yet.</param>
    /// <param name="notice">The notice.</param>
    public static TableTransactionAction[] Append(UserId user, NoticeCount? counter, Notice notice)
    {
        var number = (counter?.Last ?? 0) + 1;
        var counted = WriteCount(user, number);
        return
        [
            counter is null
                ? new(TableTransactionActionType.Add, counted)
                : new(TableTransactionActionType.UpdateReplace, counted, new ETag(counter.Version.Value)),
            new(TableTransactionActionType.Add, Write(user, new(number, notice))),
        ];
    }
}

/// <summary>How many notices a user has had.</summary>
internal sealed record NoticeCount(int Last, RowVersion Version);

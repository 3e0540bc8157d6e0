using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Retention;

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

    public static StoredNotice Read(TableEntity row)
    {
        if (!TableKeys.TryReadNotice(row.RowKey, out var number, out var session))
            throw new StorageUnavailableException("A notice can't be read.");
        return new(number, new(
            NoticeKind.Of(row.GetString(nameof(Notice.Kind)) ?? ""),
            row.GetDateTimeOffset(nameof(Notice.At)) ?? default,
            session,
            new(row.GetString(nameof(ClientInfo.IpAddress)), row.GetString(nameof(ClientInfo.UserAgent)), row.GetString(nameof(ClientInfo.Device)))));
    }

    /// <summary>What retention needs of a notice.</summary>
    // A key that was made by hand holds up nobody's retention: the row goes as if it were the first.
    public static OldMail ReadOld(TableEntity row) => new(
        TableKeys.TryReadNotice(row.RowKey, out var number, out _) ? number : 0,
        row.RowKey,
        null,
        row.GetDateTimeOffset(nameof(Notice.At)) ?? default);

    /// <summary>The actions that add a notice behind all that a user has, provided that there are no more by then.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="counter">The row that counts them; null where there are none yet.</param>
    /// <param name="notice">The notice.</param>
    public static TableTransactionAction[] Append(UserId user, TableEntity? counter, Notice notice)
    {
        var number = (counter?.GetInt32(Last) ?? 0) + 1;
        var counted = new TableEntity(user.ToString(), TableKeys.NoticeCount(user)) { [Last] = number };
        return
        [
            counter is null
                ? new(TableTransactionActionType.Add, counted)
                : new(TableTransactionActionType.UpdateReplace, counted, counter.ETag),
            new(TableTransactionActionType.Add, Write(user, new(number, notice))),
        ];
    }
}

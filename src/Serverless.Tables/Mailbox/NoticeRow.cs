namespace Serverless.Tables.Mailbox;

internal static class NoticeRow
{
    private const string Last = "Last";

    public static TableEntity Write(UserId user, StoredNotice stored)
    {
        var (number, notice) = stored;
        var row = new TableEntity(user.ToString(), MailboxKeys.Notice(user, number, notice.SessionId))
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
        StoredRow.Require(MailboxKeys.TryReadNotice(row.RowKey, out var number, out var session));
        return new(number, new(
            new NoticeKind(row.Text(nameof(Notice.Kind))),
            row.Value<DateTimeOffset>(nameof(Notice.At)),
            session,
            new(row.Text(nameof(ClientInfo.IpAddress)), row.TextOrNull(nameof(ClientInfo.UserAgent)), row.TextOrNull(nameof(ClientInfo.Device)))));
    }

    public static OldMail ReadOld(StoredRow row)
    {
        StoredRow.Require(MailboxKeys.TryReadNotice(row.RowKey, out var number, out _));
        return new(number, row.RowKey, null, row.Value<DateTimeOffset>(nameof(Notice.At)));
    }

    public static NoticeCount ReadCount(StoredRow row) => new(row.Value<int>(Last), row.Version);

    public static TableEntity WriteCount(UserId user, int last) => new(user.ToString(), MailboxKeys.NoticeCount(user)) { [Last] = last };

    /// <summary>Adds a notice if the count is unchanged; a null <paramref name="counter"/> means no notices yet.</summary>
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

internal sealed record NoticeCount(int Last, RowVersion Version);

namespace Serverless.Tables.Mailbox;

internal static class NoticeRow
{
    private const string Last = "Last";

    public static StoredNotice Read(StoredRow row)
    {
        var (number, session) = MailboxKeys.ReadNotice(row);
        var kind = new NoticeKind(row.Text(nameof(Notice.Kind)));
        return new(number, new(kind, row.Value<DateTimeOffset>(nameof(Notice.At)), session, row.Client()));
    }

    public static OldMail ReadOld(StoredRow row) =>
        new(MailboxKeys.ReadNotice(row).Number, row.RowKey, null, row.Value<DateTimeOffset>(nameof(Notice.At)));

    public static NoticeCount ReadCount(StoredRow row) => new(row.Value<int>(Last), row.Version);

    public static TableEntity WriteCount(UserId user, int last) => new(user.ToString(), MailboxKeys.NoticeCount(user)) { [Last] = last };

    /// <summary>Adds notices if the count is unchanged; a null <paramref name="counter"/> means no notices yet.</summary>
    public static TableTransactionAction[] Append(UserId user, NoticeCount? counter, IReadOnlyList<Notice> notices)
    {
        var last = counter?.Last ?? 0;
        return
        [
            RowChange.Save(WriteCount(user, last + notices.Count), counter?.Version),
            .. notices.Select((notice, i) => RowChange.Add(Write(user, last + i + 1, notice))),
        ];
    }

    /// <summary>Notices are numbered without gaps, so a reader of those after a number misses none.
    /// Without notices nothing is read.</summary>
    public static async Task<IReadOnlyList<TableTransactionAction>> AppendAsync(
        StoredTable table, UserId user, IReadOnlyList<Notice> notices, CancellationToken cancellationToken) => notices.Count == 0
        ? [] : Append(user, await table.FindAsync(user.ToString(), MailboxKeys.NoticeCount(user), ReadCount, cancellationToken), notices);

    private static TableEntity Write(UserId user, int number, Notice notice) => new TableEntity(
        user.ToString(), MailboxKeys.Notice(user, number, notice.SessionId))
    {
        [nameof(Notice.Kind)] = notice.Kind.Name,
        [nameof(Notice.At)] = notice.At,
    }.With(notice.Client).WithoutNulls();
}

internal sealed record NoticeCount(int Last, RowVersion Version);

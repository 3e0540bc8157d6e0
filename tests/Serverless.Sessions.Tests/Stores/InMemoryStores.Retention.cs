namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores : IRetentionStore
{
    private readonly HashSet<(DateTimeOffset Hour, LogOwner Owner)> _filed = [];
    private readonly HashSet<(DateTimeOffset Hour, ConversationCopy Copy)> _filedCopies = [];
    private readonly Dictionary<(LogOwner Owner, SessionId Session), AuditCheckpoint> _cuts = [];

    public Task ScheduleAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken) =>
        Locked(() => _filed.UnionWith(due.Select(each => (each.At.StartOfHour(), each.Owner))));

    public Task ScheduleAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken) =>
        Locked(() => _filedCopies.Add((at.StartOfHour(), copy)));

    public IAsyncEnumerable<ExpiredBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadBatches(
        'r',
        now.StartOfHour(),
        _filed.Select(filed => (filed.Hour, filed.Owner.Key, (LogOwner?)filed.Owner, (ConversationCopy?)null))
            .Concat(_filedCopies.Select(filed => (filed.Hour, $"{filed.Copy}", (LogOwner?)null, (ConversationCopy?)filed.Copy))));

    public IAsyncEnumerable<ExpiredBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ReadBatches('a', before, _activities.Values.Select(activity => (
            activity.At.StartOfHour(), NameOf(activity),
            activity.UserId is { } user ? LogOwner.Of(user) : activity.AccountKey is { } key ? LogOwner.Of(key) : (LogOwner?)null,
            (ConversationCopy?)null)));

    public IAsyncEnumerable<ExpiredBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ReadBatches('f', before, Revocations.Select(revocation => (
            revocation.Before.StartOfHour(), $"{revocation}", (LogOwner?)null, (ConversationCopy?)null)));

    public Task RemoveAsync(ExpiredBatch batch, CancellationToken cancellationToken) => Locked(() => batch.Partition[0] switch
    {
        'r' => _filed.RemoveWhere(filed => filed.Hour == batch.Hour && batch.Rows.Contains(filed.Owner.Key))
            + _filedCopies.RemoveWhere(filed => filed.Hour == batch.Hour && batch.Rows.Contains($"{filed.Copy}")),
        'a' => _activities.Values.Where(activity => batch.Rows.Contains(NameOf(activity))).ToList()
            .Count(activity => _activities.Remove((activity.At, activity.Id))),
        _ => Revocations.RemoveAll(revocation => batch.Rows.Contains($"{revocation}")),
    });

    public Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken) => Locked(() => new OldLog(
        [
            .. _log.Where(each => each.Owner == owner && each.Entry.At < before)
                .Select(each => new OldEntry(each.Entry.Id.ToString("N"), each.Entry.At, each.Entry)),
        ],
        [.. _cuts.Where(cut => cut.Key.Owner == owner).Select(cut => cut.Value)]));

    public Task<RemainingLog> ReadRemainingAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken) => Locked(() =>
    {
        var oldest = _log.Where(each => each.Owner == owner && each.Entry.At >= from).Select(each => (DateTimeOffset?)each.Entry.At).Min();
        return new RemainingLog(oldest, oldest is null && _sessions.Values.Any(stored => stored.Session.UserId == owner.User), IsComplete: true);
    });

    public Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<OldMail>>(() =>
        [
            .. _notices.Where(each => each.User == user).Take(limit).Select(each => each.Notice)
                .Select(stored => new OldMail(stored.Number, $"n:{stored.Number}", null, stored.Notice.At)),
        ]);

    public Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<OldMail>>(() =>
        [
            .. MessagesOf(new(copy.Owner, copy.Other)).Take(limit).Select(message => new OldMail(
                message.Number, RowOf(copy.Owner, message),
                _messageKeys.Where(each => each.Key.Owner == copy.Owner && each.Value == message)
                    .Select(each => each.Key.Key.Value).SingleOrDefault(),
                message.SentAt)),
        ]);

    public Task<bool> TryRemoveAsync(
        UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken) => Locked(() =>
    {
        var rows = mail.Select(each => each.Row).ToHashSet();
        var keys = mail.Select(each => each.Key).OfType<string>().Select(key => (owner, new MessageKey(key))).ToList();
        bool IsNotice((UserId User, StoredNotice Notice) each) => each.User == owner && rows.Contains($"n:{each.Notice.Number}");
        bool IsMessage((UserId Owner, Message Message) each) => each.Owner == owner && rows.Contains(RowOf(owner, each.Message));
        if (_notices.Count(IsNotice) + _messages.Count(IsMessage) < rows.Count
            || !keys.TrueForAll(_messageKeys.ContainsKey)
            || (emptied is not null && _conversations[(emptied.Owner, emptied.Other)].Version != emptied.Version))
        {
            return false;
        }

        if (emptied is not null)
            _conversations[(emptied.Owner, emptied.Other)] = emptied with { Version = NewVersion() };
        _notices.RemoveAll(IsNotice);
        _messages.RemoveAll(IsMessage);
        keys.ForEach(key => _messageKeys.Remove(key));
        return true;
    });

    public Task<bool> TryTrimAsync(LogOwner owner, LogTrim cut, CancellationToken cancellationToken) => Locked(() =>
    {
        var rows = cut.Rows.ToHashSet();
        bool Names((LogOwner Owner, LogEntry Entry) each) => each.Owner == owner && rows.Contains(each.Entry.Id.ToString("N"));
        if (_log.Count(Names) < rows.Count || !cut.Unmarked.All(session => _cuts.ContainsKey((owner, session))))
            return false;
        _log.RemoveAll(Names);
        foreach (var session in cut.Unmarked)
            _cuts.Remove((owner, session));
        foreach (var mark in cut.Marks)
            _cuts[(owner, mark.SessionId)] = mark;
        return true;
    });

    public Task RemoveChallengesAsync(UserId user, DateTimeOffset now, CancellationToken cancellationToken) => Locked(() =>
    {
        foreach (var each in _challenges.Where(each => each.Key.User == user && each.Value.ExpiresAt < now).ToList())
            _challenges.Remove(each.Key);
    });

    public Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken) =>
        Locked(() => _statistics.Keys.Where(day => day < before).ToList().Count(_statistics.Remove));

    private static string RowOf(UserId owner, Message message) =>
        $"m:{(message.From == owner ? message.To : message.From)}:{message.Number}";

    private static string NameOf(Activity activity) => string.Create(CultureInfo.InvariantCulture, $"{activity.At:O}:{activity.Id:N}");

    private IAsyncEnumerable<ExpiredBatch> ReadBatches(
        char kind, DateTimeOffset before, IEnumerable<(DateTimeOffset Hour, string Row, LogOwner? Owner, ConversationCopy? Copy)> rows) => Snapshot(
            from row in rows
            where row.Hour < before
            group row by row.Hour into hour
            from batch in hour.Chunk(100)
            select new ExpiredBatch(
                $"{kind}{hour.Key:O}",
                hour.Key,
                [.. batch.Select(row => row.Row)],
                [.. batch.Select(row => row.Owner).OfType<LogOwner>().Distinct()],
                [.. batch.Select(row => row.Copy).OfType<ConversationCopy>().Distinct()]));
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Text;
using Serverless.Sessions.Timeline;

namespace Serverless.Tables;

/// <summary>
/// Every partition key, row key and range of the data model. Nothing that a stranger chose gets into a key unhashed, and row
/// keys are distinct over their whole table.
/// </summary>
internal static class TableKeys
{
    /// <summary>What is behind the separator in any key, so that it ends a range of keys with a prefix.</summary>
    private const char AfterSeparator = (char)(':' + 1);

    private const string CutPrefix = "l:~";
    private const string HourFormat = "yyyyMMddHH";
    private const string DayFormat = "yyyyMMdd";

    public const string IpPartition = "ip";
    public const string EventPartition = "event";
    public const string CursorPartition = "cursor";
    public const string RingPartition = "ring";
    public const string RingRow = "ring";

    public static string Account(AccountKey key) => $"a:{key}";

    public static string Throttle(AccountKey key) => $"t:{key}";

    public static string Session(SessionId id) => $"s:{id}";

    public static bool TryReadSession(string rowKey, out SessionId id) =>
        SessionId.TryParse(rowKey.AsSpan(rowKey.IndexOf(':', StringComparison.Ordinal) + 1), out id) && rowKey == Session(id);

    public static string Presence(SessionId id) => $"p:{id}";

    public static string Epoch(Ulid epoch) => $"v:{epoch}";

    public static bool TryReadEpoch(string rowKey, out Ulid epoch) => Ulid.TryParse(rowKey.AsSpan("v:".Length), out epoch);

    /// <summary>Log entries sort newest first, so a page of the newest is the beginning of the range.</summary>
    public static string Log(LogPosition position) => $"{LogTime(position.At)}:{position.Id:N}";

    /// <summary>The presence rows of a partition and its sessions, with no other kind of row between them.</summary>
    public static KeyRange PresenceAndSessions => new("p:", Prefix("s:").To);

    public static KeyRange Presences => Prefix("p:");

    public static bool IsPresence(string rowKey) => rowKey.StartsWith("p:", StringComparison.Ordinal);

    public static KeyRange Accounts => Prefix("a:");

    public static KeyRange Epochs => Prefix("v:");

    /// <summary>The log entries of a partition, without the cut marks behind them.</summary>
    public static KeyRange Logs => new("l:", CutPrefix);

    /// <summary>The log entries of a partition and the cut marks.</summary>
    public static KeyRange LogsAndCuts => Prefix("l:");

    /// <summary>The log entries of a partition from before a time, and the cut marks: the end of the log.</summary>
    public static KeyRange OldLog(DateTimeOffset before) => new(LogTime(before) + AfterSeparator, LogsAndCuts.To);

    /// <summary>The log entries of a partition from a time on.</summary>
    public static KeyRange YoungLog(DateTimeOffset from) => new(Logs.From, OldLog(from).From);

    /// <summary>When a log entry was put in its place; what isn't in any is as old as can be.</summary>
    public static DateTimeOffset ReadLogTime(string rowKey) =>
        rowKey.Split(':') is [_, var inverted, _]
            && long.TryParse(inverted, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks >= long.MaxValue - DateTimeOffset.MaxValue.Ticks
                ? new(long.MaxValue - ticks, TimeSpan.Zero)
                : DateTimeOffset.MinValue;

    /// <summary>A cut mark sorts behind all log entries, so whoever reads old ones, or those of its session, reads it, too.</summary>
    public static string Cut(SessionId session) => CutPrefix + session;

    public static SessionId ReadCut(string rowKey) => SessionId.TryParse(rowKey.AsSpan(CutPrefix.Length), out var session) ? session : default;

    public static bool IsCut(string rowKey) => rowKey.StartsWith(CutPrefix, StringComparison.Ordinal);

    public static bool IsLog(string rowKey) => rowKey.StartsWith(Logs.From, StringComparison.Ordinal) && !IsCut(rowKey);

    /// <summary>Notices sort in the order of their numbers. The session's id is in the key for the sake of distinct keys alone.</summary>
    public static string Notice(UserId user, int number, SessionId session) => $"{NoticeUpTo(user, number)}:{session}";

    public static bool TryReadNotice(string rowKey, out int number, out SessionId session)
    {
        (number, session) = (0, default);
        return rowKey.Split(':') is [_, _, var place, var id]
            && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && SessionId.TryParse(id, out session);
    }

    /// <summary>A user's notices behind one.</summary>
    public static KeyRange NoticesBehind(UserId user, int number) => new(NoticeUpTo(user, number) + AfterSeparator, Notices(user).To);

    public static KeyRange Notices(UserId user) => Prefix($"n:{user}:");

    public static string NoticeCount(UserId user) => $"h:{user}";

    /// <summary>The owner stands in these, too: a constant key for the other would be in the partition of everybody who writes to them.</summary>
    public static string Conversation(UserId owner, UserId other) => $"c:{owner}:{other}";

    public static bool TryReadConversation(string rowKey, out UserId other) =>
        UserId.TryParse(rowKey.AsSpan(rowKey.LastIndexOf(':') + 1), out other);

    public static KeyRange Conversations(UserId owner) => Prefix($"c:{owner}:");

    public static string Message(UserId owner, UserId other, int number) => string.Create(
        CultureInfo.InvariantCulture, $"m:{owner}:{other}:{number:D10}");

    public static bool TryReadNumber(string rowKey, out int number) =>
        int.TryParse(rowKey.AsSpan(rowKey.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Messages of a conversation in their order, from a number to a number, both included.</summary>
    public static KeyRange Messages(UserId owner, UserId other, int first, int last) =>
        new(Message(owner, other, first), Message(owner, other, last) + AfterSeparator);

    /// <summary>All messages of a conversation in their order.</summary>
    public static KeyRange Messages(UserId owner, UserId other) => Prefix($"m:{owner}:{other}:");

    public static string MessageKey(MessageKey key) => $"k:{key}";

    public static string Expiry(SessionId id, DateTimeOffset at, int shards) => Timeline('x', ShardOf(id, shards), at);

    public static string ExpiryRow(UserId user, SessionId id) => $"{user}:{id}";

    public static bool TryReadExpiryRow(string rowKey, out UserId user, out SessionId id)
    {
        (user, id) = (default, default);
        var separator = rowKey.IndexOf(':', StringComparison.Ordinal);
        return separator > 0
            && UserId.TryParse(rowKey.AsSpan(0, separator), out user)
            && SessionId.TryParse(rowKey.AsSpan(separator + 1), out id);
    }

    /// <summary>All expiry hours of a shard that are over.</summary>
    public static KeyRange DueHours(int shard, DateTimeOffset now) => new(TimelineShard('x', shard), Timeline('x', shard, now));

    /// <summary>The beginning of the hour of a timeline partition.</summary>
    public static bool TryReadHour(string partition, out DateTimeOffset hour) => DateTimeOffset.TryParseExact(
        partition.AsSpan(partition.LastIndexOf(':') + 1), HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out hour);

    public static string Change(ChangeDue due) => $"u:{Hour(due.At)}";

    public static string ChangeRow(ChangeDue due) => At(due.At, due.Account.Value);

    public static bool TryReadChangeRow(string rowKey, [NotNullWhen(true)] out ChangeDue? due)
    {
        due = rowKey.Split(':') is [var ticks, var account] && TryReadTicks(ticks, out var at) && AccountKey.TryParse(account, out var key)
            ? new(key, at)
            : null;
        return due is not null;
    }

    /// <summary>All hours of changes up to that of a time.</summary>
    public static KeyRange ChangeHours(DateTimeOffset now) => new("u:", $"u:{Hour(now.AddHours(1))}");

    /// <summary>The rows of any hour that are of up to a time.</summary>
    public static KeyRange RowsUpTo(DateTimeOffset to) => new("", Ticks(to) + AfterSeparator);

    public static string Activity(Activity activity, int shards) =>
        Timeline('a', (int)((uint)activity.Id.GetHashCode() % (uint)shards), activity.At);

    public static string ActivityRow(Activity activity) => At(activity.At, activity.Id.ToString("N"));

    /// <summary>The hours of a shard that hold activity from one time to another.</summary>
    public static KeyRange ActivityHours(int shard, DateTimeOffset from, DateTimeOffset to) =>
        new(Timeline('a', shard, from), Timeline('a', shard, to.AddHours(1)));

    /// <summary>The rows of any hour that are of the time from one to another, both included.</summary>
    public static KeyRange RowsOf(DateTimeOffset from, DateTimeOffset to) =>
        new(Ticks(from), Ticks(to) + AfterSeparator);

    public static string Revocation(SessionId id, DateTimeOffset before, int shards) => Timeline('f', ShardOf(id, shards), before);

    public static string RevocationRow(SessionId id, DateTimeOffset before) => At(before, id.ToString());

    public static bool TryReadRevocationRow(string rowKey, [NotNullWhen(true)] out Revocation? revocation)
    {
        revocation = rowKey.Split(':') is [var ticks, var session] && TryReadTicks(ticks, out var before) && SessionId.TryParse(session, out var id)
            ? new(id, before)
            : null;
        return revocation is not null;
    }

    /// <summary>The hours of a shard that hold revocations from one time to another.</summary>
    public static KeyRange RevocationHours(int shard, DateTimeOffset from, DateTimeOffset to) =>
        new(Timeline('f', shard, from), Timeline('f', shard, to.AddHours(1)));

    /// <summary>All hours of a shard that hold activity and began before an hour.</summary>
    public static KeyRange ActivityHoursBefore(int shard, DateTimeOffset before) => new(TimelineShard('a', shard), Timeline('a', shard, before));

    /// <summary>The row of a security event in the list of all, newest first.</summary>
    public static string SecurityEvent(LogPosition position) => $"e:{Newest(position)}";

    /// <summary>Its row in the list of its kind.</summary>
    public static string SecurityEvent(SecurityEventKind kind, LogPosition position) => $"k:{kind}:{Newest(position)}";

    /// <summary>Its row among the dead letters.</summary>
    public static string DeadLetter(LogPosition position) => $"d:{Newest(position)}";

    /// <summary>The rows of a list behind a position; null for all of them.</summary>
    public static KeyRange SecurityEvents(SecurityEventList list, LogPosition? after)
    {
        var prefix = list.DeadLetters ? "d:" : list.Kind is { } kind ? $"k:{kind}:" : "e:";
        return Prefix(prefix) with { From = after is { } position ? prefix + Newest(position) : prefix };
    }

    /// <summary>The events from one time to another, both included.</summary>
    public static KeyRange SecurityEvents(DateTimeOffset from, DateTimeOffset to) =>
        new($"e:{InvertedTicks(to)}", $"e:{InvertedTicks(from)}{AfterSeparator}");

    /// <summary>All events before a time.</summary>
    public static KeyRange SecurityEventsBefore(DateTimeOffset time) => Prefix("e:") with { From = $"e:{InvertedTicks(time)}{AfterSeparator}" };

    /// <summary>An event on its way to the receiver, the longest due first.</summary>
    public static string Delivery(Delivery delivery) => $"o:{At(delivery.DueAt, delivery.Event.Id.ToString("N"))}";

    /// <summary>The deliveries that are due.</summary>
    public static KeyRange DueDeliveries(DateTimeOffset now) => new("o:", $"o:{Ticks(now)}{AfterSeparator}");

    /// <summary>All hours of a shard that hold revocations and began before an hour.</summary>
    public static KeyRange RevocationHoursBefore(int shard, DateTimeOffset before) => new(TimelineShard('f', shard), Timeline('f', shard, before));

    public static string Retention(LogOwner owner, DateTimeOffset at, int shards) => Timeline('r', ShardOf(owner, shards), at);

    /// <summary>A copy of a conversation is filed beside the log of its owner.</summary>
    public static string RetentionRow(ConversationCopy copy) => $"{copy.Owner}:{copy.Other}";

    public static bool TryReadRetentionRow(string rowKey, out ConversationCopy copy)
    {
        var separator = Math.Max(0, rowKey.IndexOf(':', StringComparison.Ordinal));
        var (isOwner, isOther) = (UserId.TryParse(rowKey.AsSpan(0, separator), out var owner), UserId.TryParse(rowKey.AsSpan(separator + 1), out var other));
        copy = new(owner, other);
        return isOwner && isOther;
    }

    /// <summary>All hours of a shard that are over and have logs or conversations to look at.</summary>
    public static KeyRange RetentionHours(int shard, DateTimeOffset now) => new(TimelineShard('r', shard), Timeline('r', shard, now));

    /// <summary>The statistics of all days before one.</summary>
    public static KeyRange StatisticsBefore(DateOnly day) => new("d:", StatisticsPartition(day));

    public static string StatisticsPartition(DateOnly day) => $"d:{Statistics(day)}";

    public static string Statistics(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static bool TryReadStatistics(string rowKey, out DateOnly day) =>
        DateOnly.TryParseExact(rowKey, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static string NoticeUpTo(UserId user, int number) => string.Create(CultureInfo.InvariantCulture, $"n:{user}:{number:D10}");

    private static KeyRange Prefix(string prefix) => new(prefix, prefix[..^1] + AfterSeparator);

    // The shard stands before the hour: writes of an hour spread over ranges, and one range query reads all hours of a shard.
    private static string Timeline(char kind, int shard, DateTimeOffset hour) => string.Create(
        CultureInfo.InvariantCulture, $"{TimelineShard(kind, shard)}{Hour(hour)}");

    private static string Hour(DateTimeOffset hour) => hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture);

    private static string TimelineShard(char kind, int shard) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{shard:x2}:");

    private static int ShardOf(SessionId id, int shards) => (int)(id.Value % (UInt128)shards);

    private static string Newest(LogPosition position) => $"{InvertedTicks(position.At)}:{position.Id:N}";

    private static string InvertedTicks(DateTimeOffset at) => (long.MaxValue - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    // The same on every machine and in every process, which string.GetHashCode isn't.
    private static int ShardOf(LogOwner owner, int shards) =>
        (int)(owner.Key.Aggregate(0u, (hash, character) => unchecked((hash * 31) + character)) % (uint)shards);

    private static string LogTime(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"l:{long.MaxValue - at.UtcTicks:D19}");

    private static bool TryReadTicks(string text, out DateTimeOffset at)
    {
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks;
        at = isTime ? new(ticks, TimeSpan.Zero) : default;
        return isTime && Ticks(at) == text;
    }

    private static string At(DateTimeOffset at, string id) => $"{Ticks(at)}:{id}";

    private static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
}

/// <summary>A range of keys.</summary>
/// <param name="From">The first key of it.</param>
/// <param name="To">The first key behind it.</param>
internal readonly record struct KeyRange(string From, string To);

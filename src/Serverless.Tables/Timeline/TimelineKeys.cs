namespace Serverless.Tables.Timeline;

/// <summary>A partition of the timeline is a kind, a shard and an hour, in this order: writes of an hour spread over partitions,
/// and one range query reads all hours of a shard.</summary>
internal static class TimelineKeys
{
    public const char ExpiryKind = 'x', ActivityKind = 'a', RevocationKind = 'f', RetentionKind = 'r';

    public static KeyRange Of(char kind, int shard, DateTimeOffset from, DateTimeOffset to) =>
        new(Partition(kind, shard, from), Partition(kind, shard, to.AddHours(1)));

    public static KeyRange Before(char kind, int shard, DateTimeOffset hour) =>
        new(Shard(kind, shard), Partition(kind, shard, hour));

    public static string ExpiryPartition(SessionId id, DateTimeOffset at, int shards) => Partition(ExpiryKind, ShardOf(id, shards), at);

    public static string Expiry(SessionDue due) => $"{due.UserId}:{due.SessionId}";

    public static SessionDue ReadExpiry(StoredRow row) =>
        row.RowKey.Split(':') is [var owner, var session]
        && UserId.TryParse(owner, out var user)
        && SessionId.TryParse(session, out var id)
            ? new SessionDue(user, id, default) : throw new UnreadableRowException("key");

    public static string ActivityPartition(Activity activity, int shards) =>
        Partition(ActivityKind, (int)((uint)activity.Id.GetHashCode() % (uint)shards), activity.At);

    public static string Activity(Activity activity) => $"{KeyTime.Ticks(activity.At)}:{activity.Id:N}";

    public static string RevocationPartition(SessionId id, DateTimeOffset before, int shards) =>
        Partition(RevocationKind, ShardOf(id, shards), before);

    public static string Revocation(SessionId id, DateTimeOffset before) => $"{KeyTime.Ticks(before)}:{id}";

    public static Revocation ReadRevocation(StoredRow row) =>
        row.RowKey.Split(':') is [var ticks, var session]
        && KeyTime.TryReadTicks(ticks, out var before)
        && SessionId.TryParse(session, out var id)
            ? new Revocation(id, before) : throw new UnreadableRowException("key");

    public static string RetentionPartition(LogOwner owner, DateTimeOffset at, int shards) =>
        Partition(RetentionKind, ShardOf(owner, shards), at);

    /// <summary>A copy of a conversation is scheduled beside the log of its owner, whose row key is the owner alone.</summary>
    public static string Retention(ConversationCopy copy) => $"{copy.Owner}:{copy.Other}";

    public static ConversationCopy ReadRetention(string name) =>
        name.Split(':') is [var first, var second]
        && UserId.TryParse(first, out var owner)
        && UserId.TryParse(second, out var other)
            ? new ConversationCopy(owner, other) : throw new UnreadableRowException("key");

    public static bool TryReadHour(string partition, out DateTimeOffset hour) =>
        KeyTime.TryReadHour(partition.AsSpan(partition.LastIndexOf(':') + 1), out hour);

    /// <summary>Both ends included.</summary>
    public static KeyRange RowsOf(DateTimeOffset from, DateTimeOffset to) => new(KeyTime.Ticks(from), RowsUpTo(to).To);

    public static KeyRange RowsUpTo(DateTimeOffset time) => new("", KeyTime.Ticks(time) + KeyRange.AfterSeparator);

    private static string Partition(char kind, int shard, DateTimeOffset hour) => Shard(kind, shard) + KeyTime.Hour(hour);
    private static string Shard(char kind, int shard) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{shard:x2}:");
    private static int ShardOf(SessionId id, int shards) => (int)(id.Value % (UInt128)shards);

    // The same on every machine and in every process, which string.GetHashCode isn't.
    private static int ShardOf(LogOwner owner, int shards) =>
        (int)(owner.Key.Aggregate(0u, (hash, character) => unchecked((hash * 31) + character)) % (uint)shards);
}

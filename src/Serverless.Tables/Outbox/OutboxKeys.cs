namespace Serverless.Tables.Outbox;

internal static class OutboxKeys
{
    /// <summary>Behind all messages of its hour.</summary>
    public static KeyRange Counts => KeyRange.WithPrefix("n:");

    public static string Partition(DateTimeOffset createdAt) => $"o:{KeyTime.Hour(createdAt)}";

    public static string Message(OutboxDue due) => $"{KeyTime.Ticks(due.DueAt)}:{due.Id:N}";

    public static string Count(DateTimeOffset createdAt) => $"n:{KeyTime.Hour(createdAt)}";

    public static KeyRange PartitionsBefore(DateTimeOffset hour) => new("o:", Partition(hour));
}

namespace Serverless.Tables.Outbox;

internal static class OutboxRow
{
    private const string Count = "Count";

    public static TableEntity Write(OutboxDue due) => new(OutboxKeys.Partition(due.CreatedAt), OutboxKeys.Message(due))
    {
        [nameof(OutboxDue.Channel)] = due.Channel.ToString(),
        [nameof(OutboxDue.Key)] = due.Key,
        [nameof(OutboxDue.CreatedAt)] = due.CreatedAt,
        [nameof(OutboxDue.PromisedAt)] = due.PromisedAt,
        [nameof(OutboxDue.Attempts)] = due.Attempts,
    };

    public static OutboxDue Read(StoredRow row)
    {
        if (row.RowKey.Split(':') is not [var ticks, var text]
            || !KeyTime.TryReadTicks(ticks, out var dueAt) || !Guid.TryParseExact(text, "N", out var id))
        {
            throw new UnreadableRowException("key");
        }

        var due = new OutboxDue(
            id, row.Word<OutboxChannel>(nameof(OutboxDue.Channel)), row.Text(nameof(OutboxDue.Key)),
            row.Value<DateTimeOffset>(nameof(OutboxDue.CreatedAt)), dueAt, row.Value<int>(nameof(OutboxDue.Attempts)));
        StoredRow.Require(row.PartitionKey == OutboxKeys.Partition(due.CreatedAt));
        return due with { PromisedAt = row.ValueOrNull<DateTimeOffset>(nameof(OutboxDue.PromisedAt)) ?? due.CreatedAt };
    }

    public static TableEntity WriteCount(DateTimeOffset createdAt, int count) =>
        new(OutboxKeys.Partition(createdAt), OutboxKeys.Count(createdAt)) { [Count] = count };

    public static int ReadCount(StoredRow row) => row.Value<int>(Count);
}

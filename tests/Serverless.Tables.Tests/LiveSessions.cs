using Serverless.Tables.AuditLog;

namespace Serverless.Tables.Tests;

/// <summary>Copies of what a login leaves, under their own ids, that live on while something is measured.</summary>
internal static class LiveSessions
{
    private const int SessionsOfUser = 25;
    private const int Shards = 16;

    public static async Task AddAsync(TableFixture fixture, Service service, string prefix, int count)
    {
        var session = (await service.LoginAsync(remember: true)).Session;
        var (sessions, timeline) = (fixture.Table(prefix, "Sessions"), fixture.Table(prefix, "Timeline"));
        var rows = await sessions.QueryAsync<TableEntity>($"PartitionKey eq '{session.UserId}' and SessionId eq '{session.Id}'").ToListAsync();
        var (row, presence, entry) = (await ReadAsync("s:"), await ReadAsync("p:"), rows.Single(each => LogKeys.IsEntry(each.RowKey)));
        var users = Enumerable.Range(0, count / SessionsOfUser).Select(_ => UserId.New(service.Clock.GetUtcNow())).ToList();
        var ids = users.SelectMany(user => Enumerable.Range(0, SessionsOfUser).Select(_ => (User: user.ToString(), Id: SessionId.New()))).ToList();
        await AddAsync(sessions, ids.Chunk(SessionsOfUser).Select(each => each.SelectMany(one => new[]
        {
            Copy(row, one.User, $"s:{one.Id}"),
            Copy(presence, one.User, $"p:{one.Id}"),
            Copy(entry, one.User, LogKeys.Entry(new(session.CreatedAt, Guid.NewGuid()))),
        })));
        await AddAsync(timeline, ids.GroupBy(each => TimelineKeys.ExpiryPartition(each.Id, session.ExpiresAt, Shards)).SelectMany(shard => shard.Chunk(100)
            .Select(each => each.Select(one => new TableEntity(shard.Key, $"{one.User}:{one.Id}")))));
        await service.Stores.Retention.ScheduleAsync([.. users.Select(user => new LogDue(LogOwner.Of(user), session.CreatedAt.AddDays(90)))], default);

        async Task<TableEntity> ReadAsync(string kind) =>
            (await sessions.GetEntityAsync<TableEntity>(session.UserId.ToString(), kind + session.Id)).Value;

        static Task AddAsync(TableClient table, IEnumerable<IEnumerable<TableEntity>> batches) => Parallel.ForEachAsync(
            batches, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (batch, token) => await table.SubmitTransactionAsync(
                batch.Select(entity => new TableTransactionAction(TableTransactionActionType.Add, entity)), token));
    }

    public static TableEntity Copy(TableEntity from, string partition, string row)
    {
        var copy = new TableEntity(partition, row);
        foreach (var (column, value) in from.Where(each => each.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag")))
            copy[column] = value;
        return copy;
    }
}

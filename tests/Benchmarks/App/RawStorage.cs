using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Benchmarks.App;

/// <summary>
/// The storage transactions on the critical path of each operation, sent with the storage library alone: rows of the same
/// number and size in the same tables, made by hand and not by the product.
/// </summary>
internal sealed class RawStorage
{
    private readonly TableClient _accounts;
    private readonly TableClient _sessions;
    private readonly TableClient _timeline;
    private readonly RawSession[] _rows;

    public RawStorage(string connectionString, int connections)
    {
        var service = new TableServiceClient(connectionString, new TableClientOptions { Diagnostics = { IsLoggingEnabled = false } });
        _accounts = service.GetTableClient("Accounts");
        _sessions = service.GetTableClient("Sessions");
        _timeline = service.GetTableClient("Timeline");
        _rows = [.. Enumerable.Range(0, connections).Select(_ => new RawSession())];
    }

    /// <summary>A session for each connection to refresh.</summary>
    public Task PrepareAsync() => Task.WhenAll(_rows.Select(async row =>
    {
        await _sessions.UpsertEntityAsync(new TableEntity(row.User, "v:raw"), TableUpdateMode.Replace);
        await OpenAsync(row, row.Id);
        row.Version = (await _sessions.GetEntityAsync<TableEntity>(row.User, $"s:{row.Id}")).Value.ETag;
        await _accounts.UpsertEntityAsync(new TableEntity(row.User, $"a:{row.User}") { ["Email"] = "raw@example.com" }, TableUpdateMode.Replace);
    }));

    /// <summary>Reads the account, opens the session.</summary>
    public async Task LoginAsync(int connection)
    {
        var row = _rows[connection];
        await ReadAllAsync(_accounts, $"PartitionKey eq '{row.User}'");
        await OpenAsync(row, Guid.NewGuid().ToString("N"));
    }

    public async Task RefreshAsync(int connection)
    {
        var row = _rows[connection];
        var now = DateTimeOffset.Now;
        var reply = await _sessions.SubmitTransactionAsync(
        [
            new(
                TableTransactionActionType.UpdateMerge,
                new TableEntity(row.User, $"s:{row.Id}")
                {
                    ["Generation"] = 7, ["Number"] = 0, ["NumberStartedAt"] = now, ["LastActivityAt"] = now, ["ExpiresAt"] = now,
                    ["R7"] = now, ["Attempt"] = "", ["AuditCount"] = 9, ["AuditCode"] = row.Id,
                },
                row.Version),
            new(TableTransactionActionType.Add, LogRow(row)),
        ]);
        row.Version = reply.Value[0].Headers.ETag!.Value;
    }

    public async Task StatusAsync(SeededSession seeded) =>
        await _sessions.GetEntityAsync<TableEntity>(seeded.Session.UserId.ToString(), $"s:{seeded.Session.Id}");

    /// <summary>Reads the session, writes the revocation, then the ending.</summary>
    public async Task LogoutAsync(SeededSession seeded)
    {
        var (user, row) = (seeded.Session.UserId.ToString(), $"s:{seeded.Session.Id}");
        var version = (await _sessions.GetEntityAsync<TableEntity>(user, row)).Value.ETag;
        await _timeline.UpsertEntityAsync(new TableEntity("raw", $"{Guid.NewGuid():N}"), TableUpdateMode.Replace);
        await _sessions.SubmitTransactionAsync(
        [
            new(
                TableTransactionActionType.UpdateMerge,
                new TableEntity(user, row)
                {
                    ["EndedAt"] = DateTimeOffset.Now, ["EndReason"] = "logout", ["EndEntry"] = Guid.NewGuid(), ["AuditCount"] = 9,
                    ["AuditCode"] = $"{seeded.Session.Id}",
                },
                version),
            new(TableTransactionActionType.Add, LogRow(new() { User = user })),
            new(TableTransactionActionType.Delete, new TableEntity(user, $"p:{seeded.Session.Id}"), ETag.All),
        ]);
    }

    public Task MySessionsAsync(SeededSession seeded) =>
        ReadAllAsync(_sessions, $"PartitionKey eq '{seeded.Session.UserId}' and RowKey ge 'p:' and RowKey lt 's;'");

    /// <summary>One page.</summary>
    public async Task LogsAsync(SeededSession seeded)
    {
        var filter = $"PartitionKey eq '{seeded.Session.UserId}' and RowKey gt 'l:' and RowKey lt 'l;'";
        await foreach (var _ in _sessions.QueryAsync<TableEntity>(filter, maxPerPage: 51).AsPages())
            break;
    }

    public Task HeartbeatAsync(SeededSession seeded) => _sessions.UpdateEntityAsync(
        new TableEntity(seeded.Session.UserId.ToString(), $"p:{seeded.Session.Id}") { ["LastSeenAt"] = DateTimeOffset.Now },
        ETag.All,
        TableUpdateMode.Merge);

    private Task OpenAsync(RawSession row, string id)
    {
        var now = DateTimeOffset.Now;
        return _sessions.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity(row.User, $"s:{id}")
            {
                ["Email"] = "raw@example.com", ["Roles"] = "reader", ["IpAddress"] = "203.0.113.7", ["Remember"] = true, ["CreatedAt"] = now,
                ["LastActivityAt"] = now, ["ExpiresAt"] = now, ["AbsoluteExpiresAt"] = now, ["Generation"] = 0, ["Number"] = 0,
                ["NumberStartedAt"] = now, ["Device"] = "Firefox on Linux", ["UserAgent"] = UserAgent, ["AuditCount"] = 1, ["AuditCode"] = row.Id,
            }),
            new(TableTransactionActionType.Add, new TableEntity(row.User, $"p:{id}") { ["LastSeenAt"] = now }),
            new(TableTransactionActionType.Add, LogRow(row)),
            new(TableTransactionActionType.UpdateMerge, new TableEntity(row.User, "v:raw"), ETag.All),
        ]);
    }

    private const string UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static TableEntity LogRow(RawSession row)
    {
        var now = DateTimeOffset.Now;
        var key = string.Create(CultureInfo.InvariantCulture, $"l:{long.MaxValue - now.UtcTicks:D19}:{Guid.NewGuid():N}");
        return new(row.User, key)
        {
            ["Action"] = "token_refresh", ["At"] = now, ["Success"] = true, ["SessionId"] = row.Id, ["IpAddress"] = "203.0.113.7",
            ["UserAgent"] = UserAgent, ["Device"] = "Firefox on Linux", ["AuditSequence"] = 9, ["AuditCode"] = row.Id, ["AuditKey"] = row.Id[..16],
            ["AuditSeals"] = false,
        };
    }

    private static async Task ReadAllAsync(TableClient table, string filter)
    {
        await foreach (var _ in table.QueryAsync<TableEntity>(filter))
        {
        }
    }

    private sealed class RawSession
    {
        public string User { get; init; } = $"raw{Guid.NewGuid():N}";

        public string Id { get; } = Guid.NewGuid().ToString("N");

        public ETag Version { get; set; }
    }
}

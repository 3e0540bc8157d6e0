using Azure;
using Azure.Data.Tables;

namespace BareWorker;

/// <summary>The transaction of a refresh, with the storage library alone: rows of the same number and size, made by hand.</summary>
public sealed class Sessions
{
    private const string UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly TableClient _table;
    private readonly ConcurrentDictionary<int, Task<Session>> _sessions = [];

    public Sessions()
    {
        var options = new TableClientOptions
        {
            Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(5) },
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
        };
        _table = new TableServiceClient(Environment.GetEnvironmentVariable("Storage__ConnectionString"), options).GetTableClient("Sessions");
    }

    public async Task RefreshAsync(int connection)
    {
        var session = await _sessions.GetOrAdd(connection, _ => OpenAsync());
        var now = DateTimeOffset.Now;
        var reply = await _table.SubmitTransactionAsync(
        [
            new(
                TableTransactionActionType.UpdateMerge,
                new TableEntity(session.User, $"s:{session.Id}")
                {
                    ["Generation"] = 7, ["Number"] = 0, ["NumberStartedAt"] = now, ["LastActivityAt"] = now, ["ExpiresAt"] = now,
                    ["R7"] = now, ["Attempt"] = "", ["AuditCount"] = 9, ["AuditCode"] = session.Id,
                },
                session.Version),
            new(TableTransactionActionType.Add, LogEntry(session, now)),
        ]);
        session.Version = reply.Value[0].Headers.ETag!.Value;
    }

    private async Task<Session> OpenAsync()
    {
        var session = new Session();
        var now = DateTimeOffset.Now;
        await _table.AddEntityAsync(new TableEntity(session.User, $"s:{session.Id}")
        {
            ["Email"] = "raw@example.com", ["Roles"] = "reader", ["IpAddress"] = "203.0.113.7", ["Remember"] = true, ["CreatedAt"] = now,
            ["LastActivityAt"] = now, ["ExpiresAt"] = now, ["AbsoluteExpiresAt"] = now, ["Generation"] = 0, ["Number"] = 0,
            ["NumberStartedAt"] = now, ["Device"] = "Firefox on Linux", ["UserAgent"] = UserAgent, ["AuditCount"] = 1, ["AuditCode"] = session.Id,
        });
        session.Version = (await _table.GetEntityAsync<TableEntity>(session.User, $"s:{session.Id}")).Value.ETag;
        return session;
    }

    private static TableEntity LogEntry(Session session, DateTimeOffset now) => new(
        session.User, string.Create(CultureInfo.InvariantCulture, $"l:{long.MaxValue - now.UtcTicks:D19}:{Guid.NewGuid():N}"))
    {
        ["Action"] = "token_refresh", ["At"] = now, ["Success"] = true, ["SessionId"] = session.Id, ["IpAddress"] = "203.0.113.7",
        ["UserAgent"] = UserAgent, ["Device"] = "Firefox on Linux", ["AuditSequence"] = 9, ["AuditCode"] = session.Id,
        ["AuditKey"] = session.Id[..16], ["AuditSeals"] = false,
    };

    private sealed class Session
    {
        public string User { get; } = $"raw{Guid.NewGuid():N}";
        public string Id { get; } = Guid.NewGuid().ToString("N");
        public ETag Version { get; set; }
    }
}

using Azure;
using Azure.Data.Tables;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;
using Serverless.Tables.Mailbox;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Sessions;

/// <summary>
/// Sessions and their log in one partition for each user, so that a change and its log entry are one entity-group
/// transaction.
/// </summary>
internal sealed class TableSessionStore(TableSet tables, UnreadableRows unreadable) : ISessionStore
{
    private const string LastSeenAt = "LastSeenAt";
    private const string AccountKeyColumn = "AccountKey";

    private readonly TableClient _table = tables.Sessions;
    private readonly RowReader _reader = new(unreadable, tables.Sessions.Name);

    // The count of a user's notices stays for good, so no second request finds its place free.
    public Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        SubmitAsync([Open(account), Add(NoticeRow.WriteCount(account.Id, 0))], cancellationToken);

    public Task TakeFirstEpochBackAsync(Account account, CancellationToken cancellationToken) => SubmitAsync(
        [
            new(TableTransactionActionType.Delete, EpochRow(account.Id, account.Epoch), ETag.All),
            new(TableTransactionActionType.Delete, NoticeRow.WriteCount(account.Id, 0), ETag.All),
        ],
        cancellationToken);

    public async Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [Open(changed)];
        if (behind is { } before)
            actions.Add(IsOpen(changed.Id, before));
        return (await SubmitAsync(actions, cancellationToken)).Done;
    }

    public async Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken)
    {
        var open = await ReadEpochsAsync(user, cancellationToken).FirstOrDefaultAsync(cancellationToken);
        return open?.Account;
    }

    public async Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken) =>
        await ReadEpochsAsync(user, cancellationToken).Select(open => open.Epoch)
            .ToListAsync(cancellationToken);

    public async Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [];
        if (epoch is { } open)
            actions.Add(new(TableTransactionActionType.Delete, EpochRow(user, open), ETag.All));
        if (entry is not null)
            actions.Add(Add(LogRow.Write(LogOwner.Of(user), entry)));
        if (actions.Count == 0)
            return;

        var answer = await SubmitAsync(actions, cancellationToken);
        // Closed before: with this entry, which its id then shows, or by hand.
        if (answer.Conflict == Conflict.NotFound && entry is not null)
            await AppendAsync(LogOwner.Of(user), entry, cancellationToken);
    }

    public async Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, Notice? notice, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(TimeProvider.System); ; await tries.NextAsync(cancellationToken))
        {
            var answer = await SubmitAsync(
                [
                    Add(SessionRow.ForLogin(session)),
                    Add(PresenceRow(session.UserId, session.Id, session.CreatedAt)),
                    Add(LogRow.Write(LogOwner.Of(session.UserId), entry)),
                    // That is the fence.
                    IsOpen(session.UserId, epoch),
                    .. await AppendAsync(session.UserId, notice, cancellationToken),
                ],
                cancellationToken);
            if (answer.Done)
                return VersionOf(answer.Value![0]);
            // The id is new and random, so the row can only be ours: the reply to an earlier try was lost.
            if (answer.Conflict == Conflict.Exists
                && await FindAsync(session.UserId, session.Id, cancellationToken) is { } opened)
            {
                return opened.Version;
            }

            // Another notice took the number.
            if (notice is null || answer.Conflict == Conflict.NotFound)
                return null;
        }
    }

    public async Task<RowVersion?> TryRotateAsync(
        Rotation rotation, RowVersion expected, LogEntry entry, CancellationToken cancellationToken)
    {
        var answer = await SubmitAsync(
            [
                new(TableTransactionActionType.UpdateMerge, SessionRow.ForRotation(rotation), new ETag(expected.Value)),
                Add(LogRow.Write(LogOwner.Of(rotation.UserId), entry)),
            ],
            cancellationToken);
        return answer.Done ? VersionOf(answer.Value![0]) : null;
    }

    public async Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.GetEntityAsync<TableEntity>(user.ToString(), TableKeys.Session(session), cancellationToken: cancellationToken),
            cancellationToken);
        return answer.Done ? _reader.Read(answer.Value!.Value, SessionRow.Read) : null;
    }

    public async Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var lastSeen = new Dictionary<string, DateTimeOffset?>();
        var sessions = new List<ListedSession>();
        var rows = TableKeys.PresenceAndSessions;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user.ToString()} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        await foreach (var row in StorageCall.ReadAllAsync(found, cancellationToken))
        {
            // Rows come in the order of their keys: every presence before every session.
            if (!TableKeys.IsPresence(row.RowKey))
            {
                if (_reader.TryRead(row, SessionRow.Read, out var session))
                    sessions.Add(ToListed(session!));
            }
            else if (_reader.TryRead(row, ReadPresence, out var seenAt))
            {
                lastSeen.Add(row.RowKey, seenAt);
            }
        }

        return sessions;

        ListedSession ToListed(StoredSession stored) =>
            new(stored, lastSeen.GetValueOrDefault(TableKeys.Presence(stored.Session.Id)) ?? stored.Session.CreatedAt);
    }

    public async Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken)
    {
        // Only a reuse has a notice, and it is one session's.
        var noticed = endings.SingleOrDefault(ending => ending.Notice is not null);
        var answer = await SubmitWithPresenceAsync(
            [.. endings.Select(ending => ending.Ended)],
            [
                .. endings.Select(ending => new TableTransactionAction(
                    TableTransactionActionType.UpdateMerge, SessionRow.ForEnding(ending.Ended), new ETag(ending.Expected.Value))),
                .. endings.Select(ending => Add(LogRow.Write(LogOwner.Of(ending.Ended.UserId), ending.Entry))),
                .. await AppendAsync(endings[0].Ended.UserId, noticed?.Notice, cancellationToken),
            ],
            cancellationToken);
        return answer.Done;
    }

    public async Task<bool> TryBeatAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.UpdateEntityAsync(PresenceRow(user, session, seenAt), ETag.All, TableUpdateMode.Merge, cancellationToken),
            cancellationToken);
        return answer.Done;
    }

    public async Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken)
    {
        var rows = TableKeys.Presences;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user.ToString()} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = _table.QueryAsync<TableEntity>(
            filter, select: [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), LastSeenAt], cancellationToken: cancellationToken);
        return await _reader.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), ReadPresence).Select(seenAt => (DateTimeOffset?)seenAt)
            .MaxAsync(cancellationToken: cancellationToken);
    }

    public async Task<bool> TryPropagateRolesAsync(
        Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken)
    {
        var answer = await SubmitAsync(
            [
                new(TableTransactionActionType.UpdateMerge, SessionRow.ForRoles(session), new ETag(expected.Value)),
                Add(LogRow.Write(LogOwner.Of(session.UserId), entry)),
            ],
            cancellationToken);
        return answer.Done;
    }

    public async Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken)
    {
        var (user, id) = (session.Session.UserId, session.Session.Id);
        List<TableTransactionAction> actions =
        [
            new(TableTransactionActionType.Delete, new TableEntity(user.ToString(), TableKeys.Session(id)), new ETag(session.Version.Value)),
        ];
        if (entry is not null)
            actions.Add(Add(LogRow.Write(LogOwner.Of(user), entry)));

        // The presence of a session that was ended went with its ending.
        var answer = session.Session.Ending is null
            ? await SubmitWithPresenceAsync([session.Session], actions, cancellationToken)
            : await SubmitAsync(actions, cancellationToken);
        return answer.Done;
    }

    public Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken) => StorageCall.SendAsync(
        _table.AddEntityAsync(LogRow.Write(owner, entry), cancellationToken), cancellationToken);

    public async Task<LogPage> ReadLogAsync(
        LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        var rows = TableKeys.Logs;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {owner.Key} and RowKey gt {(after is { } position ? TableKeys.Log(position) : rows.From)} and RowKey lt {rows.To}");
        // One entry more than asked for tells whether there is another page.
        var found = _table.QueryAsync<TableEntity>(filter, maxPerPage: limit + 1, cancellationToken: cancellationToken);
        var read = await StorageCall.ReadAllAsync(found, cancellationToken).Take(limit + 1)
            .Select(LogRow.Read).ToListAsync(cancellationToken);
        var entries = read.Take(limit).ToList();
        return new(entries, read.Count > limit ? LogPosition.Behind(entries[^1]) : null);
    }

    public async Task<SessionLog> ReadLogOfAsync(UserId user, SessionId session, CancellationToken cancellationToken)
    {
        var rows = TableKeys.LogsAndCuts;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user.ToString()} and RowKey gt {rows.From} and RowKey lt {rows.To} and SessionId eq {session.ToString()}");
        var found = _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        var read = await StorageCall.ReadAllAsync(found, cancellationToken).ToListAsync(cancellationToken);
        return new(
            [.. read.Where(row => TableKeys.IsLog(row.RowKey)).Select(LogRow.Read)],
            read.Where(row => row.RowKey == TableKeys.Cut(session)).Select(CheckpointRow.Read).FirstOrDefault());
    }

    // Each notice has the number behind the one before it, so whoever asks for those behind a number misses none. A plain login or
    // ending has none, and reads nothing.
    private async Task<IReadOnlyList<TableTransactionAction>> AppendAsync(UserId user, Notice? notice, CancellationToken cancellationToken)
    {
        if (notice is null)
            return [];
        var counter = await StorageCall.SendAsync(
            _table.GetEntityAsync<TableEntity>(user.ToString(), TableKeys.NoticeCount(user), cancellationToken: cancellationToken),
            cancellationToken);
        return NoticeRow.Append(user, counter.Value?.Value is { } row ? _reader.Read(row, NoticeRow.ReadCount) : null, notice);
    }

    private IAsyncEnumerable<OpenEpoch> ReadEpochsAsync(UserId user, CancellationToken cancellationToken)
    {
        var rows = TableKeys.Epochs;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user.ToString()} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        return _reader.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), row =>
        {
            StoredRow.Demand(TableKeys.TryReadEpoch(row.RowKey, out var epoch));
            return new OpenEpoch(epoch, row.Parse<AccountKey>(AccountKeyColumn, AccountKey.TryParse));
        });
    }

    /// <summary>Submits a change that also removes presence rows. Should somebody have removed one by hand, the change must
    /// still be possible.</summary>
    private async Task<StorageAnswer<IReadOnlyList<Response>>> SubmitWithPresenceAsync(
        List<Session> gone, List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var presences = gone.Select(session => new TableTransactionAction(
            TableTransactionActionType.Delete,
            new TableEntity(session.UserId.ToString(), TableKeys.Presence(session.Id)),
            ETag.All));
        var answer = await SubmitAsync([.. actions, .. presences], cancellationToken);
        return answer.Conflict == Conflict.NotFound
            ? await SubmitAsync(actions, cancellationToken)
            : answer;
    }

    private async Task<StorageAnswer<IReadOnlyList<Response>>> SubmitAsync(
        List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
        return new(answer.Value?.Value, answer.Conflict);
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private static TableTransactionAction Open(Account account)
    {
        var row = EpochRow(account.Id, account.Epoch);
        row[AccountKeyColumn] = account.Email.ToAccountKey().Value;
        return new(TableTransactionActionType.UpsertReplace, row);
    }

    // Changes nothing, and fails if the row is gone.
    private static TableTransactionAction IsOpen(UserId user, Ulid epoch) =>
        new(TableTransactionActionType.UpdateMerge, EpochRow(user, epoch), ETag.All);

    private static TableEntity EpochRow(UserId user, Ulid epoch) => new(user.ToString(), TableKeys.Epoch(epoch));

    private static TableEntity PresenceRow(UserId user, SessionId session, DateTimeOffset seenAt) =>
        new(user.ToString(), TableKeys.Presence(session)) { [LastSeenAt] = seenAt };

    private static DateTimeOffset ReadPresence(StoredRow row) => row.Value<DateTimeOffset>(LastSeenAt);

    private static RowVersion VersionOf(Response response) => new(response.Headers.ETag.ToString()!);

    private sealed record OpenEpoch(Ulid Epoch, AccountKey Account);
}

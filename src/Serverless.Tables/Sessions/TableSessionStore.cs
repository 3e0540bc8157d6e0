using Azure;
using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Sessions;

/// <summary>
/// Sessions and their log in one partition for each user, so that a change and its log entry are one entity-group
/// transaction.
/// </summary>
internal sealed class TableSessionStore(TableSet tables) : ISessionStore
{
    private readonly TableClient _table = tables.Sessions;

    public Task OpenEpochAsync(UserId user, Ulid epoch, CancellationToken cancellationToken) => StorageCall.AskAsync(
        _table.UpsertEntityAsync(EpochRow(user, epoch), TableUpdateMode.Replace, cancellationToken), cancellationToken);

    public Task CloseEpochAsync(UserId user, Ulid epoch, CancellationToken cancellationToken) => StorageCall.AskAsync(
        _table.DeleteEntityAsync(user.ToString(), TableKeys.Epoch(epoch), ETag.All, cancellationToken), cancellationToken);

    public async Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, CancellationToken cancellationToken)
    {
        var answer = await SubmitAsync(
            [
                Add(SessionRow.ForLogin(session)),
                Add(PresenceRow(session.UserId, session.Id, session.CreatedAt)),
                Add(LogRow.Write(LogOwner.Of(session.UserId), entry)),
                // Changes nothing, and fails if the row is gone: that is the fence.
                new(TableTransactionActionType.UpdateMerge, EpochRow(session.UserId, epoch), ETag.All),
            ],
            cancellationToken).ConfigureAwait(false);
        return answer.Refusal switch
        {
            Refusal.None => VersionOf(answer.Value![0]),
            // The id is new and random, so the row can only be ours: the reply to an earlier try was lost.
            Refusal.Exists => (await FindAsync(session.UserId, session.Id, cancellationToken).ConfigureAwait(false))?.Version,
            _ => null,
        };
    }

    public async Task<RowVersion?> TryRotateAsync(
        Rotation rotation, RowVersion expected, LogEntry entry, CancellationToken cancellationToken)
    {
        var answer = await SubmitAsync(
            [
                new(TableTransactionActionType.UpdateMerge, SessionRow.ForRotation(rotation), new ETag(expected.Value)),
                Add(LogRow.Write(LogOwner.Of(rotation.UserId), entry)),
            ],
            cancellationToken).ConfigureAwait(false);
        return answer.Done ? VersionOf(answer.Value![0]) : null;
    }

    public async Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.AskAsync(
            _table.GetEntityAsync<TableEntity>(user.ToString(), TableKeys.Session(session), cancellationToken: cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return answer.Done ? SessionRow.Read(answer.Value!.Value) : null;
    }

    public IAsyncEnumerable<StoredSession> ListAsync(UserId user, CancellationToken cancellationToken) =>
        ReadRange(user.ToString(), TableKeys.Sessions, cancellationToken).Select(SessionRow.Read);

    public async Task<bool> TryEndAsync(
        Session ended, RowVersion expected, LogEntry entry, CancellationToken cancellationToken)
    {
        var answer = await SubmitWithPresenceAsync(
            ended.UserId,
            ended.Id,
            [
                new(TableTransactionActionType.UpdateMerge, SessionRow.ForEnding(ended), new ETag(expected.Value)),
                Add(LogRow.Write(LogOwner.Of(ended.UserId), entry)),
            ],
            cancellationToken).ConfigureAwait(false);
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
            ? await SubmitWithPresenceAsync(user, id, actions, cancellationToken).ConfigureAwait(false)
            : await SubmitAsync(actions, cancellationToken).ConfigureAwait(false);
        return answer.Done;
    }

    public Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken) => StorageCall.AskAsync(
        _table.AddEntityAsync(LogRow.Write(owner, entry), cancellationToken), cancellationToken);

    public IAsyncEnumerable<LogEntry> ReadLogAsync(LogOwner owner, CancellationToken cancellationToken) =>
        ReadRange(owner.Key, TableKeys.Logs, cancellationToken).Select(LogRow.Read);

    /// <summary>Submits a change that also removes the presence row. Should somebody have removed that by hand, the change
    /// must still be possible.</summary>
    private async Task<StorageAnswer<IReadOnlyList<Response>>> SubmitWithPresenceAsync(
        UserId user, SessionId id, List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var presence = new TableEntity(user.ToString(), TableKeys.Presence(id));
        var answer = await SubmitAsync(
            [.. actions, new(TableTransactionActionType.Delete, presence, ETag.All)], cancellationToken).ConfigureAwait(false);
        return answer.Refusal == Refusal.NotFound
            ? await SubmitAsync(actions, cancellationToken).ConfigureAwait(false)
            : answer;
    }

    private async Task<StorageAnswer<IReadOnlyList<Response>>> SubmitAsync(
        List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.AskAsync(
            _table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new(answer.Value?.Value, answer.Refusal);
    }

    private IAsyncEnumerable<TableEntity> ReadRange(string partition, KeyRange rows, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        return StorageCall.ReadAllAsync(
            _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken), cancellationToken);
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private static TableEntity EpochRow(UserId user, Ulid epoch) => new(user.ToString(), TableKeys.Epoch(epoch));

    private static TableEntity PresenceRow(UserId user, SessionId session, DateTimeOffset seenAt) =>
        new(user.ToString(), TableKeys.Presence(session)) { ["LastSeenAt"] = seenAt };

    private static RowVersion VersionOf(Response response) => new(response.Headers.ETag.ToString()!);
}

namespace Serverless.Tables.Sessions;

/// <summary>Stores a user's sessions and log in one partition, so that a change and its log entry are one transaction.</summary>
internal sealed class TableSessionStore(TableSet tables, UnreadableRows unreadable) : ISessionStore
{
    private readonly TableClient _table = tables.Sessions;
    private readonly RowReader _reader = new(unreadable, tables.Sessions.Name);

    public async Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, Notice? notice, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(TimeProvider.System); ; await tries.NextAsync(cancellationToken))
        {
            var answer = await _table.SubmitAsync(
                [
                    Add(SessionRow.ForLogin(session)),
                    Add(PresenceRow.Write(session.UserId, session.Id, session.CreatedAt)),
                    Add(LogRow.Write(LogOwner.Of(session.UserId), entry)),
                    TableEpochStore.IsOpen(session.UserId, epoch),
                    .. await AppendAsync(session.UserId, notice, cancellationToken),
                ],
                cancellationToken);
            if (answer.Done)
                return VersionOf(answer.Value![0]);
            // The id is random, so the row is ours: the reply to an earlier try was lost.
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
        var answer = await _table.SubmitAsync(
            [
                new(TableTransactionActionType.UpdateMerge, SessionRow.ForRotation(rotation), new ETag(expected.Value)),
                Add(LogRow.Write(LogOwner.Of(rotation.UserId), entry)),
            ],
            cancellationToken);
        return answer.Done ? VersionOf(answer.Value![0]) : null;
    }

    public async Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken) =>
        await _table.FindAsync(user.ToString(), SessionKeys.Session(session), cancellationToken) is { } row
            ? _reader.Read(row, SessionRow.Read)
            : null;

    public async Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var lastSeen = new Dictionary<string, DateTimeOffset?>();
        var sessions = new List<ListedSession>();
        await foreach (var row in _table.ReadRowsAsync(user.ToString(), SessionKeys.PresenceAndSessions, cancellationToken))
        {
            // In order of the keys: all presence rows come before all sessions.
            if (!SessionKeys.IsPresence(row.RowKey))
            {
                if (_reader.TryRead(row, SessionRow.Read, out var session))
                    sessions.Add(ToListed(session!));
            }
            else if (_reader.TryRead(row, PresenceRow.Read, out var seenAt))
            {
                lastSeen.Add(row.RowKey, seenAt);
            }
        }

        return sessions;

        ListedSession ToListed(StoredSession stored) =>
            new(stored, lastSeen.GetValueOrDefault(SessionKeys.Presence(stored.Session.Id)) ?? stored.Session.CreatedAt);
    }

    public async Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken)
    {
        // Only a reuse has a notice, and it ends a single session.
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

    public async Task<bool> TryPropagateRolesAsync(
        Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken)
    {
        var answer = await _table.SubmitAsync(
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
            new(TableTransactionActionType.Delete, new TableEntity(user.ToString(), SessionKeys.Session(id)), new ETag(session.Version.Value)),
        ];
        if (entry is not null)
            actions.Add(Add(LogRow.Write(LogOwner.Of(user), entry)));

        // An ended session has no presence row any more.
        var answer = session.Session.Ending is null
            ? await SubmitWithPresenceAsync([session.Session], actions, cancellationToken)
            : await _table.SubmitAsync(actions, cancellationToken);
        return answer.Done;
    }

    // Notices are numbered without gaps, so a reader of those after a number misses none. Without a notice nothing is read.
    private async Task<IReadOnlyList<TableTransactionAction>> AppendAsync(UserId user, Notice? notice, CancellationToken cancellationToken)
    {
        if (notice is null)
            return [];
        var counter = await _table.FindAsync(user.ToString(), MailboxKeys.NoticeCount(user), cancellationToken);
        return NoticeRow.Append(user, counter is { } row ? _reader.Read(row, NoticeRow.ReadCount) : null, notice);
    }

    /// <summary>The change succeeds even if a presence row was removed by hand.</summary>
    private async Task<StorageAnswer<IReadOnlyList<Response>>> SubmitWithPresenceAsync(
        List<Session> gone, List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var presences = gone.Select(session => new TableTransactionAction(
            TableTransactionActionType.Delete,
            new TableEntity(session.UserId.ToString(), SessionKeys.Presence(session.Id)),
            ETag.All));
        var answer = await _table.SubmitAsync([.. actions, .. presences], cancellationToken);
        return answer.Conflict == Conflict.NotFound
            ? await _table.SubmitAsync(actions, cancellationToken)
            : answer;
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private static RowVersion VersionOf(Response response) => new(response.Headers.ETag.ToString()!);
}

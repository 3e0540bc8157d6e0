namespace Serverless.Tables.Sessions;

/// <summary>Stores a user's sessions and log in one partition, so that a change and its log entry are one transaction.</summary>
internal sealed class TableSessionStore(TableSet tables) : ISessionStore
{
    private readonly StoredTable _table = tables.Sessions;

    public async Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, IReadOnlyList<Notice> notices, PasskeyUse? use, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(TimeProvider.System); ; await tries.NextAsync(cancellationToken))
        {
            var answer = await _table.SubmitAsync(
                [
                    RowChange.Add(SessionRow.ForLogin(session)),
                    RowChange.Add(PresenceRow.Write(session.UserId, session.Id, session.CreatedAt, isActive: true)),
                    Log(session.UserId, entry),
                    TableEpochStore.IsOpen(session.UserId, epoch),
                    .. PasskeyRow.Use(session.UserId, use),
                    .. await NoticeRow.AppendAsync(_table, session.UserId, notices, cancellationToken),
                ], cancellationToken);
            if (answer.Done)
                return RowChange.VersionOf(answer.Value!.Value[0]);
            // The id is random, so the row is ours: the reply to an earlier try was lost.
            if (answer.Conflict == Conflict.Exists
                && await FindAsync(session.UserId, session.Id, cancellationToken) is { } opened)
            {
                return opened.Version;
            }

            // Another notice took the number. With a passkey it may be more than that, which the login reads anew.
            if (notices.Count == 0 || use is not null || answer.Conflict == Conflict.NotFound)
                return null;
        }
    }

    public async Task<RowVersion?> TryRotateAsync(Rotation rotation, LogEntry entry, CancellationToken cancellationToken)
    {
        var user = rotation.Token.UserId;
        var answer = await _table.SubmitAsync(
            [
                RowChange.Merge(SessionRow.ForRotation(rotation), rotation.Token.Version),
                Log(user, entry),
                .. await NoticeRow.AppendAsync(_table, user, rotation.Notice is { } notice ? [notice] : [], cancellationToken),
            ], cancellationToken);
        return answer.Done ? RowChange.VersionOf(answer.Value!.Value[0]) : null;
    }

    public Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken) =>
        _table.FindAsync(user.ToString(), SessionKeys.Session(session), SessionRow.Read, cancellationToken);

    public async Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var lastSeen = new Dictionary<string, LastSeen>();
        var sessions = new List<ListedSession>();
        var filter = SessionKeys.PresenceAndSessions.FilterRows(user.ToString());
        await foreach (var row in _table.ReadAsync(filter, row => row, cancellationToken))
        {
            // In order of the keys: all presence rows come before all sessions.
            if (SessionKeys.IsPresence(row.RowKey))
            {
                if (_table.TryRead(row, PresenceRow.Read, out var seen))
                    lastSeen.Add(row.RowKey, seen);
            }
            else if (_table.TryRead(row, SessionRow.Read, out var stored))
            {
                var seen = lastSeen.GetValueOrDefault(SessionKeys.Presence(stored.Session.Id));
                sessions.Add(new(stored, seen?.At ?? stored.Session.CreatedAt, seen?.ActiveAt));
            }
        }

        return sessions;
    }

    public async Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken)
    {
        Notice[] notices = [.. endings.Select(ending => ending.Notice).OfType<Notice>()];
        return await SubmitWithPresenceAsync(
            [.. endings.Select(ending => ending.Ended)],
            [
                .. endings.Select(ending => RowChange.Merge(SessionRow.ForEnding(ending), ending.Expected)),
                .. endings.Select(ending => Log(ending.Ended.UserId, ending.Entry)),
                .. await NoticeRow.AppendAsync(_table, endings[0].Ended.UserId, notices, cancellationToken),
            ], cancellationToken);
    }

    public Task<bool> TryPropagateRolesAsync(
        Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken) => _table.TrySubmitAsync(
        [RowChange.Merge(SessionRow.ForRoles(session), expected), Log(session.UserId, entry)], cancellationToken);

    public async Task<bool> TryStepUpAsync(
        Session session, RowVersion expected, LogEntry entry, PasskeyUse? use, CancellationToken cancellationToken) =>
        await _table.TrySubmitAsync(
            [RowChange.Merge(SessionRow.ForStepUp(session), expected), Log(session.UserId, entry), .. PasskeyRow.Use(session.UserId, use)],
            cancellationToken)
        || await LogRow.ExistsAsync(_table, LogOwner.Of(session.UserId), entry, cancellationToken);

    public Task<bool> TrySubscribeAsync(Session session, RowVersion expected, CancellationToken cancellationToken) =>
        _table.TrySubmitAsync([RowChange.Merge(SessionRow.ForSubscription(session), expected)], cancellationToken);

    public Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken)
    {
        var (user, id) = (session.Session.UserId, session.Session.Id);
        List<TableTransactionAction> actions = [RowChange.Delete(user.ToString(), SessionKeys.Session(id), session.Version)];
        if (entry is not null)
            actions.Add(Log(user, entry));

        // An ended session has no presence row any more.
        return session.Session.Ending is null
            ? SubmitWithPresenceAsync([session.Session], actions, cancellationToken)
            : _table.TrySubmitAsync(actions, cancellationToken);
    }

    /// <summary>The change succeeds even if a presence row was removed by hand.</summary>
    private async Task<bool> SubmitWithPresenceAsync(
        List<Session> gone, List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var presences = gone.Select(session => RowChange.Delete(session.UserId.ToString(), SessionKeys.Presence(session.Id)));
        var answer = await _table.SubmitAsync([.. actions, .. presences], cancellationToken);
        return answer.Done || (answer.Conflict == Conflict.NotFound && await _table.TrySubmitAsync(actions, cancellationToken));
    }

    private static TableTransactionAction Log(UserId user, LogEntry entry) =>
        RowChange.Add(LogRow.Write(LogOwner.Of(user), entry));
}

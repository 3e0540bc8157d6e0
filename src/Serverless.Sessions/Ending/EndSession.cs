namespace Serverless.Sessions.Ending;

/// <summary>Ends one session: the revocation first (if the session then survives, it costs one refresh), then end and log entry
/// in one conditional transaction, so that every end has one reason and one entry.</summary>
public sealed class EndSession(
    ISessionStore sessions, ITimeline timeline, SessionCache cache, KeyRingSource keys, PushAlerts pushAlerts, AlertMails alertMails,
    Farewells farewells, TimeProvider clock, SessionMetrics metrics, ILogger<EndSession> log, ISharedPresence? sharedPresence = null)
{
    public Task<EndSessionResult> ExecuteAsync(
        UserId user, SessionId id, EndReason reason, Actor? by, CancellationToken cancellationToken) =>
        ExecuteAsync(user, id, reason, by, isRecorded: false, cancellationToken);

    /// <summary><paramref name="isRecorded"/>: an earlier, interrupted request has recorded the end as activity.</summary>
    internal async Task<EndSessionResult> ExecuteAsync(
        UserId user, SessionId id, EndReason reason, Actor? by, bool isRecorded, CancellationToken cancellationToken)
    {
        var found = await sessions.FindAsync(user, id, cancellationToken);
        // Not cancellable from here on: half an ending would leave the session valid.
        var result = await Detached.RunAsync(clock, token => EndAsync(user, id, found, reason, by, isRecorded, token));
        // Another instance may have ended it; the next answer must not contradict this one.
        cache.Forget(id);
        if (result is EndSessionResult.Ended && reason == EndReason.TokenReuse)
            await alertMails.SendAsync(AlertKind.TokenReuse, found!.Session, by?.Client ?? found.Session.Client);
        return result;
    }

    /// <summary>Ends the sessions, all or none; <paramref name="areRecorded"/> if their activity is.</summary>
    internal async Task<bool> TryEndAsync(
        SessionEnding[] endings, EndReason reason, bool areRecorded, CancellationToken cancellationToken)
    {
        // Told before and after: whoever reads in between keeps nothing, also if this instance dies.
        foreach (var ending in endings)
            cache.BeginEnding(ending.Ended.Id);
        var alert = AlertKind.Find(reason) is { IsChange: false } kind ? Alert.Of(kind, endings[0].Ended.UserId, endings[0].Entry) : null;
        // The activity, too: a stored end isn't recorded again.
        await Task.WhenAll(
        [
            .. endings.Select(each => timeline.RevokeAsync(each.Ended.Id, each.RevokedBefore, cancellationToken)),
            .. areRecorded ? [] : endings.Select(each => timeline.RecordAsync(each.ToActivity(), cancellationToken)),
            pushAlerts.ScheduleAsync(alert, cancellationToken),
        ]);
        if (!await TryStoreAsync(endings, reason, cancellationToken))
            return false;
        pushAlerts.Post(alert);
        farewells.Post(reason, endings);
        return true;
    }

    private async Task<bool> TryStoreAsync(SessionEnding[] endings, EndReason reason, CancellationToken cancellationToken)
    {
        try
        {
            var areEnded = await sessions.TryEndAsync(endings, cancellationToken);
            if (areEnded)
                metrics.CountEnding(reason, endings.Length);
            return areEnded;
        }
        finally
        {
            // Even after a failure: the ends may be stored and only the reply lost.
            foreach (var ending in endings)
            {
                cache.End(ending.Ended.Id);
                sharedPresence?.Remove(ending.Ended.UserId, ending.Ended.Id);
            }
        }
    }

    private async Task<EndSessionResult> EndAsync(
        UserId user, SessionId id, StoredSession? found, EndReason reason, Actor? by, bool isRecorded, CancellationToken cancellationToken)
    {
        var entryId = Guid.NewGuid();
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var now = clock.Now();
            if (found is not { } stored)
                return new EndSessionResult.NotFound();
            // A retry inside the storage client may find its own first write: then this request ended the session.
            if (stored.Session.Ending?.EntryId == entryId)
            {
                metrics.CountEnding(reason);
                return new EndSessionResult.Ended();
            }

            if (stored.Session.EndingAt(now) is { } over)
                return new EndSessionResult.AlreadyEnded(over.Reason);

            var ring = await keys.GetAsync(cancellationToken);
            var ending = SessionEnding.Of(stored, reason, now, by, entryId, ring.AuditKeyAt(now));
            // Before the end is stored, since a repeated request finds it and logs nothing; once, as the activity.
            if (!isRecorded && by?.Administrator is { } administrator)
                log.SessionEnded($"{administrator}", $"{id}", $"{user}");
            // Revokes on each try: a refresh in the meantime issued a newer token.
            if (await TryEndAsync([ending], reason, isRecorded, cancellationToken))
                return new EndSessionResult.Ended();

            isRecorded = true;
            found = await sessions.FindAsync(user, id, cancellationToken);
        }
    }
}

public abstract record EndSessionResult
{
    private EndSessionResult() { }

    public sealed record Ended : EndSessionResult;
    public sealed record AlreadyEnded(EndReason Reason) : EndSessionResult;
    public sealed record NotFound : EndSessionResult;
}

namespace Serverless.Sessions.Sessions;

/// <summary>Whether a session is valid, by storage or by a read of this instance that is at most seconds old.</summary>
public sealed class CheckSession(ISessionStore sessions, SessionCache cache, TimeProvider clock, SessionMetrics metrics)
{
    public async ValueTask<CheckSessionResult> ExecuteAsync(UserId user, SessionId id, CancellationToken cancellationToken)
    {
        // An expiry is derived from a row that another instance may have refreshed since it was read.
        var known = cache.Find(id) ?? await cache.FindSharedAsync(id, cancellationToken);
        var session = known is not null && (known.Ending is not null || known.ExpiryAt(clock.GetUtcNow()) is null) ? known : null;
        metrics.CountLookup(session is not null);
        if (session is null)
        {
            var readAt = clock.GetTimestamp();
            session = (await sessions.FindAsync(user, id, cancellationToken))?.Session;
            if (session is null)
                return new CheckSessionResult.Ended(EndReason.Unknown);
            cache.Keep(session, readAt);
            await cache.ShareAsync(session, readAt, cancellationToken);
        }

        return session.EndingAt(clock.GetUtcNow()) is { } ending
            ? new CheckSessionResult.Ended(ending.Reason)
            : new CheckSessionResult.Valid(session);
    }
}

public abstract record CheckSessionResult
{
    private CheckSessionResult() { }

    public sealed record Valid(Session Session) : CheckSessionResult;
    public sealed record Ended(EndReason Reason) : CheckSessionResult;
}

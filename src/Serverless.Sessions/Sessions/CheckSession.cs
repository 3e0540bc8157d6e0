using Serverless.Sessions.Accounts;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Telemetry;

namespace Serverless.Sessions.Sessions;

/// <summary>Whether a session is good, from storage or from what this instance read a few seconds ago.</summary>
public sealed class CheckSession(ISessionStore sessions, SessionCache cache, TimeProvider clock, SessionMetrics metrics)
{
    /// <summary>Looks at a session.</summary>
    public async ValueTask<CheckSessionResult> ExecuteAsync(UserId user, SessionId id, CancellationToken cancellationToken)
    {
        var session = cache.Find(id);
        metrics.CountLookup(session is not null);
        if (session is null)
        {
            var readAt = cache.Now;
            session = (await sessions.FindAsync(user, id, cancellationToken))?.Session;
            if (session is null)
                return new CheckSessionResult.Ended(EndReason.Unknown);
            cache.Keep(session, readAt);
        }

        return session.EndingAt(clock.GetUtcNow()) is { } ending
            ? new CheckSessionResult.Ended(ending.Reason)
            : new CheckSessionResult.Good(session);
    }
}

/// <summary>What a look at a session found.</summary>
public abstract record CheckSessionResult
{
    private CheckSessionResult()
    {
    }

    /// <summary>It is good.</summary>
    public sealed record Good(Session Session) : CheckSessionResult;

    /// <summary>It is over.</summary>
    public sealed record Ended(EndReason Reason) : CheckSessionResult;
}

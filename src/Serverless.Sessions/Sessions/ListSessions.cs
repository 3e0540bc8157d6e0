using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Sessions;

/// <summary>The sessions of a user that are good, the one used last first.</summary>
public sealed class ListSessions(ISessionStore sessions, TimeProvider clock)
{
    /// <summary>Lists them.</summary>
    public async Task<IReadOnlyList<ListedSession>> ExecuteAsync(UserId user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var listed = await sessions.ListAsync(user, cancellationToken);
        return
        [
            .. listed
                .Where(each => each.Stored.Session.EndingAt(now) is null)
                .OrderByDescending(each => each.Stored.Session.LastActivityAt),
        ];
    }
}

/// <summary>A session of a list.</summary>
/// <param name="Stored">The session as storage holds it.</param>
/// <param name="LastSeenAt">When it was last heard from: its last heartbeat, or its login.</param>
public sealed record ListedSession(StoredSession Stored, DateTimeOffset LastSeenAt);

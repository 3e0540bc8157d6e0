namespace Serverless.Sessions.Sessions;

/// <summary>Lists the valid sessions of a user, most recently refreshed first.</summary>
public sealed class ListSessions(ISessionStore sessions, TimeProvider clock)
{
    public async Task<IReadOnlyList<ListedSession>> ExecuteAsync(UserId user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var valid = (await sessions.ListAsync(user, cancellationToken)).Where(each => each.Stored.Session.EndingAt(now) is null);
        return [.. valid.OrderByDescending(each => each.Stored.Session.LastActivityAt)];
    }
}

/// <summary><c>LastSeenAt</c> is the last heartbeat, or the login; <c>LastActiveAt</c> the last of them of an active user,
/// null if that isn't known any more.</summary>
public sealed record ListedSession(StoredSession Stored, DateTimeOffset LastSeenAt, DateTimeOffset? LastActiveAt = null);

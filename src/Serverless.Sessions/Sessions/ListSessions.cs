namespace Serverless.Sessions.Sessions;

/// <summary>Lists the valid sessions of a user, most recently refreshed first.</summary>
public sealed class ListSessions(ISessionStore sessions, TimeProvider clock)
{
    /// <summary>Lists the sessions.</summary>
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

/// <summary>A session and its presence.</summary>
/// <param name="LastSeenAt">Its last heartbeat, or its login.</param>
public sealed record ListedSession(StoredSession Stored, DateTimeOffset LastSeenAt);

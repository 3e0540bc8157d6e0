namespace Serverless.Sessions.Presence;

/// <summary>Stores when sessions were last heard from. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IPresenceStore
{
    /// <summary>Records when a session was last seen, beside its row; false if the session has ended.</summary>
    Task<bool> TryRecordAsync(UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>When any session of a user was last seen, in one read; null if there is none.</summary>
    Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);
}

namespace Serverless.Sessions.Presence;

/// <summary>When sessions were last seen. Both methods throw <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IPresenceStore
{
    /// <summary>Returns false if the session has ended.</summary>
    Task<bool> TryRecordAsync(UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>Returns when any session of the user was last seen, in one read.</summary>
    Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);
}

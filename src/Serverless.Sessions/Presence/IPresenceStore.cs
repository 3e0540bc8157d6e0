using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Presence;

/// <summary>Stores when sessions were last heard from. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IPresenceStore
{
    /// <summary>Remembers when a session was heard from, without touching the session.</summary>
    /// <returns>False where its presence is gone: the session has ended.</returns>
    Task<bool> TryBeatAsync(UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>When any session of a user was last heard from, in one read; null where there is none.</summary>
    Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);
}

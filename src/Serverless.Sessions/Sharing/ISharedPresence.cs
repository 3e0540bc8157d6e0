namespace Serverless.Sessions.Sharing;

/// <summary>When sessions were last seen by any instance, so that storage needs one write a minute for each. Like
/// <see cref="ISharedSessions"/> it is never the truth, and nothing here throws.</summary>
public interface ISharedPresence
{
    /// <summary>Records a heartbeat of a session that storage confirmed less than a minute ago;
    /// false asks the caller to ask storage.</summary>
    ValueTask<bool> TryRecordAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, TimeSpan window, CancellationToken cancellationToken);

    /// <summary>Records a heartbeat that storage has confirmed, unless the session has ended meanwhile.</summary>
    void Confirm(UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, TimeSpan window);

    /// <summary>After the end of a session.</summary>
    void Remove(UserId user, SessionId session);

    /// <summary>Returns what is known of each user, in one round trip; null where nothing is.</summary>
    ValueTask<IReadOnlyList<LastSeen?>> FindAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken);

    /// <summary>Returns how many users any instance has heard from within a time; null without an answer.</summary>
    ValueTask<long?> CountOnlineAsync(TimeSpan window, CancellationToken cancellationToken);
}

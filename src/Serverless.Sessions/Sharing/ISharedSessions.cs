namespace Serverless.Sessions.Sharing;

/// <summary>What instances share of sessions: a cache, and news of changes. Never the truth: it may be slow, down, flushed, behind, or
/// written by others, so nothing here throws, nothing but <see cref="FindAsync"/> is waited for, and values carry a MAC.</summary>
public interface ISharedSessions
{
    SharingState State { get; }

    /// <summary>From when to when this instance has heard of all changes of all instances.</summary>
    HeardChanges Heard { get; }

    /// <summary>Returns the value that an instance kept; null without one, after a change, or without an answer in time.</summary>
    ValueTask<byte[]?> FindAsync(SessionId id, CancellationToken cancellationToken);

    /// <summary>Keeps a value for <paramref name="lifetime"/>, unless the session has changed within it, or is ending.</summary>
    void Keep(SessionId id, byte[] value, TimeSpan lifetime);

    /// <summary>Tells all instances, and refuses values from before for <paramref name="lifetime"/>, or where it ends until its last
    /// access token has expired.</summary>
    void Tell(SessionId id, SessionChange change, TimeSpan lifetime);

    /// <summary>Raised for what other instances tell.</summary>
    event Action<SessionId, SessionChange>? Told;

    /// <summary>Raised when changes may have been missed.</summary>
    event Action? Missed;
}

public enum SessionChange
{
    /// <summary>Anything but an end.</summary>
    Changed,

    /// <summary>Its end is about to be written, or may be.</summary>
    Ending,
    Ended,
}

public enum SharingState
{
    /// <summary>No answers: everything is as without it.</summary>
    Unavailable,

    /// <summary>It answers, but an instance hasn't been heard for seconds, this one included: an end there may stay unknown here, so
    /// this instance's cache is used as without it.</summary>
    Partial,
    Connected,
}

/// <summary>As timestamps of the monotonic clock. What was read since <c>Since</c> is as good as read at <c>Until</c>.</summary>
public readonly record struct HeardChanges(long Since, long Until);

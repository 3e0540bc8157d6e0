using Serverless.Sessions.Ending;

namespace Serverless.Sessions.Sessions;

/// <summary>When sessions expire. An expired session is refused whether or not it was purged.</summary>
public static class Lifetime
{
    /// <summary>Whether a session with these two limits is over, and since when; null while it is good.</summary>
    /// <param name="now">The time asked about. A session is over at its expiry, not after it.</param>
    /// <param name="expiresAt">The idle expiry.</param>
    /// <param name="absoluteExpiresAt">The absolute expiry.</param>
    public static SessionEnd? EndingAt(DateTimeOffset now, DateTimeOffset expiresAt, DateTimeOffset absoluteExpiresAt)
    {
        if (now < expiresAt && now < absoluteExpiresAt)
            return null;
        return expiresAt < absoluteExpiresAt
            ? new(EndReason.ExpiredIdle, expiresAt)
            : new(EndReason.ExpiredAbsolute, absoluteExpiresAt);
    }
}

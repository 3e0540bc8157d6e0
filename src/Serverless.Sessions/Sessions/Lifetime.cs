using Serverless.Sessions.Ending;

namespace Serverless.Sessions.Sessions;

/// <summary>When sessions expire. An expired session is refused, purged or not.</summary>
public static class Lifetime
{
    /// <summary>Why and when a session with these idle and absolute expiries ended; null while it is valid. It ends at its expiry, not after
    /// it.</summary>
    public static SessionEnd? EndingAt(DateTimeOffset now, DateTimeOffset expiresAt, DateTimeOffset absoluteExpiresAt)
    {
        if (now < expiresAt && now < absoluteExpiresAt)
            return null;
        return expiresAt < absoluteExpiresAt
            ? new(EndReason.ExpiredIdle, expiresAt)
            : new(EndReason.ExpiredAbsolute, absoluteExpiresAt);
    }
}

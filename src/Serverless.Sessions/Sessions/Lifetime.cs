namespace Serverless.Sessions.Sessions;

public static class Lifetime
{
    /// <summary>Returns why and when a session ended (at its expiry, not after); null while it is valid.</summary>
    public static SessionEnd? EndingAt(DateTimeOffset now, DateTimeOffset expiresAt, DateTimeOffset absoluteExpiresAt)
    {
        if (now < expiresAt && now < absoluteExpiresAt)
            return null;
        return expiresAt < absoluteExpiresAt
            ? new(EndReason.ExpiredIdle, expiresAt)
            : new(EndReason.ExpiredAbsolute, absoluteExpiresAt);
    }
}

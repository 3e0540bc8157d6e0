namespace Serverless.Sessions.Login;

/// <summary>An email's failed logins and their lock. Stored, so they hold across instances, with or without account.
/// <c>Failures</c> counts those since the last successful login; <c>LastFailure</c> is the attempt that failed last, so that it
/// recognizes its own write if the reply was lost; <c>Version</c> is null if there is no row.</summary>
public sealed record Throttle(
    int Failures = 0, DateTimeOffset? LockedUntil = null, DateTimeOffset? LastFailureAt = null, Guid? LastFailure = null,
    RowVersion? Version = null)
{
    public static readonly Throttle Clear = new();
    private static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(24);

    public TimeSpan? WaitAt(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    /// <summary>Counts a failure. From the limit on, each one doubles the lock; old failures are forgotten.</summary>
    public Throttle Fail(DateTimeOffset now, Guid attempt, ThrottleOptions options)
    {
        if (now - LastFailureAt >= ForgetAfter)
            return Reset().Fail(now, attempt, options);

        // Cap the doublings, which exceed the maximum by then, so that the shift doesn't overflow.
        var doublings = Math.Min(Failures + 1 - options.FailuresBeforeLock, 30);
        var wait = FirstLock * (1 << Math.Max(doublings, 0));
        return this with
        {
            Failures = Failures + 1,
            LastFailureAt = now,
            LastFailure = attempt,
            LockedUntil = doublings >= 0 ? now + (wait < options.MaximumLock ? wait : options.MaximumLock) : LockedUntil,
        };
    }

    public Throttle Reset() => Clear with { Version = Version };
}

public sealed class ThrottleOptions
{
    public const string Section = "Throttle";

    // OWASP ASVS 2.2.1 allows at most 100 an hour.
    [Setting("how many failures in a row lock the email, at first for 30 seconds; each further one doubles that",
        "honest users are locked out")]
    [Range(3, 100)]
    public int FailuresBeforeLock { get; set; } = 5;

    [Setting("the longest lock", "attackers lock users out on purpose, or guessing is too fast")]
    [Duration("00:00:30", "1.00:00:00")]
    public TimeSpan MaximumLock { get; set; } = TimeSpan.FromMinutes(15);
}

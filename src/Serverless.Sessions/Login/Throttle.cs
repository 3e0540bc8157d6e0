using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Login;

/// <summary>
/// The failed logins of one email and how long it is locked for them. Kept in storage, so it holds over all instances, and
/// kept just the same for emails that have no account.
/// </summary>
public sealed record Throttle
{
    /// <summary>No failures.</summary>
    public static readonly Throttle Clear = new();

    private static readonly TimeSpan FirstLock = TimeSpan.FromSeconds(30);

    // After it the count starts again from nothing.
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(24);

    /// <summary>Failures in a row since the last login that succeeded.</summary>
    public int Failures { get; init; }

    /// <summary>No login is tried before this time.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When the last of them was.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>The attempt that failed last, by which it knows its own failure again when the reply to its count was lost.</summary>
    public Guid? LastFailure { get; init; }

    /// <summary>The state of the row that this was read from; empty where there is none.</summary>
    public RowVersion? Version { get; init; }

    /// <summary>How long a login has to wait still.</summary>
    public TimeSpan? WaitAt(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    /// <summary>One more failure: from the limit on, each doubles the lock. Failures of long ago are forgotten.</summary>
    public Throttle Fail(DateTimeOffset now, Guid attempt, ThrottleOptions options)
    {
        if (now - LastFailureAt >= ForgetAfter)
            return Reset().Fail(now, attempt, options);

        // Beyond 30 doublings only the maximum counts, and the product must not overflow.
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

    /// <summary>A login succeeded.</summary>
    public Throttle Reset() => Clear with { Version = Version };
}

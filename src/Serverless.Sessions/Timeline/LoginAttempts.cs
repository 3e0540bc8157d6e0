namespace Serverless.Sessions.Timeline;

internal static class LoginAttempts
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // After the last attempt that it counts.
    private static readonly TimeSpan FlagLifetime = TimeSpan.FromHours(24);

    /// <summary>Returns the sliding window with the most attempts among those that end after a time; null if the limit isn't
    /// exceeded. A window ends with an attempt and includes all within its length before.</summary>
    public static SuspiciousIp? FindSuspicion(IEnumerable<Activity> ofAddress, DateTimeOffset endingAfter, int maximum)
    {
        var attempts = ofAddress.OrderBy(attempt => attempt.At).ToList();
        (int First, int Count) worst = (0, 0);
        for (int first = 0, last = 0; last < attempts.Count; last++)
        {
            while (attempts[last].At - attempts[first].At >= Window)
                first++;
            var count = last - first + 1;
            if (attempts[last].At > endingAfter && count >= worst.Count)
                worst = (first, count);
        }

        return worst.Count > maximum ? Describe(attempts.GetRange(worst.First, worst.Count), exceededBy: maximum) : null;
    }

    private static SuspiciousIp Describe(List<Activity> attempts, int exceededBy) => new()
    {
        AddressGroup = attempts[0].AddressGroup,
        Window = Window,
        Count = attempts.Count,
        Failures = attempts.Count(attempt => attempt.Kind == ActivityKind.FailedLogin),
        DistinctAccounts = attempts.Select(attempt => attempt.AccountKey).OfType<AccountKey>().Distinct().Count(),
        FirstAt = attempts[0].At,
        LastAt = attempts[^1].At,
        Since = attempts[0].At,
        ExceededAt = attempts[exceededBy].At,
        ExpiresAt = attempts[^1].At + FlagLifetime,
    };
}

namespace Serverless.Sessions.Timeline;

/// <summary>Pure: the events after a time depend only on the activity since <see cref="LookBack"/> before that time.</summary>
public static class SecurityEventSearch
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Whether a burst begins with an attempt depends on its window, and on that of the attempt before.</summary>
    public static readonly TimeSpan LookBack = 2 * Window;

    // The most addresses within a window that are no burst. An IPv6 /64 is one address.
    private const int MaximumAddresses = 4;

    public static IReadOnlyList<SecurityEvent> Find(IEnumerable<Activity> activities, DateTimeOffset after)
    {
        // Emails without an account concern no user; trying many of them flags the address instead.
        var sorted = activities.Where(activity => activity.UserId is not null)
            .OrderBy(activity => activity.At).ThenBy(activity => activity.Id).ToList();
        var incidents =
            from activity in sorted
            from kind in KindsOf(activity)
            select SecurityEvent.Of(kind, activity);
        var bursts =
            from activity in sorted
            where activity.IsLoginAttempt && activity.AddressGroup != IpAddressGroup.Unknown
            group activity by (activity.UserId, activity.Kind) into attempts
            from burst in FindBursts([.. attempts])
            select burst;
        // Concurrent requests that end a session each record it under one id: the first counts.
        return [.. incidents.DistinctBy(each => each.Id).Concat(bursts).Where(each => each.At > after).OrderBy(each => each.At)];
    }

    /// <summary>Whether two events report one incident: late activity can move the beginning of a burst.</summary>
    public static bool AreSame(SecurityEvent one, SecurityEvent other) => one.Id == other.Id
        || (one.Kind == other.Kind && one.UserId == other.UserId && (one.At - other.At).Duration() < Window
            && (one.Kind == SecurityEventKind.LoginBurst || one.Kind == SecurityEventKind.FailedLoginBurst));

    // A login that is refused for its location has its findings, too.
    private static IEnumerable<SecurityEventKind> KindsOf(Activity activity)
    {
        if (activity.Kind == ActivityKind.SessionEnded && activity.EndReason == EndReason.TokenReuse)
            yield return SecurityEventKind.TokenReuse;
        if (activity is { Kind: ActivityKind.FailedLogin, Locks: true })
            yield return SecurityEventKind.AccountLocked;
        if (activity is { Kind: ActivityKind.Login, NewDevice: true })
            yield return SecurityEventKind.NewDevice;
        if (activity.NewCountry)
            yield return SecurityEventKind.NewCountry;
        if (activity.ImpossibleTravel)
            yield return SecurityEventKind.ImpossibleTravel;
    }

    // A burst is reported when it begins: with the attempt that makes its addresses too many.
    private static IEnumerable<SecurityEvent> FindBursts(List<Activity> attempts)
    {
        Dictionary<string, int> addresses = [];
        var goesOn = false;
        for (int first = 0, last = 0; last < attempts.Count; last++)
        {
            addresses[attempts[last].AddressGroup] = addresses.GetValueOrDefault(attempts[last].AddressGroup) + 1;
            for (; attempts[last].At - attempts[first].At >= Window; first++)
            {
                if (--addresses[attempts[first].AddressGroup] == 0)
                    addresses.Remove(attempts[first].AddressGroup);
            }

            var isBurst = addresses.Count > MaximumAddresses;
            if (isBurst && !goesOn)
            {
                var isFailed = attempts[last].Kind == ActivityKind.FailedLogin;
                var kind = isFailed ? SecurityEventKind.FailedLoginBurst : SecurityEventKind.LoginBurst;
                var evidence = SecurityEvidence.Of(Window, attempts.GetRange(first, last - first + 1));
                yield return SecurityEvent.Of(kind, attempts[last], evidence with { DistinctAccounts = 1 });
            }

            goesOn = isBurst;
        }
    }
}

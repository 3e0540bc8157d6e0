using Serverless.Sessions.Ending;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Timeline;

/// <summary>Finds the security events in activity. Pure: the events after a time depend only on the activity since
/// <see cref="LookBack"/> before that time.</summary>
public static class SecurityEventSearch
{
    /// <summary>The look-back that determines the events after a time: whether an attempt starts a burst depends on its own
    /// window and on that of the previous attempt.</summary>
    public static TimeSpan LookBack(SecurityEventOptions options)
    {
        return 2 * options.Window;
    }

    /// <summary>The events after a time, oldest first.</summary>
    /// <param name="activities">The activity from the look-back on, in any order.</param>
    public static IReadOnlyList<SecurityEvent> Find(
        IEnumerable<Activity> activities, DateTimeOffset after, SecurityEventOptions options)
    {
        // Emails without an account concern no user; trying many of them flags the address instead.
        var sorted = activities.Where(activity => activity.UserId is not null)
            .OrderBy(activity => activity.At).ThenBy(activity => activity.Id).ToList();
        var incidents =
            from activity in sorted
            let kind = KindOf(activity)
            where kind is not null
            select SecurityEvent.Of(kind, activity);
        var bursts =
            from activity in sorted
            where activity.Kind != ActivityKind.SessionEnded && activity.AddressGroup != IpAddressGroup.Unknown
            group activity by (activity.UserId, activity.Kind) into attempts
            from burst in FindBursts([.. attempts], options)
            select burst;
        // Concurrent requests that end a session each record it under one id: the first counts.
        return [.. incidents.DistinctBy(each => each.Id).Concat(bursts).Where(each => each.At > after).OrderBy(each => each.At)];
    }

    /// <summary>Whether two events are the same: late activity moves a burst's start, and a paused burst starts again.</summary>
    public static bool AreSame(SecurityEvent one, SecurityEvent other, SecurityEventOptions options)
    {
        return one.Id == other.Id
            || (one.Kind == other.Kind && one.UserId == other.UserId && IsBurst(one.Kind) && (one.At - other.At).Duration() < options.Window);
    }

    private static bool IsBurst(SecurityEventKind kind) =>
        kind == SecurityEventKind.LoginBurst || kind == SecurityEventKind.FailedLoginBurst;

    private static SecurityEventKind? KindOf(Activity activity) => activity switch
    {
        { Kind: ActivityKind.SessionEnded } when activity.EndReason == EndReason.TokenReuse => SecurityEventKind.TokenReuse,
        { Kind: ActivityKind.FailedLogin, Locks: true } => SecurityEventKind.AccountLocked,
        { Kind: ActivityKind.Login, NewDevice: true } => SecurityEventKind.NewDevice,
        _ => null,
    };

    // A burst is reported once, with the attempt that exceeds the number of addresses.
    private static IEnumerable<SecurityEvent> FindBursts(List<Activity> attempts, SecurityEventOptions options)
    {
        Dictionary<string, int> addresses = [];
        var goesOn = false;
        for (int first = 0, last = 0; last < attempts.Count; last++)
        {
            addresses[attempts[last].AddressGroup] = addresses.GetValueOrDefault(attempts[last].AddressGroup) + 1;
            for (; attempts[last].At - attempts[first].At >= options.Window; first++)
            {
                if (--addresses[attempts[first].AddressGroup] == 0)
                    addresses.Remove(attempts[first].AddressGroup);
            }

            var isBurst = addresses.Count > options.MaximumAddresses;
            if (isBurst && !goesOn)
                yield return Describe(attempts.GetRange(first, last - first + 1), addresses.Count, options);
            goesOn = isBurst;
        }
    }

    private static SecurityEvent Describe(List<Activity> attempts, int addresses, SecurityEventOptions options)
    {
        var failed = attempts[^1].Kind == ActivityKind.FailedLogin;
        return SecurityEvent.Of(failed ? SecurityEventKind.FailedLoginBurst : SecurityEventKind.LoginBurst, attempts[^1]) with
        {
            Evidence = new(
                options.Window, attempts.Count, failed ? attempts.Count : 0, DistinctAccounts: 1, addresses, attempts[0].At, attempts[^1].At),
        };
    }
}

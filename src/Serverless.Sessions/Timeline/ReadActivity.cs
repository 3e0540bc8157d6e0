namespace Serverless.Sessions.Timeline;

/// <summary>The activity of all users, newest first. A page is read back in windows until it is full: after a window with more than is
/// read at once comes a shorter one, after any other a longer one, so a page costs about the same however much happens.</summary>
public sealed class ReadActivity(ITimeline timeline, TimeProvider clock)
{
    /// <summary>How far back a page looks at most, rounded up to the hour.</summary>
    public static readonly TimeSpan LongestPage = TimeSpan.FromDays(7);

    private const int MostWindows = 8;
    private const int MostOfShard = 100;
    private const int Factor = 24;

    private static readonly TimeSpan FirstWindow = TimeSpan.FromMinutes(5);

    // Read whole, since it may be one moment, which nothing shortens.
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMilliseconds(1);

    // None is kept longer.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    // How far back a first page went a moment ago, with as much again: the next poll looks there at once.
    private readonly AgedCache<ActivityFilter, TimeSpan> _polled = new(100, TimeSpan.FromMinutes(1), clock);

    /// <param name="filter">Which activities count.</param>
    /// <param name="from">The earliest, 90 days ago at most and if null.</param>
    /// <param name="to">The latest; now if null.</param>
    /// <param name="after">The end of the previous page; null for the first.</param>
    /// <param name="limit">The most in a page.</param>
    public async Task<ActivityPage> ExecuteAsync(
        ActivityFilter filter, DateTimeOffset? from, DateTimeOffset? to, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // By the hour, so that the answer to a poll stays the same while nothing happens.
        var earliest = Later((now - Longest).StartOfHour(), from);
        var latest = Earlier(Earlier(now, to), after?.At);
        if (latest < earliest)
            return new([], null, earliest);
        var end = Later(latest.StartOfHour() - LongestPage, earliest);
        var found = new Dictionary<Guid, Activity>();
        var isPoll = (from, to, after) is (null, null, null);
        var readTo = latest.AddTicks(1);
        var window = isPoll && _polled.TryFind(filter, out var last) && last > FirstWindow ? last : FirstWindow;
        for (var windows = 0; windows < MostWindows && found.Count <= limit && readTo > end; windows++)
        {
            var start = Later(end, readTo - window);
            int? most = window > ShortestWindow ? MostOfShard : null;
            if (await timeline.FindActivityAsync(start, readTo.AddTicks(-1), filter, most, cancellationToken) is not { } read)
            {
                window /= Factor;
                continue;
            }

            // Of the ends of a session the earliest counts.
            foreach (var activity in read.Where(each => IsBehind(each, after)))
            {
                if (!found.TryGetValue(activity.Id, out var known) || activity.At < known.At)
                    found[activity.Id] = activity;
            }

            (readTo, window) = (start, window * Factor);
        }

        Activity[] activities = [.. found.Values.OrderByDescending(each => each.At).ThenBy(each => each.Id).Take(limit)];
        var page = found.Count > limit ? new ActivityPage(activities, new(activities[^1].At, activities[^1].Id), activities[^1].At)
            : new(activities, readTo > earliest ? new(readTo.AddTicks(-1), Guid.Empty) : null, readTo);
        if (isPoll)
            _polled.Keep(filter, 2 * (latest - page.ReadTo), clock.GetTimestamp());
        return page;
    }

    private static bool IsBehind(Activity activity, LogPosition? position) => position is not { } after
        || activity.At < after.At || (activity.At == after.At && activity.Id.CompareTo(after.Id) > 0);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}

/// <summary><c>ReadTo</c> is how far back it was looked; without <c>Next</c> there is nothing earlier.</summary>
public sealed record ActivityPage(IReadOnlyList<Activity> Activities, LogPosition? Next, DateTimeOffset ReadTo);

/// <summary>What an activity must have; null matches all. With both a user and an account, one of them.</summary>
public sealed record ActivityFilter(
    UserId? UserId = null, AccountKey? AccountKey = null, string? AddressGroup = null, string? Country = null, ActivityKind? Kind = null)
{
    public static readonly ActivityFilter All = new();
}

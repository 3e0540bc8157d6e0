namespace Serverless.Sessions.Timeline;

internal sealed class DayCount(DateTimeOffset start)
{
    private readonly Dictionary<string, Counted> _users = [];
    private readonly Dictionary<string, Counted> _failedAccounts = [];
    private readonly Dictionary<string, Counted> _failedAddresses = [];
    private readonly Dictionary<string, long> _startedBySystem = [];
    private readonly Dictionary<string, long> _startedByBrowser = [];
    private readonly Dictionary<SessionId, Activity> _endings = [];

    public int Activities { get; private set; }

    public void Add(Activity activity)
    {
        // Concurrent requests that end a session each record it: the earliest counts and has the reason.
        if (activity is { Kind: ActivityKind.SessionEnded, SessionId: { } session }
            && (!_endings.TryGetValue(session, out var known) || activity.At < known.At))
        {
            _endings[session] = activity;
        }

        if (activity.At < start)
            return;
        Activities++;
        if (activity.Kind == ActivityKind.Login)
        {
            Add(_startedBySystem, activity.System, 1);
            Add(_startedByBrowser, activity.Browser, 1);
            if (activity.UserId is { } user)
                Count(_users, user.ToString(), activity.At);
        }
        else if (activity.Kind == ActivityKind.FailedLogin)
        {
            if ((activity.UserId?.ToString() ?? activity.AccountKey?.Value) is { } account)
                Count(_failedAccounts, account, activity.At);
            Count(_failedAddresses, activity.AddressGroup, activity.At);
        }
    }

    public DayStatistics ToStatistics(DateTimeOffset upTo, DayStatistics? before)
    {
        var ended = _endings.Values.Where(activity => activity.At >= start).ToList();
        return new()
        {
            Day = DayStatistics.Of(start),
            UpTo = upTo,
            Logins = _startedBySystem.Values.Sum(),
            FailedLogins = _failedAddresses.Values.Sum(address => address.Count),
            Users = _users.Count,
            EndedByReason = Sorted(ended
                .GroupBy(activity => activity.EndReason?.Name ?? EndReason.Unknown.Name)
                .Select(reason => KeyValuePair.Create(reason.Key, reason.LongCount()))),
            Refreshes = ended.Sum(activity => (long)(activity.Generation ?? 0)),
            Durations = Durations.Of(ended.Select(activity => activity.Duration ?? TimeSpan.Zero)),
            ActiveBySystem = Carry(before?.ActiveBySystem, _startedBySystem, ended.Select(activity => activity.System)),
            ActiveByBrowser = Carry(before?.ActiveByBrowser, _startedByBrowser, ended.Select(activity => activity.Browser)),
            TopUsers = TopList.Of(_users.Values),
            TopFailedAccounts = TopList.Of(_failedAccounts.Values),
            TopFailedAddresses = TopList.Of(_failedAddresses.Values),
        };
    }

    private static SortedDictionary<string, long> Carry(
        IReadOnlyDictionary<string, long>? before, Dictionary<string, long> started, IEnumerable<string?> ended)
    {
        var active = new Dictionary<string, long>(started);
        foreach (var (name, count) in before ?? new Dictionary<string, long>())
            Add(active, name, count);
        foreach (var name in ended)
            Add(active, name, -1);
        return Sorted(active.Where(each => each.Value != 0));
    }

    private static void Add(Dictionary<string, long> counts, string? name, long count) =>
        counts[name ?? DayStatistics.Other] = counts.GetValueOrDefault(name ?? DayStatistics.Other) + count;

    private static void Count(Dictionary<string, Counted> counts, string key, DateTimeOffset at) =>
        counts[key] = counts.TryGetValue(key, out var known) ? known.Plus(1, at) : new(key, 1, at);

    private static SortedDictionary<string, long> Sorted(IEnumerable<KeyValuePair<string, long>> counts) =>
        new(counts.ToDictionary(), StringComparer.Ordinal);
}

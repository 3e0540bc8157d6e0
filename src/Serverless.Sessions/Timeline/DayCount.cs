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
            Count(_startedBySystem, activity.System);
            Count(_startedByBrowser, activity.Browser);
            if (activity.UserId is { } user)
                Count(_users, user.ToString(), activity.At);
        }
        else if (activity.Kind == ActivityKind.FailedLogin)
        {
            if ((activity.UserId?.ToString() ?? activity.AccountKey?.Value) is { } account)
                Count(_failedAccounts, account, activity.At);
            Count(_failedAddresses, activity.AddressGroup, activity.At);
            if (activity.AddressGroup != IpAddressGroup.Unknown)
                _failedAddresses[activity.AddressGroup] = _failedAddresses[activity.AddressGroup].In(activity.Country);
        }
    }

    public DayStatistics ToStatistics(DateTimeOffset upTo, DayStatistics? before)
    {
        var ended = _endings.Values.Where(activity => activity.At >= start).ToList();
        return new(DayStatistics.Of(start), upTo)
        {
            Logins = _startedBySystem.Values.Sum(),
            FailedLogins = _failedAddresses.Values.Sum(address => address.Count),
            Users = _users.Count,
            EndedByReason = DayStatistics.Sum(
                ended.Select(activity => KeyValuePair.Create(activity.EndReason?.Name ?? EndReason.Unknown.Name, 1L))),
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
        IReadOnlyDictionary<string, long>? before, Dictionary<string, long> started, IEnumerable<string?> ended) =>
        DayStatistics.Sum((before ?? new Dictionary<string, long>()).Concat(started)
            .Concat(ended.Select(name => KeyValuePair.Create(name ?? DayStatistics.Other, -1L))));

    private static void Count(Dictionary<string, long> counts, string? name) =>
        counts[name ?? DayStatistics.Other] = counts.GetValueOrDefault(name ?? DayStatistics.Other) + 1;

    private static void Count(Dictionary<string, Counted> counts, string key, DateTimeOffset at) =>
        counts[key] = counts.TryGetValue(key, out var known) ? known.Plus(1, at) : new(key, 1, at);
}

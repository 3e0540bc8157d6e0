namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores
{
    private readonly HashSet<(DateTimeOffset Hour, UserId User, SessionId Session)> _due = [];
    private readonly HashSet<ChangeDue> _changes = [];
    private readonly Dictionary<(DateTimeOffset At, Guid Id), Activity> _activities = [];
    private readonly Dictionary<string, SuspiciousIp> _suspicious = [];
    private readonly Dictionary<string, DateTimeOffset> _cursors = [];
    private readonly Dictionary<string, DateTimeOffset> _lastRuns = [];

    public List<(SessionId Session, DateTimeOffset Before)> Revocations { get; } = [];

    public Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken) =>
        Locked(() => _due.Add((due.At.StartOfHour(), due.UserId, due.SessionId)));

    public Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken) =>
        Locked(() => Revocations.Add((session, before)));

    public Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => Locked<IReadOnlyList<Revocation>>(() =>
        [.. Revocations.Where(each => each.Before >= from && each.Before <= to).Select(each => new Revocation(each.Session, each.Before))]);

    public Task RecordAsync(Activity activity, CancellationToken cancellationToken) =>
        Locked(() => _activities[(activity.At, activity.Id)] = activity);

    public Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken) => Locked(() =>
    {
        foreach (var activity in activities)
            _activities[(activity.At, activity.Id)] = activity;
    });

    public IAsyncEnumerable<DueBatch> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken) => Snapshot(
        from due in _due
        where due.Hour < now.StartOfHour()
        group new SessionDue(due.User, due.Session, default) by due.Hour into hour
        from batch in hour.Chunk(100)
        select new DueBatch(hour.Key.ToString("O"), batch));

    public Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken) => Locked(() =>
        _due.Where(due => due.Hour < now.StartOfHour()).Select(due => (DateTimeOffset?)due.Hour.AddHours(1)).Min());

    public Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken) => Locked(() => _due.RemoveWhere(due =>
        due.Hour.ToString("O") == batch.Partition && batch.Sessions.Any(each => each.SessionId == due.Session)));

    public Task ScheduleChangeAsync(ChangeDue due, CancellationToken cancellationToken) => Locked(() =>
    {
        var known = _changes.FirstOrDefault(each => each.Account == due.Account && each.At == due.At);
        _changes.RemoveWhere(each => each == known);
        _changes.Add(due with { Created = due.Created ?? known?.Created, Email = due.Email ?? known?.Email });
    });

    public IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(DateTimeOffset now, CancellationToken cancellationToken) => Snapshot(
        _changes.Where(due => due.At <= now).GroupBy(due => due.At.StartOfHour())
            .SelectMany(hour => hour.Chunk(100)).Cast<IReadOnlyList<ChangeDue>>());

    public Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken) => Locked(() => _changes.ExceptWith(done));

    public IAsyncEnumerable<Activity> ReadActivityAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Snapshot(_activities.Values.Where(activity => activity.At >= from && activity.At <= to));

    // All in one place.
    public Task<IReadOnlyList<Activity>?> FindActivityAsync(
        DateTimeOffset from, DateTimeOffset to, ActivityFilter filter, int? most, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Activity>?>(() =>
        {
            var found = _activities.Values.Where(each => each.At >= from && each.At <= to && filter.Matches(each)).ToList();
            return found.Count > most ? null : found;
        });

    public Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) => Locked(() =>
        _activities.Values.Select(activity => (DateTimeOffset?)activity.At.StartOfHour()).Where(hour => hour < before).Min());

    public Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken) =>
        Locked(() => _suspicious[address.AddressGroup] = address.With(_suspicious.GetValueOrDefault(address.AddressGroup)?.Acknowledged));

    public IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken) => Snapshot(_suspicious.Values);

    public Task<bool?> TryAcknowledgeAsync(
        string addressGroup, Acknowledgement? acknowledgement, CancellationToken cancellationToken) => Locked<bool?>(() =>
        _suspicious.GetValueOrDefault(addressGroup) is not { } flag ? null
            : (flag.Acknowledged is null) != (acknowledgement is null) && Put(_suspicious, addressGroup, flag.With(acknowledgement)));

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) => Locked(() =>
        _suspicious.Values.Where(flag => flag.ExpiresAt <= now).ToList().Count(flag => _suspicious.Remove(flag.AddressGroup)));

    public Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken) =>
        Locked(() => _suspicious.GetValueOrDefault(addressGroup));

    public Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken) =>
        Locked<DateTimeOffset?>(() => _cursors.TryGetValue(timer, out var upTo) ? upTo : null);

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) =>
        Locked(() => _cursors[timer] = upTo);

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadLastRunsAsync(CancellationToken cancellationToken) =>
        Locked<IReadOnlyDictionary<string, DateTimeOffset>>(() => new Dictionary<string, DateTimeOffset>(_lastRuns));

    public Task SaveLastRunAsync(string timer, DateTimeOffset at, CancellationToken cancellationToken) =>
        Locked(() => _lastRuns[timer] = at);
}

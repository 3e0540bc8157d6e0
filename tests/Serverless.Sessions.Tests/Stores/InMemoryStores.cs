namespace Serverless.Sessions.Tests;

/// <summary>All stores under one lock; held to the same contract as the real ones.</summary>
internal sealed partial class InMemoryStores
    : IAccountStore, IEmailIndex, IEpochStore, ISessionStore, ILogStore, IPresenceStore, IMailboxStore, IPasskeyStore, ITimeline, ISuspiciousIpStore, IStatisticsStore, IKeyRingStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, LastSeen> _presences = [];
    private readonly Dictionary<SessionId, StoredSession> _sessions = [];
    private readonly List<(LogOwner Owner, LogEntry Entry)> _log = [];
    private readonly SortedDictionary<DateOnly, DayStatistics> _statistics = [];
    private StoredKeyRing? _ring;
    private int _versions;

    public static Stores Create()
    {
        var all = new InMemoryStores();
        return new(all, all, all, all, all, all, all, all, all, all, all, all, all, all, all, all);
    }

    public void RemovePresence(SessionId session)
    {
        lock (_lock)
            _presences.Remove(session);
    }

    public Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, IReadOnlyList<Notice> notices, PasskeyUse? use, CancellationToken cancellationToken) =>
        Locked<RowVersion?>(() =>
        {
            if (_sessions.TryGetValue(session.Id, out var opened))
                return opened.Version;
            if (!_epochs.ContainsKey((session.UserId, epoch)) || !TryUse(session.UserId, use))
                return null;
            Touch(session.UserId, epoch);
            foreach (var notice in notices)
                Notify(session.UserId, notice);
            _presences[session.Id] = new(session.CreatedAt, session.CreatedAt);
            return Store(session, entry);
        });

    public Task<RowVersion?> TryRotateAsync(Rotation rotation, LogEntry entry, CancellationToken cancellationToken) =>
        Locked<RowVersion?>(() =>
        {
            if (FindInState(rotation.Token.SessionId, rotation.Token.Version) is not { } session)
                return null;
            Notify(session.UserId, rotation.Notice);
            return Store(rotation.Apply(session), entry);
        });

    public Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken) => Locked(() =>
        _sessions.TryGetValue(session, out var stored) && stored.Session.UserId == user ? stored : null);

    public Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<ListedSession>>(() =>
        [
            .. from stored in _sessions.Values
               where stored.Session.UserId == user
               let seen = _presences.GetValueOrDefault(stored.Session.Id)
               select new ListedSession(stored, seen?.At ?? stored.Session.CreatedAt, seen?.ActiveAt),
        ]);

    public Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken) => Locked(() =>
    {
        if (endings.Any(ending => FindInState(ending.Ended.Id, ending.Expected) is null))
            return false;
        foreach (var ending in endings)
        {
            Store(FindInState(ending.Ended.Id, ending.Expected)! with
            {
                Ending = ending.Ended.Ending,
                Audit = ending.Ended.Audit,
                Push = ending.Ended.Push,
            }, ending.Entry);
            _presences.Remove(ending.Ended.Id);
            Notify(ending.Ended.UserId, ending.Notice);
        }

        return true;
    });

    public Task<bool> TryRecordAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, CancellationToken cancellationToken) => Locked(() =>
        _presences.TryGetValue(session, out var last) && Put(_presences, session, new(seenAt, isActive ? seenAt : last.ActiveAt)));

    public Task<bool> TryRestoreAsync(
        StoredSession session, DateTimeOffset seenAt, bool isActive, CancellationToken cancellationToken) => Locked(() =>
    {
        if (FindInState(session.Session.Id, session.Version) is not { } known || _presences.ContainsKey(known.Id))
            return false;
        _sessions[known.Id] = new(known, NewVersion());
        return Put(_presences, known.Id, new(seenAt, isActive ? seenAt : null));
    });

    public Task<LastSeen?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken) => Locked<LastSeen?>(() =>
    {
        var seen = _sessions.Values.Where(stored => stored.Session.UserId == user && _presences.ContainsKey(stored.Session.Id))
            .Select(stored => _presences[stored.Session.Id]).ToList();
        return seen.Count > 0 ? new(seen.Max(each => each.At), seen.Max(each => each.ActiveAt)) : null;
    });

    public Task<bool> TryPropagateRolesAsync(Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken) =>
        Locked(() =>
        {
            if (FindInState(session.Id, expected) is not { } known)
                return false;
            Store(known with { Email = session.Email, Roles = session.Roles, Audit = session.Audit }, entry);
            return true;
        });

    public Task<bool> TryStepUpAsync(
        Session session, RowVersion expected, LogEntry entry, PasskeyUse? use, CancellationToken cancellationToken) =>
        Locked(() =>
        {
            if (FindInState(session.Id, expected) is not { } known)
                return _log.Any(each => each.Entry.Id == entry.Id);
            if (!TryUse(session.UserId, use))
                return false;
            Store(known with { Authentication = session.Authentication, Audit = session.Audit }, entry);
            return true;
        });

    public Task<bool> TrySubscribeAsync(Session session, RowVersion expected, CancellationToken cancellationToken) => Locked(() =>
    {
        if (FindInState(session.Id, expected) is not { } known)
            return false;
        _sessions[session.Id] = new(known with { Push = session.Push }, NewVersion());
        return true;
    });

    public Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken) => Locked(() =>
    {
        if (FindInState(session.Session.Id, session.Version) is null)
            return false;
        _sessions.Remove(session.Session.Id);
        _presences.Remove(session.Session.Id);
        if (entry is not null)
            _log.Add((LogOwner.Of(session.Session.UserId), entry));
        return true;
    });

    public Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken) => Locked(() => _log.Add((owner, entry)));

    public Task<bool> TryAppendAsync(UserId user, LogEntry entry, Notice notice, CancellationToken cancellationToken) => Locked(() =>
    {
        _log.Add((LogOwner.Of(user), entry));
        Notify(user, notice);
        return true;
    });

    public Task<LogEntry?> FindAsync(LogOwner owner, LogPosition position, CancellationToken cancellationToken) => Locked<LogEntry?>(() =>
        _log.Find(each => each.Owner == owner && LogPosition.After(each.Entry) == position).Entry);

    public Task<LogPage> ReadAsync(
        LogOwner owner, LogFilter filter, LogPosition? after, int limit, CancellationToken cancellationToken) => Locked(() =>
        {
            var rest = NewestFirst(owner).Where(entry => IsBehind(entry.At, entry.Id, after)
                && !(entry.At < filter.From) && !(entry.At > filter.To)).ToList();
            var most = filter.ReadsFor(limit);
            return LogPage.Of([.. rest.Take(most)], rest.Count > most ? rest[most - 1] : null, filter, limit);
        });

    public Task<UserLog> ReadAllAsync(UserId user, int most, CancellationToken cancellationToken) => Locked(() =>
    {
        var (owner, entries) = (LogOwner.Of(user), NewestFirst(LogOwner.Of(user)).Take(most).ToList());
        return new UserLog(
            entries, [.. _cuts.Where(each => each.Key.Owner == owner).Select(each => each.Value)], entries.Count < most);
    });

    public Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken) => Locked(() => new SessionLog(
        [.. NewestFirst(LogOwner.Of(user)).Where(entry => entry.SessionId == session)],
        _cuts.GetValueOrDefault((LogOwner.Of(user), session))));

    public IAsyncEnumerable<DayStatistics> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        Snapshot(_statistics.Values.Where(each => each.Day >= from && each.Day <= to));

    public Task<bool> TrySaveAsync(DayStatistics day, RowVersion? expected, CancellationToken cancellationToken) => Locked(() =>
        _statistics.GetValueOrDefault(day.Day)?.Version == expected
        && Put(_statistics, day.Day, day with { Version = NewVersion() }));

    public Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken) => Locked(() => _ring);

    public Task<bool> TrySaveAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken) => Locked(() =>
    {
        if (_ring?.Version != expected)
            return false;
        _ring = new(ring, NewVersion());
        return true;
    });

    private static bool IsBehind(DateTimeOffset at, Guid id, LogPosition? position) =>
        position is not { } reached || at < reached.At
        || (at == reached.At && string.CompareOrdinal(id.ToString("N"), reached.Id.ToString("N")) > 0);

    private static bool Put<TKey, TValue>(IDictionary<TKey, TValue> rows, TKey key, TValue value)
    {
        rows[key] = value;
        return true;
    }

    private IEnumerable<LogEntry> NewestFirst(LogOwner owner) =>
        _log.Where(each => each.Owner == owner).Select(each => each.Entry)
            .OrderByDescending(entry => entry.At).ThenBy(entry => entry.Id.ToString("N"), StringComparer.Ordinal);

    private RowVersion NewVersion() => new($"v{++_versions}");

    private RowVersion Store(Session session, LogEntry entry)
    {
        var stored = new StoredSession(session, NewVersion());
        _sessions[session.Id] = stored;
        _log.Add((LogOwner.Of(session.UserId), entry));
        return stored.Version;
    }

    private Session? FindInState(SessionId id, RowVersion expected) =>
        _sessions.TryGetValue(id, out var stored) && stored.Version == expected ? stored.Session : null;

    private Task<T> Locked<T>(Func<T> action)
    {
        lock (_lock)
            return Task.FromResult(action());
    }

    private Task Locked(Action action)
    {
        lock (_lock)
            action();
        return Task.CompletedTask;
    }

    private IAsyncEnumerable<T> Snapshot<T>(IEnumerable<T> items)
    {
        lock (_lock)
            return items.ToList().ToAsyncEnumerable();
    }
}

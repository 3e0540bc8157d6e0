namespace Serverless.Sessions.Tests;

/// <summary>All stores under one lock; held to the same contract as the real ones.</summary>
internal sealed partial class InMemoryStores
    : IAccountStore, IEmailIndex, IEpochStore, ISessionStore, ILogStore, IPresenceStore, IMailboxStore, IPasskeyStore, ITimeline, ISuspiciousIpStore, IStatisticsStore, IKeyRingStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountKey, Account> _accounts = [];
    private readonly Dictionary<AccountKey, Throttle> _throttles = [];
    private readonly Dictionary<(AccountKey Account, TokenPurpose Purpose), AccountToken> _tokens = [];
    private readonly Dictionary<(AccountKey Account, Guid Id), MailIntent> _intents = [];
    private readonly Dictionary<(UserId User, Ulid Epoch), AccountKey> _epochs = [];
    private readonly HashSet<UserId> _users = [];
    private readonly Dictionary<SessionId, LastSeen> _presences = [];
    private readonly Dictionary<SessionId, StoredSession> _sessions = [];
    private readonly List<(LogOwner Owner, LogEntry Entry)> _log = [];
    private readonly HashSet<(DateTimeOffset Hour, UserId User, SessionId Session)> _due = [];
    private readonly HashSet<ChangeDue> _changes = [];
    private readonly Dictionary<(DateTimeOffset At, Guid Id), Activity> _activities = [];
    private readonly Dictionary<string, SuspiciousIp> _suspicious = [];
    private readonly Dictionary<string, DateTimeOffset> _cursors = [];
    private readonly Dictionary<string, DateTimeOffset> _lastRuns = [];
    private readonly SortedDictionary<DateOnly, DayStatistics> _statistics = [];
    private StoredKeyRing? _ring;
    private int _versions;

    public List<(SessionId Session, DateTimeOffset Before)> Revocations { get; } = [];

    public static Stores Create()
    {
        var all = new InMemoryStores();
        return new(all, all, all, all, all, all, all, all, all, all, all, all, all, all, all, all);
    }

    public Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken) => Locked(() =>
        new StoredAccount(
            _accounts.GetValueOrDefault(key), _throttles.GetValueOrDefault(key, Throttle.Clear),
            _tokens.GetValueOrDefault((key, TokenPurpose.Verify)), _tokens.GetValueOrDefault((key, TokenPurpose.Reset))));

    public Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken) => Locked(() =>
    {
        var rest = _accounts
            .Where(each => string.CompareOrdinal(each.Key.Value, after?.Value) > 0
                && each.Value.State is not (AccountState.Moved or AccountState.Erasing))
            .OrderBy(each => each.Key.Value, StringComparer.Ordinal).ToList();
        return new AccountPage([.. rest.Take(limit).Select(each => each.Value)], rest.Count > limit ? rest[limit - 1].Key : null);
    });

    public Task<bool> TryAddAsync(Account account, AccountWrites? along, CancellationToken cancellationToken) => Locked(() =>
        !_accounts.ContainsKey(account.Email.ToAccountKey()) && TryWrite(account.Email.ToAccountKey(), along)
        && Put(_accounts, account.Email.ToAccountKey(), account with { Version = NewVersion() }));

    public Task<bool> TryReplaceAsync(Account account, AccountWrites? along, CancellationToken cancellationToken) => Locked(() =>
        _accounts.GetValueOrDefault(account.Email.ToAccountKey()) is { } known && known.Version == account.Version
        && TryWrite(account.Email.ToAccountKey(), along)
        && Put(_accounts, account.Email.ToAccountKey(), account with { Version = NewVersion() }));

    public Task<bool> TryRemoveAsync(Account account, CancellationToken cancellationToken) => Locked(() =>
        _accounts.GetValueOrDefault(account.Email.ToAccountKey())?.Version == account.Version
        && _accounts.Remove(account.Email.ToAccountKey()));

    public Task<bool> TryWriteAsync(AccountKey key, AccountWrites writes, CancellationToken cancellationToken) =>
        Locked(() => TryWrite(key, writes));

    public Task<MailIntent?> FindIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken) =>
        Locked(() => _intents.GetValueOrDefault((key, id)));

    public Task RemoveIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken) =>
        Locked(() => _intents.Remove((key, id)));

    public Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken) => Locked(() =>
        _throttles.GetValueOrDefault(key)?.Version == throttle.Version
        && Put(_throttles, key, throttle with { Version = NewVersion() }));

    public Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        Locked(() => _users.Add(account.Id) && _epochs.TryAdd((account.Id, account.Epoch), account.Email.ToAccountKey()));

    public Task RemoveFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        Locked(() => _users.Remove(account.Id) && _epochs.Remove((account.Id, account.Epoch)));

    public Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken) => Locked(() =>
        (behind is not { } before || IsTouched(changed.Id, before))
        && Put(_epochs, (changed.Id, changed.Epoch), changed.Email.ToAccountKey()));

    public Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken) => Locked<AccountKey?>(() =>
        _epochs.Where(epoch => epoch.Key.User == user).Select(epoch => (AccountKey?)epoch.Value).FirstOrDefault());

    public Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken) => Locked<IReadOnlyList<Ulid>>(() =>
        [.. _epochs.Keys.Where(epoch => epoch.User == user).Select(epoch => epoch.Epoch)]);

    public Task<bool> TryMoveEpochAsync(
        Account moved, IReadOnlyList<Ulid> open, LogEntry entry, CancellationToken cancellationToken) => Locked(() =>
    {
        if (open.Any(epoch => !_epochs.ContainsKey((moved.Id, epoch))) || _log.Any(each => each.Entry.Id == entry.Id))
            return false;
        foreach (var epoch in open)
            _epochs.Remove((moved.Id, epoch));
        _log.Add((LogOwner.Of(moved.Id), entry));
        return Put(_epochs, (moved.Id, moved.Epoch), moved.Email.ToAccountKey());
    });

    public Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken) => Locked(() =>
    {
        if (epoch is { } open)
            _epochs.Remove((user, open));
        if (entry is not null && !_log.Any(each => each.Entry.Id == entry.Id))
            _log.Add((LogOwner.Of(user), entry));
    });

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
        if (due.Created is not null || !_changes.Any(each => each.Account == due.Account && each.At == due.At))
            _changes.Add(due);
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

    private bool TryWrite(AccountKey key, AccountWrites? writes)
    {
        if ((writes?.Use is { } use && _tokens.GetValueOrDefault((key, use.Purpose))?.Version != use.Version)
            || (writes is { Issue: { } next, ReplacesAny: false } && _tokens.GetValueOrDefault((key, next.Purpose))?.Version != next.Version)
            || (writes?.Mail is { } sent && _intents.ContainsKey((key, sent.Id)))
            || (writes?.Throttle is { } expected && _throttles.GetValueOrDefault(key)?.Version != expected.Version))
        {
            return false;
        }

        if (writes?.Use is { } used)
            _tokens.Remove((key, used.Purpose));
        if (writes?.Issue is { } issue)
            _tokens[(key, issue.Purpose)] = issue with { Version = NewVersion() };
        if (writes?.Mail is { } mail)
            _intents.Add((key, mail.Id), mail);
        if (writes?.ClearThrottle == true)
            _throttles[key] = Throttle.Clear with { Version = NewVersion() };
        if (writes?.Throttle is { } throttle)
            _throttles[key] = throttle with { Version = NewVersion() };
        return true;
    }

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

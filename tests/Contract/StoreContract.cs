using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;
using Serverless.Sessions.SuspiciousIps;
using Serverless.Sessions.Tokens;

namespace Serverless.Testing;

/// <summary>What every set of stores keeps to. Compiled into the tests of each of them.</summary>
public abstract class StoreContract : KeyRingContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    private static readonly Guid EntryId = Guid.NewGuid();

    protected abstract Stores Stores { get; }

    protected override IKeyRingStore Keys => Stores.Keys;

    [Fact]
    public async Task An_unknown_email_has_no_account_and_a_clear_throttle()
    {
        var file = await Stores.Accounts.ReadAsync(Service.NewEmail().ToAccountKey(), default);
        Assert.Equal(new AccountFile(null, Throttle.Clear), file);
    }

    [Fact]
    public async Task An_account_reads_back_as_it_was_added()
    {
        var account = NewAccount();
        Assert.True(await Stores.Accounts.TryAddAsync(account, default));
        var found = await ReadAccountAsync(account);
        Assert.Equal(account with { Version = found.Version, Roles = found.Roles }, found);
        Assert.Equal(account.Roles, found.Roles);
    }

    [Fact]
    public async Task An_email_has_one_account()
    {
        var account = NewAccount();
        Assert.True(await Stores.Accounts.TryAddAsync(account, default));
        Assert.False(await Stores.Accounts.TryAddAsync(account with { Id = UserId.New(Now) }, default));
        Assert.Equal(account.Id, (await ReadAccountAsync(account)).Id);
    }

    [Fact]
    public async Task An_account_is_replaced_only_in_the_state_that_was_read()
    {
        var account = NewAccount();
        await Stores.Accounts.TryAddAsync(account, default);
        var read = await ReadAccountAsync(account);
        Assert.True(await Stores.Accounts.TryReplaceAsync(read with { State = AccountState.Disabled }, default));
        Assert.False(await Stores.Accounts.TryReplaceAsync(read with { State = AccountState.Active }, default));
        Assert.Equal(AccountState.Disabled, (await ReadAccountAsync(account)).State);
    }

    [Fact]
    public async Task A_throttle_is_saved_only_in_the_state_that_was_read()
    {
        var key = Service.NewEmail().ToAccountKey();
        var once = Throttle.Clear with { Failures = 1, LockedUntil = Now };
        Assert.True(await Stores.Accounts.TrySaveAsync(key, once, default));
        Assert.False(await Stores.Accounts.TrySaveAsync(key, once, default));

        var read = (await Stores.Accounts.ReadAsync(key, default)).Throttle;
        Assert.Equal(once with { Version = read.Version }, read);
        Assert.True(await Stores.Accounts.TrySaveAsync(key, read.Reset(), default));
        Assert.False(await Stores.Accounts.TrySaveAsync(key, read with { Failures = 2 }, default));
        var reset = (await Stores.Accounts.ReadAsync(key, default)).Throttle;
        Assert.Equal((0, null), (reset.Failures, reset.LockedUntil));
    }

    [Fact]
    public async Task A_session_reads_back_as_it_was_opened()
    {
        var (session, version) = await OpenAsync();
        var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
        Assert.Equal(version, found!.Version);
        AssertSame(session, found.Session);
    }

    [Fact]
    public async Task A_session_without_device_and_user_agent_reads_back_too()
    {
        var (session, _) = await OpenAsync(client: new("unknown", null));
        var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
        Assert.Equal(new("unknown", null), found!.Session.Client);
    }

    [Fact]
    public async Task No_session_is_opened_in_an_epoch_that_is_closed_and_nothing_is_logged()
    {
        var (session, entry, epoch) = NewSession();
        await Stores.Sessions.OpenEpochAsync(NewAccount() with { Id = session.UserId, Epoch = epoch }, default);
        await Stores.Sessions.CloseEpochAsync(session.UserId, epoch, default);
        await Stores.Sessions.CloseEpochAsync(session.UserId, epoch, default);
        Assert.Null(await Stores.Sessions.TryOpenAsync(session, epoch, entry, default));
        Assert.Null(await Stores.Sessions.FindAsync(session.UserId, session.Id, default));
        Assert.Empty(await LogOfAsync(session));
    }

    [Fact]
    public async Task The_epochs_of_a_user_that_are_open_are_listed()
    {
        var account = NewAccount();
        var later = account with { Epoch = Ulid.New(Now.AddSeconds(1)) };
        Assert.Empty(await Stores.Sessions.ListEpochsAsync(account.Id, default));
        await Stores.Sessions.OpenEpochAsync(account, default);
        await Stores.Sessions.OpenEpochAsync(later, default);
        await Stores.Sessions.OpenEpochAsync(NewAccount(), default);
        Assert.Equal([account.Epoch, later.Epoch], (await Stores.Sessions.ListEpochsAsync(account.Id, default)).OrderBy(epoch => epoch.ToString()));
        await Stores.Sessions.CloseEpochAsync(account.Id, account.Epoch, default);
        Assert.Equal([later.Epoch], await Stores.Sessions.ListEpochsAsync(account.Id, default));
    }

    [Fact]
    public async Task A_rotation_changes_what_the_rules_say_and_logs_it()
    {
        var (session, version) = await OpenAsync();
        for (var generation = 0; generation < RotationTimes.Count + 2; generation++)
        {
            var rotation = RotationOf(session, version, generation % 2 == 0 ? AttemptHash.Of("attempt-1") : null);
            var next = await Stores.Sessions.TryRotateAsync(rotation, version, EntryFor(session, LogAction.TokenRefresh), default);
            Assert.NotNull(next);
            Assert.NotEqual(version, next);
            (session, version) = (rotation.Apply(session), next.Value);
            var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
            Assert.Equal(version, found!.Version);
            AssertSame(session, found.Session);
        }

        Assert.Equal(RotationTimes.Count + 3, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task A_rotation_from_another_state_does_nothing_and_logs_nothing()
    {
        var (session, version) = await OpenAsync();
        var rotation = RotationOf(session, version);
        await Stores.Sessions.TryRotateAsync(rotation, version, EntryFor(session, LogAction.TokenRefresh), default);
        Assert.Null(await Stores.Sessions.TryRotateAsync(rotation, version, EntryFor(session, LogAction.TokenRefresh), default));
        Assert.Equal(1, (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session.Generation);
        Assert.Equal(2, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task A_rotation_of_a_session_that_is_gone_does_nothing()
    {
        var (session, entry, _) = NewSession();
        var rotation = RotationOf(session, new("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""));
        Assert.Null(await Stores.Sessions.TryRotateAsync(rotation, new("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""), entry, default));
        Assert.Empty(await LogOfAsync(session));
    }

    [Fact]
    public async Task Of_many_rotations_from_one_state_exactly_one_happens()
    {
        var (session, version) = await OpenAsync();
        var rotations = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Stores.Sessions.TryRotateAsync(
            RotationOf(session, version), version, EntryFor(session, LogAction.TokenRefresh), default)));
        Assert.Single(rotations, rotation => rotation is not null);
        Assert.Equal(2, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task An_ending_keeps_its_reason_and_logs_it_once()
    {
        var (session, version) = await OpenAsync();
        var ended = session.End(EndReason.Logout, Now.AddMinutes(1), EntryId);
        Assert.True(await Stores.Sessions.TryEndAsync([new(ended, version, EntryFor(session, LogAction.Logout))], default));
        var other = session.End(EndReason.TokenReuse, Now.AddMinutes(2), Guid.NewGuid());
        Assert.False(await Stores.Sessions.TryEndAsync([new(other, version, EntryFor(session, LogAction.TokenReuse))], default));

        var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
        Assert.Equal(new(EndReason.Logout, Now.AddMinutes(1), EntryId), found!.Session.Ending);
        Assert.Equal([LogAction.Logout, LogAction.Login], (await LogOfAsync(session)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_removed_session_is_gone_and_its_entry_stays()
    {
        var (session, version) = await OpenAsync();
        Assert.True(await Stores.Sessions.TryRemoveAsync(
            new(session, version), EntryFor(session, LogAction.SessionExpired), default));
        Assert.False(await Stores.Sessions.TryRemoveAsync(new(session, version), EntryFor(session, LogAction.SessionExpired), default));
        Assert.Null(await Stores.Sessions.FindAsync(session.UserId, session.Id, default));
        Assert.Equal([LogAction.SessionExpired, LogAction.Login], (await LogOfAsync(session)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task The_tombstone_of_an_ended_session_is_removed_without_an_entry()
    {
        var (session, version) = await OpenAsync();
        var ending = new SessionEnding(session.End(EndReason.Logout, Now, EntryId), version, EntryFor(session, LogAction.Logout));
        Assert.True(await Stores.Sessions.TryEndAsync([ending], default));
        var tombstone = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
        Assert.True(await Stores.Sessions.TryRemoveAsync(tombstone!, null, default));
        Assert.Null(await Stores.Sessions.FindAsync(session.UserId, session.Id, default));
        Assert.Equal(2, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task A_users_sessions_are_listed_and_nobody_elses()
    {
        var (first, _) = await OpenAsync();
        var (second, _) = await OpenAsync(first.UserId);
        await OpenAsync();
        var listed = await Stores.Sessions.ListAsync(first.UserId, default);
        Assert.Equal(new HashSet<SessionId> { first.Id, second.Id }, [.. listed.Select(each => each.Stored.Session.Id)]);
        Assert.All(listed, each => Assert.Equal(Now, each.LastSeenAt));
    }

    [Fact]
    public async Task Of_several_endings_all_happen_or_none()
    {
        var (first, firstVersion) = await OpenAsync();
        var others = new List<(Session Session, RowVersion Version)>();
        for (var i = 1; i < SessionEnding.MaximumAtOnce; i++)
            others.Add(await OpenAsync(first.UserId));
        SessionEnding[] Endings(RowVersion version) =>
        [
            .. others.Prepend((first, version)).Select(each => new SessionEnding(
                each.Item1.End(EndReason.LogoutAll, Now, EntryId), each.Item2, EntryFor(each.Item1, LogAction.LogoutAll))),
        ];

        Assert.False(await Stores.Sessions.TryEndAsync(Endings(others[0].Version), default));
        Assert.All(await Stores.Sessions.ListAsync(first.UserId, default), each => Assert.Null(each.Stored.Session.Ending));
        Assert.True(await Stores.Sessions.TryEndAsync(Endings(firstVersion), default));
        Assert.All(
            await Stores.Sessions.ListAsync(first.UserId, default),
            each => Assert.Equal(EndReason.LogoutAll, each.Stored.Session.Ending!.Reason));
    }

    [Fact]
    public async Task A_beat_moves_the_presence_and_nothing_else_until_the_session_ends()
    {
        var (session, version) = await OpenAsync();
        Assert.True(await Stores.Sessions.TryBeatAsync(session.UserId, session.Id, Now.AddSeconds(5), default));
        var listed = Assert.Single(await Stores.Sessions.ListAsync(session.UserId, default));
        Assert.Equal((version, Now.AddSeconds(5)), (listed.Stored.Version, listed.LastSeenAt));

        var ending = new SessionEnding(session.End(EndReason.Logout, Now, EntryId), version, EntryFor(session, LogAction.Logout));
        await Stores.Sessions.TryEndAsync([ending], default);
        Assert.False(await Stores.Sessions.TryBeatAsync(session.UserId, session.Id, Now.AddSeconds(9), default));
    }

    [Fact]
    public async Task The_account_of_a_user_is_found_by_the_users_id()
    {
        var account = NewAccount();
        Assert.Null(await Stores.Sessions.FindAccountKeyAsync(account.Id, default));
        await Stores.Sessions.OpenEpochAsync(account, default);
        await Stores.Sessions.TryOpenAsync(Session.Start(account, Service.Client, false, Now, new()), account.Epoch, EntryFor(NewSession().Session, LogAction.Login), default);
        Assert.Equal(account.Email.ToAccountKey(), await Stores.Sessions.FindAccountKeyAsync(account.Id, default));
    }

    [Fact]
    public async Task The_pages_of_a_log_are_whole_and_stay_put_while_entries_are_added()
    {
        var owner = LogOwner.Of(Service.NewEmail().ToAccountKey());
        for (var i = 0; i < 25; i++)
            await Stores.Sessions.AppendAsync(owner, new() { Action = LogAction.Login, At = Now.AddSeconds(i / 3) }, default);
        var whole = (await Stores.Sessions.ReadLogAsync(owner, null, 100, default)).Entries;

        var read = new List<LogEntry>();
        LogPosition? next = null;
        do
        {
            var page = await Stores.Sessions.ReadLogAsync(owner, next, 10, default);
            read.AddRange(page.Entries);
            next = page.Next is { } position && LogPosition.TryParse(position.ToString(), out var parsed) ? parsed : null;
            await Stores.Sessions.AppendAsync(owner, new() { Action = LogAction.Logout, At = Now.AddHours(1) }, default);
        }
        while (next is not null);
        Assert.Equal(25, whole.Count);
        Assert.Equal(whole, read);
    }

    [Fact]
    public async Task A_log_reads_newest_first_with_all_that_an_entry_says()
    {
        var owner = LogOwner.Of(Service.NewEmail().ToAccountKey());
        var failed = new LogEntry
        {
            Action = LogAction.AccountLocked, At = Now, Client = new("2001:db8::1", "ua \"'", "d'"), Success = false, Error = "invalid_credentials",
        };
        var later = new LogEntry { Action = LogAction.Logout, At = Now.AddMilliseconds(1), SessionId = SessionId.New() };
        await Stores.Sessions.AppendAsync(owner, failed, default);
        await Stores.Sessions.AppendAsync(owner, later, default);
        Assert.Equal([later, failed], (await Stores.Sessions.ReadLogAsync(owner, null, 10, default)).Entries);
    }

    [Fact]
    public async Task A_session_falls_due_when_its_hour_is_over_and_until_it_is_removed()
    {
        var due = new SessionDue(UserId.New(Now), SessionId.New(), Now);
        await Stores.Timeline.ScheduleExpiryAsync(due, default);
        await Stores.Timeline.ScheduleExpiryAsync(due, default);
        Assert.DoesNotContain(due.SessionId, await DueAtAsync(Now.AddMinutes(33)));
        Assert.Single(await DueAtAsync(Now.AddHours(1)), due.SessionId);
        Assert.Single(await DueAtAsync(Now.AddDays(40)), due.SessionId);

        await foreach (var batch in Stores.Timeline.ReadDueAsync(Now.AddHours(1), default))
        {
            await Stores.Timeline.RemoveAsync(batch, default);
            await Stores.Timeline.RemoveAsync(batch, default);
        }

        Assert.DoesNotContain(due.SessionId, await DueAtAsync(Now.AddHours(1)));
    }

    [Fact]
    public async Task Activity_reads_back_in_its_window_with_all_that_it_says()
    {
        var start = Now.AddYears(Random.Shared.Next(1, 1000));
        Activity[] activities =
        [
            new() { Kind = ActivityKind.FailedLogin, At = start, AddressGroup = "2001:0db8:0000:0001", AccountKey = new("ab") },
            new()
            {
                Kind = ActivityKind.SessionEnded, At = start.AddMinutes(59), AddressGroup = "203.0.113.7", UserId = UserId.New(Now),
                SessionId = SessionId.New(), EndReason = EndReason.Logout, Duration = TimeSpan.FromSeconds(1.5),
            },
            new() { Kind = ActivityKind.Login, At = start.AddMinutes(90), AddressGroup = "unknown", SessionId = SessionId.New() },
        ];
        foreach (var activity in activities.Concat(activities))
            await Stores.Timeline.RecordAsync(activity, default);

        Assert.Equal(activities, await ActivityAsync(start, start.AddMinutes(90)));
        Assert.Equal(activities[1..2], await ActivityAsync(start.AddMilliseconds(1), start.AddMinutes(90).AddMilliseconds(-1)));
    }

    [Fact]
    public async Task Revocations_read_back_in_their_window()
    {
        var start = Now.AddYears(Random.Shared.Next(1, 1000));
        Revocation[] revocations = [.. Enumerable.Range(0, 40).Select(i => new Revocation(SessionId.New(), start.AddMinutes(2 * i)))];
        foreach (var each in revocations)
            await Stores.Timeline.RevokeAsync(each.SessionId, each.Before, default);

        Assert.Equal(revocations, (await Stores.Timeline.ReadRevocationsAsync(start, start.AddMinutes(78), default)).OrderBy(each => each.Before));
        Assert.Equal(
            revocations[1..39],
            (await Stores.Timeline.ReadRevocationsAsync(start.AddMilliseconds(1), start.AddMinutes(78).AddMilliseconds(-1), default))
                .OrderBy(each => each.Before));
    }

    [Fact]
    public async Task A_flag_keeps_the_newest_evidence()
    {
        var flag = new SuspiciousIp
        {
            AddressGroup = $"203.0.113.{Random.Shared.Next()}", Window = TimeSpan.FromMinutes(60), Count = 11, Failures = 4,
            DistinctAccounts = 3, FirstAt = Now, LastAt = Now.AddMinutes(5), ExpiresAt = Now.AddDays(1),
        };
        Assert.Null(await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
        await Stores.SuspiciousIps.FlagAsync(flag, default);
        await Stores.SuspiciousIps.FlagAsync(flag with { Count = 12 }, default);
        Assert.Equal(flag with { Count = 12 }, await Stores.SuspiciousIps.FindAsync(flag.AddressGroup, default));
    }

    [Fact]
    public async Task An_acknowledgement_stays_when_the_evidence_is_renewed()
    {
        var flag = new SuspiciousIp
        {
            AddressGroup = $"198.51.100.{Random.Shared.Next()}", Window = TimeSpan.FromMinutes(60), Count = 11, Failures = 4,
            DistinctAccounts = 3, FirstAt = Now, LastAt = Now.AddMinutes(5), ExpiresAt = Now.AddDays(1),
        };
        var acknowledgement = new Acknowledgement(UserId.New(Now), Now);
        Assert.False(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default));
        await Stores.SuspiciousIps.FlagAsync(flag, default);
        Assert.True(await Stores.SuspiciousIps.TryAcknowledgeAsync(flag.AddressGroup, acknowledgement, default));
        await Stores.SuspiciousIps.FlagAsync(flag with { Count = 20 }, default);
        Assert.Contains(
            flag with { Count = 20, Acknowledged = acknowledgement }, await Stores.SuspiciousIps.ListAsync(default).ToListAsync());
    }

    [Fact]
    public async Task The_pages_of_all_accounts_are_whole()
    {
        var made = new HashSet<UserId>();
        for (var i = 0; i < 7; i++)
        {
            var account = NewAccount();
            await Stores.Accounts.TryAddAsync(account, default);
            await Stores.Accounts.TrySaveAsync(account.Email.ToAccountKey(), Throttle.Clear with { Failures = 1 }, default);
            made.Add(account.Id);
        }

        var listed = new List<UserId>();
        AccountKey? next = null;
        do
        {
            var page = await Stores.Accounts.ListAsync(next, 3, default);
            Assert.InRange(page.Accounts.Count, 1, 3);
            listed.AddRange(page.Accounts.Select(account => account.Id));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(listed.Distinct(), listed);
        Assert.Superset(made, listed.ToHashSet());
    }

    [Fact]
    public async Task A_sessions_roles_are_given_only_in_the_state_that_was_read()
    {
        var (session, version) = await OpenAsync();
        var promoted = session with { Roles = ["admin"] };
        Assert.True(await Stores.Sessions.TryGiveRolesAsync(promoted, version, EntryFor(session, LogAction.RolesChanged), default));
        Assert.False(await Stores.Sessions.TryGiveRolesAsync(session, version, EntryFor(session, LogAction.RolesChanged), default));
        AssertSame(promoted, (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session);
    }

    [Fact]
    public async Task A_cursor_is_remembered_for_its_timer()
    {
        var timer = Guid.NewGuid().ToString("N");
        Assert.Null(await Stores.SuspiciousIps.ReadCursorAsync(timer, default));
        await Stores.SuspiciousIps.SaveCursorAsync(timer, Now, default);
        Assert.Equal(Now, await Stores.SuspiciousIps.ReadCursorAsync(timer, default));
    }

    private static Account NewAccount() => new()
    {
        Id = UserId.New(Now), Email = Service.NewEmail(), PasswordHash = new("hash"), Roles = ["admin", "reader"],
        State = AccountState.Active, Epoch = Ulid.New(Now), CreatedAt = Now,
    };

    private static (Session Session, LogEntry Entry, Ulid Epoch) NewSession(UserId? user = null, ClientInfo? client = null)
    {
        var account = NewAccount();
        var session = Session.Start(account with { Id = user ?? account.Id }, client ?? Service.Client, remember: true, Now, new());
        return (session, EntryFor(session, LogAction.Login) with { At = Now.AddSeconds(-1) }, account.Epoch);
    }

    private static LogEntry EntryFor(Session session, LogAction action) =>
        new() { Action = action, At = Now, SessionId = session.Id, Client = Service.Client };

    private static Rotation RotationOf(Session session, RowVersion version, AttemptHash? attempt = null) =>
        Rotation.Of(session.ToRefreshToken(version, Now), attempt, Now.AddSeconds(session.Generation), new());

    private static void AssertSame(Session expected, Session actual)
    {
        Assert.Equal(expected.Roles, actual.Roles);
        Assert.Equal(expected, actual with { Roles = expected.Roles });
    }

    private async Task<Account> ReadAccountAsync(Account account) =>
        (await Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;

    private async Task<(Session Session, RowVersion Version)> OpenAsync(UserId? user = null, ClientInfo? client = null)
    {
        var (session, entry, epoch) = NewSession(user, client);
        await Stores.Sessions.OpenEpochAsync(NewAccount() with { Id = session.UserId, Epoch = epoch }, default);
        var version = await Stores.Sessions.TryOpenAsync(session, epoch, entry, default);
        return (session, version!.Value);
    }

    private async Task<IReadOnlyList<LogEntry>> LogOfAsync(Session session) =>
        (await Stores.Sessions.ReadLogAsync(LogOwner.Of(session.UserId), null, 1000, default)).Entries;

    private async Task<List<SessionId>> DueAtAsync(DateTimeOffset now) =>
        await Stores.Timeline.ReadDueAsync(now, default).SelectMany(batch => batch.Sessions).Select(due => due.SessionId).ToListAsync();

    private async Task<List<Activity>> ActivityAsync(DateTimeOffset from, DateTimeOffset to) =>
        await Stores.Timeline.ReadActivityAsync(from, to, default).OrderBy(activity => activity.At).ToListAsync();
}

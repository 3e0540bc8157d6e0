namespace Serverless.Testing;

public abstract partial class StoreContract
{
    private static readonly Guid EntryId = Guid.NewGuid();

    // Whole numbers, too, which some stores hand out without a type.
    private static readonly ClientInfo Located = Service.Client with
    {
        Location = new("DE") { Region = "Berlin", City = "Berlin", Latitude = 52, Longitude = 13.405, Network = 4_200_000_000, NetworkName = "Example" },
    };

    [Fact]
    public async Task A_session_reads_back_as_it_was_opened_also_without_device_and_user_agent()
    {
        foreach (var client in (ClientInfo[])[Service.Client, new("unknown", null), Located, Located with { Location = new("FR") }])
        {
            var (session, version) = await OpenAsync(client: client);
            var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
            Assert.Equal((version, client), (found!.Version, found.Session.Client));
            AssertSame(session, found.Session);
        }
    }

    [Fact]
    public async Task No_session_is_opened_in_an_epoch_that_is_closed_and_nothing_is_logged()
    {
        var (session, entry, epoch) = NewSession();
        await Stores.Epochs.TryOpenEpochAsync(NewAccount() with { Id = session.UserId, Epoch = epoch }, null, default);
        await Stores.Epochs.CloseEpochAsync(session.UserId, epoch, null, default);
        await Stores.Epochs.CloseEpochAsync(session.UserId, epoch, null, default);
        Assert.Null(await Stores.Sessions.TryOpenAsync(session, epoch, entry, [], null, default));
        Assert.Null(await Stores.Sessions.FindAsync(session.UserId, session.Id, default));
        Assert.Empty(await LogOfAsync(session));
    }

    [Fact]
    public async Task The_epochs_of_a_user_that_are_open_are_listed()
    {
        var account = NewAccount();
        var later = account with { Epoch = Ulid.New(Now.AddSeconds(1)) };
        Assert.Empty(await Stores.Epochs.ListEpochsAsync(account.Id, default));
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        Assert.True(await Stores.Epochs.TryOpenEpochAsync(later, account.Epoch, default));
        await Stores.Epochs.OpenFirstEpochAsync(NewAccount(), default);
        Assert.Equal([account.Epoch, later.Epoch], (await Stores.Epochs.ListEpochsAsync(account.Id, default)).OrderBy(epoch => epoch.ToString()));
        await Stores.Epochs.CloseEpochAsync(account.Id, account.Epoch, null, default);
        Assert.Equal([later.Epoch], await Stores.Epochs.ListEpochsAsync(account.Id, default));
    }

    [Fact]
    public async Task A_request_to_open_an_epoch_that_arrives_once_more_opens_none_that_is_closed()
    {
        var account = NewAccount();
        var later = account with { Epoch = Ulid.New(Now.AddSeconds(1)) };
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        Assert.True(await Stores.Epochs.TryOpenEpochAsync(later, account.Epoch, default));
        Assert.True(await Stores.Epochs.TryOpenEpochAsync(later, account.Epoch, default));
        await Stores.Epochs.CloseEpochAsync(account.Id, account.Epoch, null, default);
        await Stores.Epochs.CloseEpochAsync(account.Id, later.Epoch, null, default);

        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        Assert.False(await Stores.Epochs.TryOpenEpochAsync(later, account.Epoch, default));
        Assert.Empty(await Stores.Epochs.ListEpochsAsync(account.Id, default));
        Assert.True(await Stores.Epochs.TryOpenEpochAsync(later, null, default));
    }

    [Fact]
    public async Task A_first_epoch_that_is_taken_back_leaves_nothing()
    {
        var account = NewAccount();
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        await Stores.Epochs.RemoveFirstEpochAsync(account, default);
        await Stores.Epochs.RemoveFirstEpochAsync(account, default);
        Assert.Empty(await Stores.Epochs.ListEpochsAsync(account.Id, default));
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        Assert.Equal([account.Epoch], await Stores.Epochs.ListEpochsAsync(account.Id, default));
    }

    [Fact]
    public async Task A_rotation_changes_what_the_rules_say_and_logs_it()
    {
        var (session, version) = await OpenAsync();
        for (var generation = 0; generation < RotationTimes.Count + 2; generation++)
        {
            var rotation = RotationOf(session, version, generation % 2 == 0 ? AttemptHash.Of("attempt-1") : null);
            var next = await Stores.Sessions.TryRotateAsync(rotation, EntryFor(session, LogAction.TokenRefresh), default);
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
        await Stores.Sessions.TryRotateAsync(rotation, EntryFor(session, LogAction.TokenRefresh), default);
        Assert.Null(await Stores.Sessions.TryRotateAsync(rotation, EntryFor(session, LogAction.TokenRefresh), default));
        Assert.Equal(1, (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session.Generation);
        Assert.Equal(2, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task A_rotation_of_a_session_that_is_gone_does_nothing()
    {
        var (session, entry, _) = NewSession();
        var rotation = RotationOf(session, new("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""));
        Assert.Null(await Stores.Sessions.TryRotateAsync(rotation, entry, default));
        Assert.Empty(await LogOfAsync(session));
    }

    [Fact]
    public async Task Of_many_rotations_from_one_state_exactly_one_happens()
    {
        var (session, version) = await OpenAsync();
        var rotations = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Stores.Sessions.TryRotateAsync(
            RotationOf(session, version), EntryFor(session, LogAction.TokenRefresh), default)));
        Assert.Single(rotations, rotation => rotation is not null);
        Assert.Equal(2, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task An_ending_keeps_its_reason_and_logs_it_once()
    {
        var (session, version) = await OpenAsync();
        var ended = session.End(EndReason.Logout, Now.AddMinutes(1), EntryId) with { Audit = AnyHead(2) };
        Assert.True(await Stores.Sessions.TryEndAsync([new(ended, version, EntryFor(session, LogAction.Logout))], default));
        var other = session.End(EndReason.TokenReuse, Now.AddMinutes(2), Guid.NewGuid());
        Assert.False(await Stores.Sessions.TryEndAsync([new(other, version, EntryFor(session, LogAction.TokenReuse))], default));

        var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
        Assert.Equal(new(EndReason.Logout, Now.AddMinutes(1), EntryId), found!.Session.Ending);
        Assert.Equal(ended.Audit, found.Session.Audit);
        Assert.Equal([LogAction.Logout, LogAction.Login], (await LogOfAsync(session)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_removed_session_is_gone_and_its_entry_stays()
    {
        var (session, version) = await OpenAsync();
        Assert.True(await Stores.Sessions.TryRemoveAsync(new(session, version), EntryFor(session, LogAction.SessionExpired), default));
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
        Assert.True(await Stores.Presence.TryRecordAsync(session.UserId, session.Id, Now.AddSeconds(5), isActive: true, default));
        var listed = Assert.Single(await Stores.Sessions.ListAsync(session.UserId, default));
        Assert.Equal((version, Now.AddSeconds(5)), (listed.Stored.Version, listed.LastSeenAt));
        var ending = new SessionEnding(session.End(EndReason.Logout, Now, EntryId), version, EntryFor(session, LogAction.Logout));
        await Stores.Sessions.TryEndAsync([ending], default);
        Assert.False(await Stores.Presence.TryRecordAsync(session.UserId, session.Id, Now.AddSeconds(9), isActive: true, default));
    }

    [Fact]
    public async Task The_presence_of_a_session_is_restored_only_where_there_is_none_and_the_session_is_as_it_was_read()
    {
        var (session, version) = await OpenAsync();
        Assert.False(await RestoreAsync(version));
        var ending = new SessionEnding(session.End(EndReason.Logout, Now, EntryId), version, EntryFor(session, LogAction.Logout));
        await Stores.Sessions.TryEndAsync([ending], default);
        Assert.False(await RestoreAsync(version));
        Assert.Null(await Stores.Presence.FindLastSeenAsync(session.UserId, default));
        var stored = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!;
        Assert.True(await RestoreAsync(stored.Version));
        Assert.Equal(new(Now, Now), await Stores.Presence.FindLastSeenAsync(session.UserId, default));

        Task<bool> RestoreAsync(RowVersion expected) => Stores.Presence.TryRestoreAsync(new(session, expected), Now, isActive: true, default);
    }

    [Fact]
    public async Task The_account_of_a_user_is_found_by_the_users_id()
    {
        var account = NewAccount();
        Assert.Null(await Stores.Epochs.FindAccountKeyAsync(account.Id, default));
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        await Stores.Sessions.TryOpenAsync(Session.Start(account, Service.Client, false, Now, new()), account.Epoch, EntryFor(NewSession().Session, LogAction.Login), [], null, default);
        Assert.Equal(account.Email.ToAccountKey(), await Stores.Epochs.FindAccountKeyAsync(account.Id, default));
    }

    [Fact]
    public async Task A_sessions_roles_are_given_only_in_the_state_that_was_read()
    {
        var (session, version) = await OpenAsync();
        var promoted = session with { Roles = ["admin"], Audit = AnyHead(2) };
        Assert.True(await Stores.Sessions.TryPropagateRolesAsync(promoted, version, EntryFor(session, LogAction.RolesChanged), default));
        Assert.False(await Stores.Sessions.TryPropagateRolesAsync(session, version, EntryFor(session, LogAction.RolesChanged), default));
        AssertSame(promoted, (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session);
    }

    [Fact]
    public async Task A_step_up_changes_the_proof_and_logs_it_only_in_the_state_that_was_read()
    {
        var (session, version) = await OpenAsync();
        var methods = AuthenticationMethods.HardwareKey | AuthenticationMethods.Presence | AuthenticationMethods.MultiFactor;
        var proved = session with { Authentication = new(Now.AddMinutes(1), methods), Audit = AnyHead(2) };
        Assert.True(await Stores.Sessions.TryStepUpAsync(proved, version, EntryFor(session, LogAction.SteppedUp), null, default));
        Assert.False(await Stores.Sessions.TryStepUpAsync(session, version, EntryFor(session, LogAction.SteppedUp), null, default));
        var found = await Stores.Sessions.FindAsync(session.UserId, session.Id, default);
        Assert.NotEqual(version, found!.Version);
        AssertSame(proved, found.Session);
        Assert.Equal(2, (await LogOfAsync(session)).Count);

        var (missing, entry, _) = NewSession();
        Assert.False(await Stores.Sessions.TryStepUpAsync(missing, version, entry, null, default));
        Assert.Empty(await LogOfAsync(missing));
    }

    [Fact]
    public async Task A_step_up_that_arrives_once_more_is_done_already_also_behind_another_change()
    {
        var (session, version) = await OpenAsync();
        var proved = session with { Authentication = new(Now.AddMinutes(1), AuthenticationMethods.Password) };
        var entry = EntryFor(session, LogAction.SteppedUp);
        Assert.True(await Stores.Sessions.TryStepUpAsync(proved, version, entry, null, default));
        Assert.True(await Stores.Sessions.TryStepUpAsync(proved, version, entry, null, default));
        var next = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Version;
        Assert.NotNull(await Stores.Sessions.TryRotateAsync(RotationOf(proved, next), EntryFor(session, LogAction.TokenRefresh), default));
        Assert.True(await Stores.Sessions.TryStepUpAsync(proved, version, entry, null, default));
        Assert.Equal(3, (await LogOfAsync(session)).Count);
    }

    [Fact]
    public async Task A_rotation_replaces_the_whole_location_and_leaves_none_where_it_is_unknown()
    {
        var (session, version) = await OpenAsync(client: Located);
        foreach (var location in new Location?[] { new("FR"), Located.Location, null })
        {
            var rotation = RotationOf(session, version) with { Location = location };
            version = (await Stores.Sessions.TryRotateAsync(rotation, EntryFor(session, LogAction.TokenRefresh), default))!.Value;
            session = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session;
            Assert.Equal(Located with { Location = location }, session.Client);
            AssertSame(rotation.Apply(session), session);
        }
    }

    [Fact]
    public async Task A_rotation_may_expire_the_proof_and_has_a_notice()
    {
        var (session, version) = await OpenAsync(client: Located);
        var notice = new Notice(NoticeKind.CountryChanged, Now, session.Id, Located);
        var proof = session.Authentication with { At = DateTimeOffset.UnixEpoch };
        var places = session.Places.With("FR", Now);
        var rotation = RotationOf(session, version) with { Location = new("FR"), Authentication = proof, Notice = notice, Places = places };
        Assert.NotNull(await Stores.Sessions.TryRotateAsync(rotation, EntryFor(session, LogAction.TokenRefresh), default));
        var rotated = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session;
        Assert.Equal((proof, places), (rotated.Authentication, rotated.Places));
        Assert.Equal([new(1, notice)], await Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 10, default));
    }

    [Fact]
    public async Task A_push_subscription_is_stored_beside_a_rotation_and_replaced_and_removed()
    {
        var (session, version) = await OpenAsync();
        var first = session with { Push = new("https://push.example.com/1", "key", "secret") };
        Assert.True(await Stores.Sessions.TrySubscribeAsync(first, version, default));
        Assert.False(await Stores.Sessions.TrySubscribeAsync(session, version, default));
        var read = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!;
        AssertSame(first, read.Session);
        var rotated = await Stores.Sessions.TryRotateAsync(
            RotationOf(first, read.Version), EntryFor(session, LogAction.TokenRefresh), default);
        var second = session with { Push = new("https://push.example.com/2", "another key", "another secret") };
        Assert.True(await Stores.Sessions.TrySubscribeAsync(second, rotated!.Value, default));
        read = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!;
        Assert.Equal((second.Push, 1), (read.Session.Push, read.Session.Generation));
        Assert.True(await Stores.Sessions.TrySubscribeAsync(session, read.Version, default));
        Assert.Null((await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session.Push);
    }

    [Fact]
    public async Task A_push_subscription_goes_with_the_end_of_its_session()
    {
        foreach (var reason in new[] { EndReason.Logout, EndReason.PasswordChanged })
        {
            var (session, version) = await OpenAsync();
            await Stores.Sessions.TrySubscribeAsync(
                session with { Push = new("https://push.example.com/1", "key", "secret") }, version, default);
            var stored = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!;
            var ending = SessionEnding.Of(stored, reason, Now, null, Guid.NewGuid(), MacKey.Create(Now));
            Assert.True(await Stores.Sessions.TryEndAsync([ending], default));
            var ended = (await Stores.Sessions.FindAsync(session.UserId, session.Id, default))!.Session;
            Assert.Equal((reason, null), (ended.Ending!.Reason, ended.Push));
        }
    }

    private static Rotation RotationOf(Session session, RowVersion version, AttemptHash? attempt = null) =>
        Rotation.Of(session.ToRefreshToken(version, Now), attempt, Now.AddSeconds(session.Generation), new()) with
        {
            ExpiryReason = EndReason.Inactive,
            AbsoluteExpiresAt = session.AbsoluteExpiresAt.AddDays(-1),
            Audit = AnyHead(session.Generation + 2),
        };

    private static void AssertSame(Session expected, Session actual)
    {
        Assert.Equal(expected.Roles, actual.Roles);
        Assert.Equal(expected, actual with { Roles = expected.Roles });
    }
}

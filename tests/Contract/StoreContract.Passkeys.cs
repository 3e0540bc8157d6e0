namespace Serverless.Testing;

public abstract partial class StoreContract
{
    private static readonly Notice Added = new(NoticeKind.PasskeyAdded, Now, SessionId.New(), Service.Client);

    [Fact]
    public async Task A_passkey_reads_back_with_the_epoch_and_its_challenge()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var passkey = NewPasskey() with { Transports = ["internal", "hybrid"], IsBackupEligible = true, IsBackedUp = true, SignatureCount = uint.MaxValue };
        var challenge = NewChallenge();
        Assert.True(await AddAsync(user, passkey, challenge, epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        var read = Assert.Single(file.Passkeys);
        Assert.Equal(passkey.CredentialId.ToArray(), read.CredentialId.ToArray());
        Assert.Equal(passkey.PublicKey.ToArray(), read.PublicKey.ToArray());
        Assert.Equal(passkey.Transports, read.Transports);
        Assert.Equal(
            passkey with { CredentialId = default, PublicKey = default, Transports = [], Version = null },
            read with { CredentialId = default, PublicKey = default, Transports = [], Version = null });
        Assert.Equal([challenge], file.Challenges);
        Assert.Equal(epoch.Epoch, Assert.Single(file.Epochs).Epoch);
    }

    [Fact]
    public async Task Of_two_changes_of_passkeys_that_read_the_same_epoch_one_is_made()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var (first, second) = (NewPasskey(), NewPasskey());
        Assert.True(await AddAsync(user, first, NewChallenge(), epoch));
        Assert.False(await AddAsync(user, second, NewChallenge(), epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.False(await RemoveAsync(user, file.Passkeys[0], epoch));
        Assert.True(await RemoveAsync(user, file.Passkeys[0], file.OpenEpoch()));
        file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.Empty(file.Passkeys);
        Assert.Single(file.Challenges);
    }

    [Fact]
    public async Task A_challenge_is_used_once_and_one_that_has_expired_goes_with_the_next()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var (old, next) = (NewChallenge(Now.AddMinutes(-6)), NewChallenge());
        Assert.True(await RefuseAsync(user, new(old, [])));
        Assert.False(await RefuseAsync(user, new(old, [])));
        Assert.False(await AddAsync(user, NewPasskey(), old, epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.True(file.IsUsed(old));
        Assert.True(await RefuseAsync(user, file.Use(next, Now)));
        Assert.Equal([next], (await Stores.Passkeys.ReadAsync(user, default)).Challenges);
    }

    [Fact]
    public async Task A_refused_use_is_recorded_once_however_often_it_is_delivered()
    {
        var (user, _) = await NewPasskeyUserAsync();
        var (challenge, entry) = (NewChallenge(), new LogEntry(LogAction.PasskeyCloned, Now, Added.SessionId, Service.Client, Success: false));
        for (var i = 0; i < 2; i++)
            Assert.True(await Stores.Passkeys.TryRefuseAsync(user, new(challenge, []), entry, Added, default));
        Assert.False(await RefuseAsync(user, new(challenge, [])));
        Assert.Single(await Stores.Mailbox.ReadNoticesAsync(user, 0, 100, default));
        Assert.Single((await Stores.Log.ReadAsync(LogOwner.Of(user), null, 100, default)).Entries, each => each.Action == LogAction.PasskeyCloned);
    }

    [Fact]
    public async Task Another_name_needs_the_passkey_as_it_was_read()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        await AddAsync(user, NewPasskey(), NewChallenge(), epoch);
        var read = (await Stores.Passkeys.ReadAsync(user, default)).Passkeys[0];
        Assert.True(await Stores.Passkeys.TryRenameAsync(user, read with { Name = "another" }, default));
        Assert.False(await Stores.Passkeys.TryRenameAsync(user, read with { Name = "a third" }, default));
        Assert.Equal("another", Assert.Single((await Stores.Passkeys.ReadAsync(user, default)).Passkeys).Name);
    }

    [Fact]
    public async Task A_login_by_passkey_opens_one_session_however_often_it_is_delivered_and_its_challenge_no_other()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        await AddAsync(user, NewPasskey(), NewChallenge(), epoch);
        var stale = Assert.Single((await Stores.Passkeys.ReadAsync(user, default)).Passkeys);
        var challenge = NewChallenge();
        var (session, entry, _) = NewSession(user);
        var opened = await OpenAsync(session, entry, stale, challenge);
        Assert.NotNull(opened);
        Assert.Equal(opened, await OpenAsync(session, entry, stale, challenge));
        var used = Assert.Single((await Stores.Passkeys.ReadAsync(user, default)).Passkeys);
        Assert.Equal(1u, used.SignatureCount);
        foreach (var (read, its) in new[] { (used, challenge), (stale, NewChallenge()) })
        {
            var (other, login, _) = NewSession(user);
            Assert.Null(await OpenAsync(other, login, read, its));
            Assert.Null(await Stores.Sessions.FindAsync(user, other.Id, default));
        }

        Assert.Single(await LogOfAsync(session), each => each.Id == entry.Id);

        Task<RowVersion?> OpenAsync(Session opening, LogEntry login, Passkey read, UsedChallenge its) => Stores.Sessions.TryOpenAsync(
            opening, epoch.Epoch, login, [], new(read with { SignatureCount = read.SignatureCount + 1 }, new(its, [])), default);
    }

    [Fact]
    public async Task A_passkey_is_added_or_removed_only_while_the_session_that_asks_is_as_it_was_read()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var stored = await SessionOfAsync(user);
        var stale = stored with { Version = (await OpenAsync()).Version };
        Assert.False(await AddAsync(stale, NewPasskey(), NewChallenge(), epoch));
        Assert.True(await AddAsync(stored, NewPasskey(), NewChallenge(), epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.False(await AddAsync(stored, NewPasskey(), NewChallenge(), file.OpenEpoch()));
        Assert.False(await RemoveAsync(user, file.Passkeys[0], file.OpenEpoch(), stored));
        Assert.True(await RemoveAsync(user, file.Passkeys[0], file.OpenEpoch(), await SessionOfAsync(user)));
        Assert.Equal(stored.Session.Id, (await SessionOfAsync(user)).Session.Id);
    }

    [Fact]
    public async Task Passkeys_are_removed_together_with_an_entry_for_each_or_not_at_all()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        await AddAsync(user, NewPasskey(), NewChallenge(), epoch);
        await AddAsync(user, NewPasskey(), NewChallenge(), (await Stores.Passkeys.ReadAsync(user, default)).OpenEpoch());
        var file = await Stores.Passkeys.ReadAsync(user, default);
        await Stores.Passkeys.TryRenameAsync(user, file.Passkeys[0] with { Name = "another" }, default);
        Assert.False(await RemoveAllAsync(file));
        Assert.True(await RemoveAllAsync(await Stores.Passkeys.ReadAsync(user, default)));
        Assert.Empty((await Stores.Passkeys.ReadAsync(user, default)).Passkeys);
        Assert.Equal(
            2, (await Stores.Log.ReadAsync(LogOwner.Of(user), null, 100, default)).Entries.Count(entry => entry.Action == LogAction.PasskeyRemoved));

        Task<bool> RemoveAllAsync(PasskeyFile read) => Stores.Passkeys.TryRemoveAsync(
            user, null, read.Passkeys, read.OpenEpoch(), [.. read.Passkeys.Select(_ => new LogEntry(LogAction.PasskeyRemoved, Now))], default);
    }

    [Fact]
    public async Task Passkeys_are_marked_for_review_and_kept_only_as_they_session_and_epoch_were_read()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        await AddAsync(user, NewPasskey(), NewChallenge(), epoch);
        var file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.False(Assert.Single(file.Passkeys).IsForReview);
        Assert.False(await ReviewAsync(file with { Epochs = [epoch] }, isForReview: true));
        Assert.True(await ReviewAsync(file, isForReview: true));
        Assert.False(await ReviewAsync(file, isForReview: true));
        file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.True(Assert.Single(file.Passkeys).IsForReview);
        Assert.Equal("A laptop", file.Passkeys[0].Name);

        var session = await SessionOfAsync(user);
        var entry = new LogEntry(LogAction.PasskeyReviewed, Now, session.Session.Id);
        Assert.False(await ReviewAsync(file, isForReview: false, session with { Version = new("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\"") }, entry));
        // The second as the storage client repeats it after a lost reply.
        for (var i = 0; i < 2; i++)
            Assert.True(await ReviewAsync(file, isForReview: false, session, entry));
        Assert.False(await ReviewAsync(file, isForReview: false, session, entry with { Id = Guid.NewGuid() }));
        Assert.False(Assert.Single((await Stores.Passkeys.ReadAsync(user, default)).Passkeys).IsForReview);
        Assert.Single((await Stores.Log.ReadAsync(LogOwner.Of(user), null, 100, default)).Entries, each => each.Id == entry.Id);

        Task<bool> ReviewAsync(PasskeyFile read, bool isForReview, StoredSession? session = null, LogEntry? entry = null) => Stores.Passkeys.TryReviewAsync(
            user, session, [.. read.Passkeys.Select(passkey => passkey with { IsForReview = isForReview })], read.OpenEpoch(), entry, default);
    }

    [Fact]
    public async Task A_first_passkey_comes_with_the_first_epoch_once_and_goes_with_it()
    {
        var (account, passkey) = (NewAccount(), NewPasskey());
        for (var i = 0; i < 2; i++)
        {
            Assert.True(await Stores.Passkeys.TryAddFirstAsync(account, passkey, default));
            Assert.False(await Stores.Passkeys.TryAddFirstAsync(account with { Epoch = Ulid.New(Now) }, NewPasskey(), default));
            var file = await Stores.Passkeys.ReadAsync(account.Id, default);
            Assert.Equal((passkey.Id, account.Epoch), (Assert.Single(file.Passkeys).Id, Assert.Single(file.Epochs).Epoch));
            await Stores.Passkeys.RemoveFirstAsync(account with { Epoch = Ulid.New(Now) }, passkey, default);
            Assert.Single((await Stores.Passkeys.ReadAsync(account.Id, default)).Passkeys);
            await Stores.Passkeys.RemoveFirstAsync(account, passkey, default);
            file = await Stores.Passkeys.ReadAsync(account.Id, default);
            Assert.Empty(file.Passkeys);
            Assert.Empty(file.Epochs);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_left_of_an_abandoned_account_goes_as_it_was_read_or_not_at_all(bool hasPasskey)
    {
        var (account, passkey) = (NewAccount(), NewPasskey());
        if (hasPasskey)
            Assert.True(await Stores.Passkeys.TryAddFirstAsync(account, passkey, default));
        else
            await Stores.Epochs.OpenFirstEpochAsync(account, default);
        var stale = await Stores.Passkeys.ReadAsync(account.Id, default);
        var beside = account with { Epoch = Ulid.New(Now) };
        Assert.True(await Stores.Epochs.TryOpenEpochAsync(beside, account.Epoch, default));
        await Stores.Passkeys.RemoveAbandonedAsync(account.Id, stale, default);
        var file = await Stores.Passkeys.ReadAsync(account.Id, default);
        Assert.Equal((hasPasskey ? 1 : 0, 2), (file.Passkeys.Count, file.Epochs.Count));

        for (var i = 0; i < 2; i++)
            await Stores.Passkeys.RemoveAbandonedAsync(account.Id, file, default);
        Assert.False(await Stores.Epochs.TryOpenEpochAsync(beside with { Epoch = Ulid.New(Now) }, account.Epoch, default));
        file = await Stores.Passkeys.ReadAsync(account.Id, default);
        Assert.Empty(file.Passkeys);
        Assert.Empty(file.Epochs);
        // Nor what tells that it had one.
        Assert.True(await Stores.Passkeys.TryAddFirstAsync(account, passkey, default));
    }

    [Fact]
    public async Task A_registration_keeps_its_passkey_until_its_link_is_used()
    {
        var (key, passkey) = (Service.NewEmail().ToAccountKey(), NewPasskey() with { Transports = ["usb"], SignatureCount = 3, IsBackupEligible = true });
        var token = NewToken(TokenPurpose.Verify) with { Passkey = new(UserId.New(Now), passkey), RegistrationUntil = Now.AddDays(1) };
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(token), default));
        var read = (await Stores.Accounts.ReadAsync(key, default)).Verify!;
        Assert.Equal(token with { Passkey = null }, read with { Passkey = null, Version = null });
        Assert.Equal((token.Passkey!.User, "usb"), (read.Passkey!.User, Assert.Single(read.Passkey.Passkey.Transports)));
        Assert.Equal(passkey.CredentialId.ToArray(), read.Passkey.Passkey.CredentialId.ToArray());
        Assert.Equal(passkey.PublicKey.ToArray(), read.Passkey.Passkey.PublicKey.ToArray());
        Assert.Equal(Plain(passkey), Plain(read.Passkey.Passkey));

        static Passkey Plain(Passkey passkey) => passkey with { CredentialId = default, PublicKey = default, Transports = [], Version = null };
    }

    [Fact]
    public async Task Challenges_that_have_expired_are_removed_and_others_stay()
    {
        var (user, _) = await NewPasskeyUserAsync();
        var (old, next) = (NewChallenge(Now.AddMinutes(-1)), NewChallenge());
        await RefuseAsync(user, new(old, []));
        await RefuseAsync(user, new(next, []));
        for (var i = 0; i < 2; i++)
            await Stores.Retention.RemoveChallengesAsync(user, Now, default);
        Assert.Equal([next], (await Stores.Passkeys.ReadAsync(user, default)).Challenges);
    }

    private async Task<(UserId User, OpenEpoch Epoch)> NewPasskeyUserAsync()
    {
        var (session, _) = await OpenAsync();
        return (session.UserId, (await Stores.Passkeys.ReadAsync(session.UserId, default)).OpenEpoch());
    }

    private async Task<StoredSession> SessionOfAsync(UserId user) =>
        Assert.Single(await Stores.Sessions.ListAsync(user, default)).Stored;

    private async Task<bool> AddAsync(UserId user, Passkey passkey, UsedChallenge challenge, OpenEpoch epoch) =>
        await AddAsync(await SessionOfAsync(user), passkey, challenge, epoch);

    private Task<bool> AddAsync(StoredSession session, Passkey passkey, UsedChallenge challenge, OpenEpoch epoch) => Stores.Passkeys.TryAddAsync(
        session, passkey, new(challenge, []), epoch, new(LogAction.PasskeyAdded, Now, Added.SessionId, Service.Client), Added, default);

    private Task<bool> RemoveAsync(UserId user, Passkey passkey, OpenEpoch epoch, StoredSession? session = null) => Stores.Passkeys.TryRemoveAsync(
        user, session, [passkey], epoch, [new(LogAction.PasskeyRemoved, Now, Added.SessionId, Service.Client)], default);

    private Task<bool> RefuseAsync(UserId user, ChallengeUse challenge) => Stores.Passkeys.TryRefuseAsync(
        user, challenge, new(LogAction.PasskeyCloned, Now, Added.SessionId, Service.Client, Success: false), Added, default);

    private static UsedChallenge NewChallenge(DateTimeOffset? expiresAt = null) =>
        new(Guid.NewGuid().ToString("N"), expiresAt ?? Now.AddMinutes(5));

    private static Passkey NewPasskey()
    {
        var credential = Guid.NewGuid().ToByteArray();
        return new(PasskeyId.Of(credential), credential, new byte[] { 1, 2, 3 }, Guid.NewGuid(), "A laptop", Now);
    }
}

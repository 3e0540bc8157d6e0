namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Tokens_and_mails_read_back_as_they_were_written()
    {
        var key = Service.NewEmail().ToAccountKey();
        AccountToken[] tokens =
        [
            NewToken(TokenPurpose.Verify) with { Registration = new("hash"), RegistrationUntil = Now.AddDays(1), Address = "a@b", Language = "de" },
            NewToken(TokenPurpose.Reset) with { User = UserId.New(Now), From = new(new('a', 32)), Epoch = Ulid.New(Now) },
        ];
        var mail = new MailIntent(Guid.NewGuid(), MailKind.ResetPassword, "a@b", "de", Now, Now.AddHours(1), TokenPurpose.Reset, tokens[1].Id);
        var empty = new MailIntent(Guid.NewGuid(), MailKind.AlreadyRegistered, null, null, Now, Now.AddHours(1));
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(tokens[0], Mail: mail), default));
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(tokens[1], Mail: empty), default));

        var stored = await Stores.Accounts.ReadAsync(key, default);
        Assert.Equal((tokens[0], tokens[1]), (stored.Verify! with { Version = null }, stored.Reset! with { Version = null }));
        Assert.Null(stored.Account);
        Assert.Equal(mail, await Stores.Accounts.FindIntentAsync(key, mail.Id, default));
        Assert.Equal(empty, await Stores.Accounts.FindIntentAsync(key, empty.Id, default));
        for (var i = 0; i < 2; i++)
            await Stores.Accounts.RemoveIntentAsync(key, mail.Id, default);
        Assert.Null(await Stores.Accounts.FindIntentAsync(key, mail.Id, default));
    }

    [Fact]
    public async Task A_token_replaces_the_one_before_and_is_used_once()
    {
        var key = Service.NewEmail().ToAccountKey();
        await Stores.Accounts.TryWriteAsync(key, new(NewToken(TokenPurpose.Verify)), default);
        var first = (await Stores.Accounts.ReadAsync(key, default)).Verify!;
        Assert.False(await Stores.Accounts.TryWriteAsync(key, new(NewToken(TokenPurpose.Verify)), default));
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(NewToken(TokenPurpose.Verify), ReplacesAny: true), default));
        Assert.False(await Stores.Accounts.TryWriteAsync(key, new(Use: first), default));
        var second = (await Stores.Accounts.ReadAsync(key, default)).Verify!;
        Assert.False(await Stores.Accounts.TryWriteAsync(key, new(first with { Address = "a@b" }), default));
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(second with { Address = "a@b" }), default));
        var third = (await Stores.Accounts.ReadAsync(key, default)).Verify!;
        Assert.Equal((second.Id, "a@b"), (third.Id, third.Address));
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(Use: third), default));
        Assert.False(await Stores.Accounts.TryWriteAsync(key, new(Use: third), default));
        Assert.Null((await Stores.Accounts.ReadAsync(key, default)).Verify);
    }

    [Fact]
    public async Task An_account_changes_with_the_use_of_a_token_or_not_at_all()
    {
        var account = NewAccount();
        var key = account.Email.ToAccountKey();
        await Stores.Accounts.TryWriteAsync(key, new(NewToken(TokenPurpose.Verify)), default);
        var token = (await Stores.Accounts.ReadAsync(key, default)).Verify!;
        Assert.True(await Stores.Accounts.TryAddAsync(account, new(Use: token), default));
        Assert.False(await Stores.Accounts.TryAddAsync(NewAccount() with { Email = account.Email }, new(Issue: token), default));
        Assert.Null((await Stores.Accounts.ReadAsync(key, default)).Verify);

        await Stores.Accounts.TrySaveAsync(key, Throttle.Clear with { Failures = 3 }, default);
        var changed = await ReadAccountAsync(account) with { PasswordHash = null, MovedTo = key, EmailVerifiedAt = Now, Language = "de" };
        var mail = new MailIntent(Guid.NewGuid(), MailKind.PasswordReset, "a@b", null, Now, Now.AddDays(1));
        Assert.False(await Stores.Accounts.TryReplaceAsync(changed, new(Use: token, Mail: mail), default));
        Assert.Null(await Stores.Accounts.FindIntentAsync(key, mail.Id, default));
        Assert.True(await Stores.Accounts.TryReplaceAsync(changed, new(Mail: mail, ClearThrottle: true), default));
        var stored = await Stores.Accounts.ReadAsync(key, default);
        Assert.Equal(changed with { Version = null, Roles = [] }, stored.Account! with { Version = null, Roles = [] });
        Assert.Equal(0, stored.Throttle.Failures);
        Assert.NotNull(await Stores.Accounts.FindIntentAsync(key, mail.Id, default));
    }

    [Fact]
    public async Task An_account_is_removed_only_in_the_state_that_was_read_and_a_moved_one_is_in_no_list()
    {
        var account = NewAccount();
        await Stores.Accounts.TryAddAsync(account, null, default);
        var read = await ReadAccountAsync(account);
        Ulid[] departures = [Ulid.New(Now), Ulid.New(Now.AddDays(1))];
        await Stores.Accounts.TryReplaceAsync(
            read with { State = AccountState.Moved, PasswordHash = null, ReservedUntil = Now, Departures = departures }, null, default);
        var listed = await Stores.Accounts.ListAsync(null, 1000, default);
        Assert.DoesNotContain(listed.Accounts, each => each.Id == account.Id);
        Assert.False(await Stores.Accounts.TryRemoveAsync(read, default));
        var moved = await ReadAccountAsync(account);
        Assert.Equal((AccountState.Moved, Now), (moved.State, moved.ReservedUntil!.Value));
        Assert.Equal(departures, moved.Departures);
        Assert.True(await Stores.Accounts.TryRemoveAsync(moved, default));
        Assert.False(await Stores.Accounts.TryRemoveAsync(moved, default));
        Assert.Null((await Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account);
    }

    [Fact]
    public async Task An_account_moves_from_all_its_epochs_to_a_new_one_with_one_entry()
    {
        var account = NewAccount();
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        var open = await Stores.Epochs.ListEpochsAsync(account.Id, default);
        var moved = account with { Email = Service.NewEmail(), Epoch = Ulid.New(Now.AddSeconds(1)) };
        var entry = new LogEntry(LogAction.EmailChanged, Now);
        Assert.False(await Stores.Epochs.TryMoveEpochAsync(moved, [.. open, Ulid.New(Now)], entry, default));
        Assert.Equal(open, await Stores.Epochs.ListEpochsAsync(account.Id, default));
        Assert.True(await Stores.Epochs.TryMoveEpochAsync(moved, open, entry, default));
        Assert.Equal([moved.Epoch], await Stores.Epochs.ListEpochsAsync(account.Id, default));
        Assert.Equal(moved.Email.ToAccountKey(), await Stores.Epochs.FindAccountKeyAsync(account.Id, default));
        Assert.False(await Stores.Epochs.TryMoveEpochAsync(moved with { Epoch = Ulid.New(Now) }, [moved.Epoch], entry, default));
        Assert.Equal(entry.Id, Assert.Single((await Stores.Log.ReadAsync(LogOwner.Of(account.Id), null, 10, default)).Entries).Id);
    }

    private static AccountToken NewToken(TokenPurpose purpose) => new(purpose, Guid.NewGuid(), Now.AddHours(1), KeyId.New());
}

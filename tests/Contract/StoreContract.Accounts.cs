namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task An_unknown_email_has_no_account_and_a_clear_throttle()
    {
        var file = await Stores.Accounts.ReadAsync(Service.NewEmail().ToAccountKey(), default);
        Assert.Equal(new StoredAccount(null, Throttle.Clear), file);
    }

    [Fact]
    public async Task An_account_reads_back_as_it_was_added_and_its_address_as_it_was_typed()
    {
        Assert.True(Email.TryParse($"Jose\u0301.{Guid.NewGuid():N}@Example.com", out var email));
        var account = NewAccount() with { Email = email, Notifications = new(AlertTopics.TokenReuse, AlertTopics.NewDevice) };
        Assert.True(await Stores.Accounts.TryAddAsync(account, null, default));
        var found = await ReadAccountAsync(account);
        Assert.Equal(account with { Version = found.Version, Roles = found.Roles }, found);
        Assert.Equal(account.Roles, found.Roles);
        Assert.Equal(email.Address, found.Email.Address);
    }

    [Fact]
    public async Task What_is_unfinished_of_an_account_reads_back_until_it_is_done()
    {
        foreach (var by in new[] { Actor.Of(Service.Client), Actor.Of(UserId.New(Now)), null })
        {
            var change = new AccountChange(
                Now, LogAction.PasswordChanged, EndReason.PasswordChanged, SessionId.New(), by, Closes: Ulid.New(Now))
            {
                PasskeysSince = Now,
                ReviewsPasskeys = by is null,
            };
            var account = NewAccount() with { PendingChange = change, IsPasskeyOnly = by is null, HasUnprovedPasskeys = by is null };
            await Stores.Accounts.TryAddAsync(account, null, default);
            var read = await ReadAccountAsync(account);
            Assert.Equal((change, by is null, by is null), (read.PendingChange, read.IsPasskeyOnly, read.HasUnprovedPasskeys));
            await Stores.Accounts.TryReplaceAsync(read with { PendingChange = null }, null, default);
            Assert.Null((await ReadAccountAsync(account)).PendingChange);
        }
    }

    [Fact]
    public async Task The_devices_of_an_account_read_back_in_their_order()
    {
        var account = NewAccount();
        DeviceFingerprint[] marks = [.. Enumerable.Range(0, KnownDevices.Maximum + 1).Select(i => DeviceFingerprint.Of(account.Id, new("", null, $"{i}")))];
        var devices = marks.Aggregate(default(KnownDevices), (known, mark) => known.With(mark));
        await Stores.Accounts.TryAddAsync(account with { Devices = devices }, null, default);
        var read = (await ReadAccountAsync(account)).Devices;
        Assert.Equal(devices, read);
        // The first of them went with the seventeenth, the second goes with the next.
        Assert.Equal([0], Enumerable.Range(0, marks.Length).Where(i => read.IsNew(marks[i])));
        Assert.Equal([0, 1], Enumerable.Range(0, marks.Length).Where(i => read.With(new(1)).IsNew(marks[i])));
    }

    [Fact]
    public async Task An_email_has_one_account()
    {
        var account = NewAccount();
        Assert.True(await Stores.Accounts.TryAddAsync(account, null, default));
        Assert.False(await Stores.Accounts.TryAddAsync(account with { Id = UserId.New(Now) }, null, default));
        Assert.Equal(account.Id, (await ReadAccountAsync(account)).Id);
    }

    [Fact]
    public async Task An_account_is_replaced_only_in_the_state_that_was_read()
    {
        var account = NewAccount();
        await Stores.Accounts.TryAddAsync(account, null, default);
        Assert.False(await Stores.Accounts.TryReplaceAsync(account with { State = AccountState.Disabled }, null, default));
        var read = await ReadAccountAsync(account);
        Assert.True(await Stores.Accounts.TryReplaceAsync(read with { State = AccountState.Disabled }, null, default));
        Assert.False(await Stores.Accounts.TryReplaceAsync(read with { State = AccountState.Active }, null, default));
        Assert.Equal(AccountState.Disabled, (await ReadAccountAsync(account)).State);
    }

    [Fact]
    public async Task A_throttle_is_saved_only_in_the_state_that_was_read()
    {
        var key = Service.NewEmail().ToAccountKey();
        var once = Throttle.Clear with { Failures = 1, LockedUntil = Now, RefusalToldAt = Now.AddHours(-1) };
        Assert.True(await Stores.Accounts.TrySaveAsync(key, once, default));
        Assert.False(await Stores.Accounts.TrySaveAsync(key, once, default));

        var read = (await Stores.Accounts.ReadAsync(key, default)).Throttle;
        Assert.Equal(once with { Version = read.Version }, read);
        Assert.True(await Stores.Accounts.TrySaveAsync(key, read.Reset(), default));
        Assert.False(await Stores.Accounts.TrySaveAsync(key, read with { Failures = 2 }, default));
        var reset = (await Stores.Accounts.ReadAsync(key, default)).Throttle;
        Assert.Equal((0, null, once.RefusalToldAt), (reset.Failures, reset.LockedUntil, reset.RefusalToldAt));

        Assert.False(await Stores.Accounts.TrySaveAsync(key, Throttle.Clear with { Version = read.Version }, default));
        Assert.True(await Stores.Accounts.TrySaveAsync(key, Throttle.Clear with { Version = reset.Version }, default));
        Assert.Equal(Throttle.Clear, (await Stores.Accounts.ReadAsync(key, default)).Throttle);
        Assert.False(await Stores.Accounts.TrySaveAsync(key, reset with { Failures = 1 }, default));
        Assert.True(await Stores.Accounts.TrySaveAsync(key, Throttle.Clear with { Failures = 1 }, default));
    }

    [Fact]
    public async Task A_throttle_and_a_mail_are_written_together_or_not_at_all()
    {
        var key = Service.NewEmail().ToAccountKey();
        var told = Throttle.Clear with { RefusalToldAt = Now };
        var mails = Enumerable.Range(0, 2).Select(_ => new MailIntent(Guid.NewGuid(), MailKind.LoginRefused, "a@b", null, Now, Now.AddDays(7))).ToList();
        Assert.True(await Stores.Accounts.TryWriteAsync(key, new(Mail: mails[0], Throttle: told), default));
        Assert.False(await Stores.Accounts.TryWriteAsync(key, new(Mail: mails[1], Throttle: told), default));
        Assert.Equal(Now, (await Stores.Accounts.ReadAsync(key, default)).Throttle.RefusalToldAt);
        Assert.Equal(
            (mails[0], null), (await Stores.Accounts.FindIntentAsync(key, mails[0].Id, default), await Stores.Accounts.FindIntentAsync(key, mails[1].Id, default)));
    }

    [Fact]
    public async Task The_pages_of_all_accounts_are_whole()
    {
        var made = new HashSet<UserId>();
        for (var i = 0; i < 7; i++)
        {
            var account = NewAccount();
            await Stores.Accounts.TryAddAsync(account, null, default);
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

    private async Task<Account> ReadAccountAsync(Account account) =>
        (await Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Account!;
}

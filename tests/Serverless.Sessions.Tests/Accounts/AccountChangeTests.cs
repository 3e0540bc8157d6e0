namespace Serverless.Sessions.Tests.Accounts;

public sealed class AccountChangeTests : IDisposable
{
    private const string Next = "another horse battery staple";

    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task A_wrong_present_password_changes_nothing_and_counts_as_a_failed_login()
    {
        var here = await _service.LoginAsync();
        for (var i = 0; i < 5; i++)
            Assert.IsType<ChangePasswordResult.WrongPassword>(await ChangeAsync(here.Session, "a wrong password", Next));
        Assert.Equal(new ChangePasswordResult.Locked(TimeSpan.FromSeconds(30)), await ChangeAsync(here.Session, Service.Password, Next));
        Assert.IsType<StartSessionResult.Locked>(await _service.TryLoginAsync(here.Session.Email));
    }

    [Fact]
    public async Task A_change_closes_what_an_earlier_one_left_open()
    {
        var account = await _service.CreateAccountAsync();
        await _service.Stores.Epochs.TryOpenEpochAsync(account with { Epoch = Ulid.New(_service.Clock.GetUtcNow()) }, account.Epoch, default);
        var changed = await ChangeAsync(account.Id, null, ["writer"]);
        Assert.Equal([changed.Epoch], await _service.Stores.Epochs.ListEpochsAsync(account.Id, default));
        await _service.LoginAsync(account.Email);
    }

    [Fact]
    public async Task A_new_password_against_the_rules_is_refused_before_any_hashing() =>
        Assert.IsType<ChangePasswordResult.PasswordRefused>(
            await ChangeAsync((await _service.LoginAsync()).Session, Service.Password, "short"));

    [Fact]
    public async Task A_disabled_account_is_logged_out_and_cannot_log_in_until_it_is_enabled()
    {
        var account = await _service.CreateAccountAsync();
        var started = await _service.LoginAsync(account.Email);
        Assert.Equal(AccountState.Disabled, (await ChangeAsync(account.Id, AccountState.Disabled, null)).State);
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Admin), await _service.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(account.Email));
        await ChangeAsync(account.Id, AccountState.Active, null);
        await _service.LoginAsync(account.Email);
    }

    [Fact]
    public async Task New_roles_reach_a_session_with_its_next_refresh_and_it_lives_on()
    {
        var account = await _service.CreateAccountAsync();
        var started = await _service.LoginAsync(account.Email);
        await ChangeAsync(account.Id, null, ["admin", "writer"]);
        Assert.Equal(["admin", "writer"], (await _service.FindAsync(started.Session)).Roles);
        Assert.Equal(["admin", "writer"], (await _service.RefreshAsync(started.Tokens.RefreshText)).Access.Roles);
        Assert.Single(
            await _service.LogOfAsync(account.Id), entry => entry.Action == LogAction.RolesChanged && entry.SessionId == started.Session.Id);
        Assert.Equal(["admin", "writer"], (await _service.LoginAsync(account.Email)).Session.Roles);
    }

    [Theory]
    [InlineData(2, AccountState.Active)]
    [InlineData(3, AccountState.Disabled)]
    public async Task Of_administrators_who_take_the_role_from_each_other_at_the_same_time_one_at_least_keeps_it(
        int count, AccountState state)
    {
        var ring = new List<Session>();
        for (var i = 0; i < count; i++)
            ring.Add(await _service.NewAdministratorAsync());
        // All are let in before the first change, and look at their own accounts after the last.
        using var service = NewService(Gathering(count), Gathering(count));
        await Task.WhenAll(ring.Select((session, i) =>
            service.ChangeAccount.ExecuteAsync(session, ring[(i + 1) % count].UserId, state, [], default)));
        var left = await Task.WhenAll(ring.Select(session => _service.FindAccount.ExecuteAsync(session.UserId, default)));
        Assert.Contains(left, account => account!.State == AccountState.Active && account.Roles.Contains(Roles.Admin));
    }

    [Fact]
    public async Task A_session_of_somebody_who_is_no_administrator_any_more_changes_nothing()
    {
        var (first, second) = (await _service.NewAdministratorAsync(), await _service.NewAdministratorAsync());
        Assert.IsType<ChangeAccountResult.Changed>(await TryChangeAsync(first, second.UserId, null, []));
        Assert.IsType<ChangeAccountResult.NotAllowed>(await TryChangeAsync(second, first.UserId, null, []));
        Assert.Equal([Roles.Admin], (await _service.FindAccount.ExecuteAsync(first.UserId, default))!.Roles);
    }

    [Fact]
    public async Task A_change_by_somebody_who_loses_the_role_meanwhile_is_taken_back()
    {
        var (first, second) = (await _service.NewAdministratorAsync(), await _service.NewAdministratorAsync());
        var demoted = false;
        using var service = NewService(() => Task.CompletedTask, async () =>
        {
            if (!demoted)
                await _service.ChangeAccount.ExecuteAsync(first.Email.ToAccountKey(), AccountState.Active, [], default);
            demoted = true;
        });

        Assert.IsType<ChangeAccountResult.NotAllowed>(
            await service.ChangeAccount.ExecuteAsync(first, second.UserId, AccountState.Disabled, [], default));

        var kept = (await _service.FindAccount.ExecuteAsync(second.UserId, default))!;
        Assert.Equal((AccountState.Active, Roles.Admin), (kept.State, Assert.Single(kept.Roles)));
    }

    [Fact]
    public async Task A_session_of_somebody_who_is_no_administrator_any_more_creates_and_imports_nothing()
    {
        var (former, email) = (await _service.NewAdministratorAsync(), Service.NewEmail());
        await ChangeAsync(former.UserId, null, []);
        Assert.IsType<CreateAccountResult.NotAllowed>(
            await _service.CreateAccount.ExecuteAsync(former, email, new(Next), [Roles.Admin], default));
        Assert.Null(await _service.ImportAccounts.ExecuteAsync([Imported(email)], former, default));
        Assert.Null((await _service.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account);
    }

    [Fact]
    public async Task An_import_stops_soon_after_its_administrator_loses_the_role()
    {
        var administrator = await _service.NewAdministratorAsync();
        var key = administrator.Email.ToAccountKey();
        using var service = new Service(
            _service.Stores with
            {
                Accounts = Intercepted.Around(_service.Stores.Accounts, before: Intercepted.Once(
                    nameof(IAccountStore.TryAddAsync), () => _service.ChangeAccount.ExecuteAsync(key, AccountState.Active, [], default))),
            },
            _service.Clock);
        ImportedAccount[] imported = [.. Enumerable.Range(0, 120).Select(_ => Imported(Service.NewEmail()))];
        Assert.Null(await service.ImportAccounts.ExecuteAsync(imported, administrator, default));
        var stored = await Task.WhenAll(imported.Select(each => _service.Stores.Accounts.ReadAsync(each.Email.ToAccountKey(), default)));
        Assert.InRange(stored.Count(each => each.Account is not null), 1, 50);

        // Whoever has the role goes on with it.
        await _service.ChangeAccount.ExecuteAsync(key, AccountState.Active, [Roles.Admin], default);
        var results = (await _service.ImportAccounts.ExecuteAsync(imported, administrator, default))!;
        Assert.Equal(stored.Select(each => each.Account is null), results.Select(result => result is ImportResult.Created));
    }

    [Theory]
    [InlineData(false, AccountState.Closing, AccountState.Active)]
    [InlineData(false, AccountState.Closing, AccountState.Disabled)]
    [InlineData(true, AccountState.Disabled, AccountState.Active)]
    public async Task A_change_of_a_closed_account_is_taken_back_with_the_time_of_its_erasure(
        bool disables, AccountState former, AccountState next)
    {
        var (administrator, user) = (await _service.NewAdministratorAsync(), (await _service.LoginAsync()).Session);
        if (disables)
            await TryChangeAsync(administrator, user.UserId, AccountState.Disabled, null);
        var closed = await _service.CloseAccount.ExecuteAsync(administrator.UserId, user.UserId, default);
        var calls = 0;
        using var service = NewService(() => Task.CompletedTask, async () =>
        {
            if (calls++ == 0)
                await _service.ChangeAccount.ExecuteAsync(administrator.Email.ToAccountKey(), AccountState.Active, [], default);
        });
        Assert.IsType<ChangeAccountResult.NotAllowed>(
            await service.ChangeAccount.ExecuteAsync(administrator, user.UserId, next, null, default));
        var account = (await _service.FindAccount.ExecuteAsync(user.UserId, default))!;
        Assert.Equal((former, Assert.IsType<CloseAccountResult.Closed>(closed).EraseAt), (account.State, account.EraseAt));
    }

    [Fact]
    public async Task A_session_with_the_email_of_somebody_else_changes_nothing_of_theirs()
    {
        var (other, own) = (await _service.NewAdministratorAsync(), await _service.NewAdministratorAsync());
        var forged = own with { Email = other.Email };
        Assert.IsType<ChangePasswordResult.WrongPassword>(await ChangeAsync(forged, Service.Password, Next));
        Assert.IsType<ChangeAccountResult.NotAllowed>(await TryChangeAsync(forged, own.UserId, null, []));
        await _service.EndAllSessions.ExecuteAsync(forged.UserId, forged.Email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default);
        Assert.Null((await _service.FindAsync(other)).Ending);
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(other.Email));
    }

    [Theory]
    [InlineData("admin", true)]
    [InlineData("a.b-c_9", true)]
    [InlineData("Admin", false)]
    [InlineData("a,b", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("123456789012345678901234567890123", false)]
    public void A_role_is_a_short_plain_name(string role, bool valid) => Assert.Equal(valid, Roles.AreValid([role]));

    public void Dispose() => _service.Dispose();

    private static ImportedAccount Imported(Email email) => new(email, new("hash"), [Roles.Admin], AccountState.Active, true, null);

    private Task<ChangeAccountResult> TryChangeAsync(Session administrator, UserId user, AccountState? state, string[]? roles) =>
        _service.ChangeAccount.ExecuteAsync(administrator, user, state, roles, default);

    private async Task<Account> ChangeAsync(UserId user, AccountState? state, string[]? roles) =>
        Assert.IsType<ChangeAccountResult.Changed>(await TryChangeAsync(await _service.NewAdministratorAsync(), user, state, roles)).Account;

    private Task<ChangePasswordResult> ChangeAsync(Session session, string current, string next) =>
        _service.ChangePassword.ExecuteAsync(session, new(current), new(next), Service.Client, default);

    private static Func<Task> Gathering(int count)
    {
        var all = new TaskCompletionSource();
        return () =>
        {
            if (Interlocked.Decrement(ref count) == 0)
                all.SetResult();
            return all.Task.WaitAsync(TimeSpan.FromSeconds(10));
        };
    }

    private Service NewService(Func<Task> beforeReplace, Func<Task> afterReplace)
    {
        var accounts = Intercepted.Around(_service.Stores.Accounts, instead: (call, send) =>
            call == nameof(IAccountStore.TryReplaceAsync) ? ReplaceAsync(send) : null);
        return new(_service.Stores with { Accounts = accounts }, _service.Clock);

        async Task<bool> ReplaceAsync(Func<Task> send)
        {
            await beforeReplace();
            var replaced = await (Task<bool>)send();
            await afterReplace();
            return replaced;
        }
    }
}

namespace Serverless.Sessions.Tests.Accounts;

public sealed class AccountRecordTests : IDisposable
{
    private const string Next = "another horse battery staple";

    private readonly Service _service = new(InMemoryStores.Create(), new());

    private Stores Stores => _service.Stores;

    [Fact]
    public async Task A_new_account_is_recorded_with_whoever_made_it()
    {
        var own = Assert.Single(await EntriesAsync((await _service.CreateAccountAsync()).Id));
        Assert.Equal((LogAction.AccountCreated, Service.Client, null), (own.Action, own.Client, own.Administrator));
        var administrator = await _service.NewAdministratorAsync();
        var made = await _service.CreateAccount.ExecuteAsync(administrator, Service.NewEmail(), new(Next), [], default);
        var entry = Assert.Single(await EntriesAsync(Assert.IsType<CreateAccountResult.Created>(made).Account.Id));
        Assert.Equal((LogAction.AccountCreated, null, administrator.UserId), (entry.Action, entry.Client, entry.Administrator));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_password_change_is_recorded_once_however_many_sessions_it_ends(int sessions)
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var here = (await _service.LoginAsync(email)).Session;
        for (var i = 1; i < sessions; i++)
            await _service.LoginAsync(email);
        Assert.IsType<ChangePasswordResult.Changed>(await ChangeAsync(here));
        var log = await _service.LogOfAsync(here.UserId);
        var entry = Assert.Single(log, each => each.Action == LogAction.PasswordChanged);
        Assert.Equal((here.Id, Service.Client), (entry.SessionId!.Value, entry.Client));
        var ended = log.Where(each => each.Action == LogAction.SessionRevoked).ToList();
        Assert.Equal(sessions - 1, ended.Count);
        Assert.All(ended, each => Assert.Equal("password_changed", each.Error));
    }

    [Fact]
    public async Task What_an_administrator_does_is_recorded_without_any_session_and_names_the_administrator()
    {
        var (account, administrator) = (await _service.CreateAccountAsync(), await _service.NewAdministratorAsync());
        await AdministerAsync(administrator, account.Id, AccountState.Disabled, ["writer"]);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        await AdministerAsync(administrator, account.Id, AccountState.Disabled, ["writer"]);
        await AdministerAsync(administrator, account.Id, AccountState.Active, null);
        var log = await _service.LogOfAsync(account.Id);
        Assert.Equal(
            ["account_disabled", "account_enabled", "roles_changed"], log.Select(entry => entry.Action.Name).Order(StringComparer.Ordinal));
        Assert.All(log, entry => Assert.Equal((administrator.UserId, null, null), (entry.Administrator!.Value, entry.Client, entry.SessionId)));
    }

    [Fact]
    public async Task The_sessions_that_an_administrator_changes_name_the_administrator_too()
    {
        var session = (await _service.LoginAsync()).Session;
        var administrator = await _service.NewAdministratorAsync();
        await AdministerAsync(administrator, session.UserId, null, []);
        await AdministerAsync(administrator, session.UserId, AccountState.Disabled, null);
        var ofSession = (await _service.LogOfAsync(session.UserId)).Where(entry => entry.SessionId == session.Id && entry.Action != LogAction.Login);
        Assert.Equal(["roles_changed", "session_revoked"], ofSession.Select(entry => entry.Action.Name).Order(StringComparer.Ordinal));
        Assert.All(ofSession, entry => Assert.Equal((administrator.UserId, null), (entry.Administrator!.Value, entry.Client)));
    }

    [Theory]
    [InlineData(nameof(IEpochStore.CloseEpochAsync))]
    [InlineData(nameof(ISessionStore.ListAsync))]
    [InlineData(nameof(ISessionStore.TryEndAsync))]
    public async Task A_password_change_that_storage_interrupted_is_finished_by_the_next_login(string interruptedAt)
    {
        var (here, there) = await InterruptAsync(interruptedAt);
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(here.Email, Next));
        await AssertFinishedAsync(here, there);
    }

    [Theory]
    [InlineData(nameof(IEpochStore.CloseEpochAsync))]
    [InlineData(nameof(ISessionStore.TryEndAsync))]
    public async Task A_password_change_that_storage_interrupted_is_finished_when_it_is_repeated(string interruptedAt)
    {
        var (here, there) = await InterruptAsync(interruptedAt);
        Assert.IsType<ChangePasswordResult.WrongPassword>(await ChangeAsync(here));
        await AssertFinishedAsync(here, there);
    }

    [Fact]
    public async Task A_password_change_that_was_interrupted_is_finished_by_any_other_change()
    {
        var (here, there) = await InterruptAsync(nameof(ISessionStore.ListAsync));
        await AdministerAsync(await _service.NewAdministratorAsync(), here.UserId, null, ["reader"]);
        await AssertFinishedAsync(here, there);
    }

    [Fact]
    public async Task Of_two_changes_of_roles_at_the_same_time_the_sessions_get_those_that_the_account_has()
    {
        var session = (await _service.LoginAsync()).Session;
        var administrator = await _service.NewAdministratorAsync();
        var sessions = Intercepted.Around(Stores.Sessions, before: Intercepted.Once(
            nameof(ISessionStore.ListAsync), () => AdministerAsync(administrator, session.UserId, null, ["later"])));
        using var service = new Service(Stores with { Sessions = sessions }, _service.Clock);
        await service.ChangeAccount.ExecuteAsync(administrator, session.UserId, null, ["earlier"], default);
        Assert.Equal(["later"], (await _service.FindAccount.ExecuteAsync(session.UserId, default))!.Roles);
        Assert.Equal(["later"], (await _service.FindAsync(session)).Roles);
    }

    [Fact]
    public async Task A_present_password_that_another_change_replaced_meanwhile_is_wrong()
    {
        var here = (await _service.LoginAsync()).Session;
        // The password was checked, and the change is about to be written.
        var epochs = Intercepted.Around(Stores.Epochs, before: Intercepted.Once(nameof(IEpochStore.TryOpenEpochAsync), () =>
            _service.SetPassword.ExecuteAsync(here.Email, new("a third horse battery staple"), null, here.Id, null, default)));
        using var service = new Service(Stores with { Epochs = epochs }, _service.Clock);
        Assert.IsType<ChangePasswordResult.WrongPassword>(
            await service.ChangePassword.ExecuteAsync(here, new(Service.Password), new(Next), Service.Client, default));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(here.Email, "a third horse battery staple"));
    }

    public void Dispose() => _service.Dispose();

    private Task<ChangePasswordResult> ChangeAsync(Session session) =>
        _service.ChangePassword.ExecuteAsync(session, new(Service.Password), new(Next), Service.Client, default);

    private async Task AdministerAsync(Session administrator, UserId user, AccountState? state, IReadOnlyList<string>? roles) =>
        Assert.IsType<ChangeAccountResult.Changed>(await _service.ChangeAccount.ExecuteAsync(administrator, user, state, roles, default));

    private async Task<(Session Here, Session There)> InterruptAsync(string at)
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var (here, there) = ((await _service.LoginAsync(email)).Session, (await _service.LoginAsync(email)).Session);
        using var service = new Service(Intercepted.AroundAccounts(Stores, Intercepted.Away(at)), _service.Clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            service.ChangePassword.ExecuteAsync(here, new(Service.Password), new(Next), Service.Client, default));
        Assert.Null((await _service.FindAsync(there)).Ending);
        return (here, there);
    }

    private async Task AssertFinishedAsync(Session here, Session there)
    {
        Assert.Equal(EndReason.PasswordChanged, (await _service.FindAsync(there)).Ending?.Reason);
        Assert.Null((await _service.FindAsync(here)).Ending);
        Assert.Single(await _service.LogOfAsync(here.UserId), entry => entry.Action == LogAction.PasswordChanged);
        Assert.Null((await Stores.Accounts.ReadAsync(here.Email.ToAccountKey(), default)).Account!.PendingChange);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(here.Email));
    }

    private async Task<IReadOnlyList<LogEntry>> EntriesAsync(UserId user) =>
        (await Stores.Log.ReadAsync(LogOwner.Of(user), null, 100, default)).Entries;
}

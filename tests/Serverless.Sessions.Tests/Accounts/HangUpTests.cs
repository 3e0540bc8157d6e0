namespace Serverless.Sessions.Tests.Accounts;

/// <summary>A caller who hangs up during a change of an account leaves no session alive that the change was to end.</summary>
public sealed class HangUpTests : IDisposable
{
    private readonly CancellationTokenSource _caller = new();
    private readonly Service _service;
    private string? _hangsUpAfter;

    public HangUpTests() => _service = new(Intercepted.AroundAccounts(InMemoryStores.Create(), after: HangUp), new());

    [Theory]
    [InlineData(nameof(IEpochStore.TryOpenEpochAsync))]
    [InlineData(nameof(IAccountStore.TryReplaceAsync))]
    [InlineData(nameof(IEpochStore.CloseEpochAsync))]
    [InlineData(nameof(ISessionStore.ListAsync))]
    public async Task A_password_change_ends_the_other_sessions(string after)
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var (here, there) = (await _service.LoginAsync(email), await _service.LoginAsync(email));
        _hangsUpAfter = after;
        Assert.IsType<ChangePasswordResult.Changed>(await _service.ChangePassword.ExecuteAsync(
            here.Session, new(Service.Password), new("another horse battery staple"), Service.Client, _caller.Token));
        Assert.Equal(EndReason.PasswordChanged, (await _service.FindAsync(there.Session)).Ending?.Reason);
    }

    [Theory]
    [InlineData(nameof(IEpochStore.TryOpenEpochAsync))]
    [InlineData(nameof(IEpochStore.CloseEpochAsync))]
    public async Task A_disabling_ends_the_sessions(string after)
    {
        var session = (await _service.LoginAsync()).Session;
        var administrator = await _service.NewAdministratorAsync();
        _hangsUpAfter = after;
        await _service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Disabled, null, _caller.Token);
        Assert.Equal(EndReason.Admin, (await _service.FindAsync(session)).Ending?.Reason);
    }

    [Fact]
    public async Task A_role_that_is_taken_away_is_taken_from_the_sessions()
    {
        var session = (await _service.LoginAsync()).Session;
        var administrator = await _service.NewAdministratorAsync();
        _hangsUpAfter = nameof(IAccountStore.TryReplaceAsync);
        await _service.ChangeAccount.ExecuteAsync(administrator, session.UserId, null, [], _caller.Token);
        Assert.Empty((await _service.FindAsync(session)).Roles);
    }

    [Theory]
    [InlineData(nameof(IAccountStore.TryReplaceAsync))]
    [InlineData(nameof(IEpochStore.CloseEpochAsync))]
    public async Task A_logout_everywhere_ends_the_sessions(string after)
    {
        var session = (await _service.LoginAsync()).Session;
        _hangsUpAfter = after;
        await _service.EndAllSessions.ExecuteAsync(session.UserId, session.Email, EndReason.LogoutAll, null, Actor.Of(Service.Client), _caller.Token);
        Assert.Equal(EndReason.LogoutAll, (await _service.FindAsync(session)).Ending?.Reason);
    }

    public void Dispose()
    {
        _service.Dispose();
        _caller.Dispose();
    }

    private void HangUp(string method)
    {
        if (method == _hangsUpAfter)
            _caller.Cancel();
    }
}

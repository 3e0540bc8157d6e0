namespace Serverless.Sessions.Tests.Refresh;

/// <summary>The storage client repeats a call whose reply was lost, and then sees the refusal of its own success.</summary>
public sealed class LostReplyTests : IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly Service _service;

    public LostReplyTests()
    {
        var accounts = Intercepted.Around(_stores.Accounts, instead: (call, send) =>
            call is nameof(IAccountStore.TryReplaceAsync) or nameof(IAccountStore.TrySaveAsync) ? SendTwiceAsync(send) : null);
        _service = new(_stores with { Accounts = accounts }, new());
    }

    [Fact]
    public async Task A_failed_login_is_counted_once()
    {
        var email = Service.NewEmail();
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(email, "wrong password"));
        Assert.Equal(1, (await _stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Throttle.Failures);
    }

    [Fact]
    public async Task A_new_password_leaves_the_account_open_for_logins()
    {
        var account = await _service.CreateAccountAsync();
        var before = await _service.LoginAsync(account.Email);
        const string next = "another horse battery staple";
        Assert.True(await _service.SetPassword.ExecuteAsync(account.Email, new(next), null, null, null, default));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(account.Email, next));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(account.Email));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.PasswordChanged), await _service.TryRefreshAsync(before.Tokens.RefreshText));
        Assert.Null(await _stores.Sessions.TryOpenAsync(
            before.Session with { Id = SessionId.New() }, account.Epoch, new(LogAction.Login, default), [], null, default));
    }

    [Fact]
    public async Task An_account_whose_epoch_is_gone_is_an_outage_and_no_endless_login()
    {
        var account = await _service.CreateAccountAsync();
        await _stores.Epochs.CloseEpochAsync(account.Id, account.Epoch, null, default);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _service.LoginAsync(account.Email));
    }

    public void Dispose() => _service.Dispose();

    private static async Task<bool> SendTwiceAsync(Func<Task> send)
    {
        await send();
        return await (Task<bool>)send();
    }
}

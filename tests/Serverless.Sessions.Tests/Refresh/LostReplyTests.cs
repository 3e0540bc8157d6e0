namespace Serverless.Sessions.Tests.Refresh;

/// <summary>The storage client repeats a call whose reply was lost, and then sees the refusal of its own success.</summary>
public sealed class LostReplyTests : IDisposable
{
    private readonly Stores _stores;
    private readonly Service _service;

    public LostReplyTests()
    {
        var stores = InMemoryStores.Create();
        _stores = stores with { Accounts = new EchoingAccounts(stores.Accounts) };
        _service = new(_stores, new());
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
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.PasswordChanged), await _service.TryRefreshAsync(before.Tokens.RefreshText));
        Assert.Null(await _stores.Sessions.TryOpenAsync(
            before.Session with { Id = SessionId.New() }, account.Epoch, new() { Action = LogAction.Login, At = default }, null, default));
    }

    [Fact]
    public async Task An_account_whose_epoch_is_gone_is_an_outage_and_no_endless_login()
    {
        var account = await _service.CreateAccountAsync();
        await _stores.Epochs.CloseEpochAsync(account.Id, account.Epoch, null, default);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _service.LoginAsync(account.Email));
    }

    public void Dispose() => _service.Dispose();

    private sealed class EchoingAccounts(IAccountStore inner) : IAccountStore
    {
        public Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

        public Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken) =>
            inner.ListAsync(after, limit, cancellationToken);

        public Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken) => inner.TryAddAsync(account, cancellationToken);

        public async Task<bool> TryReplaceAsync(Account account, CancellationToken cancellationToken)
        {
            await inner.TryReplaceAsync(account, cancellationToken);
            return await inner.TryReplaceAsync(account, cancellationToken);
        }

        public async Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken)
        {
            await inner.TrySaveAsync(key, throttle, cancellationToken);
            return await inner.TrySaveAsync(key, throttle, cancellationToken);
        }
    }
}

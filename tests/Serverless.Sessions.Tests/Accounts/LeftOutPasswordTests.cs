namespace Serverless.Sessions.Tests.Accounts;

/// <summary>Where the password is left out, the session's last proof counts, if it is by passkey and fresh.</summary>
public sealed class LeftOutPasswordTests : IDisposable
{
    private const string Next = "another horse battery staple";

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public LeftOutPasswordTests() => _service = new(_stores, _clock);

    [Fact]
    public async Task A_fresh_proof_by_passkey_changes_the_password_and_ends_the_other_sessions()
    {
        var account = await _service.CreateAccountAsync();
        var (here, there) = ((await _service.LoginAsync(account.Email)).Session, (await _service.LoginAsync(account.Email)).Session);
        await _service.ProveByPasskeyAsync(here);
        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.IsType<ChangePasswordResult.Changed>(await ChangeAsync(here));
        Assert.Equal(EndReason.PasswordChanged, (await _service.FindAsync(there)).Ending?.Reason);
        Assert.Null((await _service.FindAsync(here)).Ending);
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(account.Email, Next));
    }

    [Fact]
    public async Task It_asks_for_another_email_and_closes_the_account()
    {
        var session = (await _service.LoginAsync()).Session;
        await _service.ProveByPasskeyAsync(session);
        var email = Service.NewEmail();
        Assert.IsType<OwnPasswordResult.Right>(
            await _service.ChangeEmail.ExecuteAsync(session, email, password: null, Service.Client, () => true, default));
        Assert.Equal(session.UserId, (await _stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Verify?.User);
        Assert.IsType<CloseAccountResult.Closed>(await _service.CloseAsync(session, password: null));
    }

    [Fact]
    public async Task It_sets_a_first_password_for_an_account_without_one()
    {
        var session = (await _service.LoginAsync()).Session;
        await RemovePasswordAsync(session);
        await _service.ProveByPasskeyAsync(session);
        Assert.IsType<ChangePasswordResult.Changed>(await ChangeAsync(session));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(session.Email, Next));
    }

    [Theory]
    [InlineData("by password")]
    [InlineData("too old")]
    [InlineData("followed by one by password")]
    [InlineData("of a session that has ended")]
    public async Task No_other_proof_will_do(string proof)
    {
        var session = (await _service.LoginAsync()).Session;
        if (proof != "by password")
            await _service.ProveByPasskeyAsync(session);
        if (proof == "followed by one by password")
            await _service.StepUpAsync(session);
        // What an instance may have cached.
        var believed = await _service.FindAsync(session);
        if (proof == "of a session that has ended")
            await _service.LogoutAsync(session);
        if (proof == "too old")
            _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromMilliseconds(1));

        Assert.IsType<ChangePasswordResult.NotProved>(await ChangeAsync(believed));
        Assert.IsType<CloseAccountResult.NotProved>(await _service.CloseAsync(believed, password: null));
        Assert.IsType<OwnPasswordResult.NotProved>(
            await _service.ChangeEmail.ExecuteAsync(believed, Service.NewEmail(), password: null, Service.Client, () => true, default));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(session.Email));
    }

    [Fact]
    public async Task A_proof_has_to_be_of_the_last_15_minutes_also_where_nothing_else_asks_for_a_fresh_one()
    {
        using var service = new Service(_stores, _clock, stepUpOptions: new() { MaximumAge = TimeSpan.Zero });
        var session = (await service.LoginAsync()).Session;
        await service.ProveByPasskeyAsync(session);
        _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromMilliseconds(1));
        Assert.IsType<CloseAccountResult.NotProved>(await service.CloseAsync(session, password: null));
        await service.ProveByPasskeyAsync(session);
        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.IsType<CloseAccountResult.Closed>(await service.CloseAsync(session, password: null));
    }

    [Fact]
    public async Task Wrong_passwords_keep_no_passkey_out()
    {
        var session = (await _service.LoginAsync()).Session;
        for (var i = 0; i < 5; i++)
            await _service.TryLoginAsync(session.Email, "a wrong password");
        await _service.ProveByPasskeyAsync(session);
        Assert.IsType<ChangePasswordResult.Changed>(await ChangeAsync(session));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_password_that_another_session_sets_meanwhile_stays(bool hadPassword)
    {
        const string theirs = "a third horse battery staple";
        var account = await _service.CreateAccountAsync();
        var (here, there) = ((await _service.LoginAsync(account.Email)).Session, (await _service.LoginAsync(account.Email)).Session);
        if (!hadPassword)
            await RemovePasswordAsync(here);
        await _service.ProveByPasskeyAsync(here);
        await _service.ProveByPasskeyAsync(there);
        // After the account and the session were read.
        using var racing = new Service(
            _stores with
            {
                Epochs = Intercepted.Around(_stores.Epochs, before: Intercepted.Once(
                    nameof(IEpochStore.ListEpochsAsync), async () => Assert.IsType<ChangePasswordResult.Changed>(
                        await _service.ChangePassword.ExecuteAsync(there, null, new(theirs), Service.Client, default)))),
            },
            _clock);

        Assert.IsType<ChangePasswordResult.NotProved>(
            await racing.ChangePassword.ExecuteAsync(here, null, new(Next), Service.Client, default));

        Assert.Equal(EndReason.PasswordChanged, (await _service.FindAsync(here)).Ending?.Reason);
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(account.Email, theirs));
    }

    public void Dispose() => _service.Dispose();

    private Task<ChangePasswordResult> ChangeAsync(Session session) =>
        _service.ChangePassword.ExecuteAsync(session, current: null, new(Next), Service.Client, default);

    private async Task RemovePasswordAsync(Session session) => await _service.Fence.ChangeAsync(
        session.Email.ToAccountKey(), (account, _) => new(account with { PasswordHash = null }, new(_clock.GetUtcNow())), default);
}

namespace Serverless.Sessions.Tests.Accounts;

/// <summary>A service that requires verified addresses, and reads the mails that it sends.</summary>
internal sealed class MailedFlows : IDisposable
{
    public const string Next = "another horse battery staple";

    private readonly Service _service;

    public MailedFlows()
    {
        Mails = new();
        _service = new(InMemoryStores.Create(), new(), accountOptions: new() { VerifyEmail = true }, sender: Mails);
    }

    public MailSink Mails { get; }
    public Service Service => _service;
    public Stores Stores => _service.Stores;

    /// <summary>Another instance on the same rows.</summary>
    public Service Beside(Stores stores) => new(stores, _service.Clock, accountOptions: new() { VerifyEmail = true }, sender: Mails);

    /// <summary>An instance that dies.</summary>
    public Service Dying(Killer killer) => Beside(killer.Around(Stores));

    public async Task<Email> RegisterAsync(Email? email = null, string password = Service.Password)
    {
        email ??= Service.NewEmail();
        Assert.IsType<RegisterAccountResult.Accepted>(await _service.RegisterAccount.ExecuteAsync(email, new(password), "de", default));
        await SendAsync();
        return email;
    }

    /// <summary>An account whose address is verified, by its mail.</summary>
    public async Task<Email> NewUserAsync()
    {
        var email = await RegisterAsync();
        Assert.IsType<VerifyEmailResult.Verified>(await UseAsync(email, MailKind.VerifyEmail));
        return email;
    }

    public Task<VerifyEmailResult> UseAsync(Email email, MailKind kind) => UseAsync(Mails.TokenOf(email, kind));
    public Task<VerifyEmailResult> UseAsync(string token) => _service.VerifyEmail.ExecuteAsync(token, Service.Client, default);

    public async Task<Email> AskForChangeAsync(Session session, Email? to = null, string password = Service.Password)
    {
        to ??= Service.NewEmail();
        Assert.IsType<OwnPasswordResult.Right>(
            await _service.ChangeEmail.ExecuteAsync(session, to, new(password), Service.Client, () => true, default));
        await SendAsync();
        return to;
    }

    public async Task<Email> MoveAsync(Session session)
    {
        var to = await AskForChangeAsync(session);
        Assert.IsType<VerifyEmailResult.Verified>(await UseAsync(to, MailKind.ChangeEmail));
        await SendAsync();
        return to;
    }

    public async Task<string> ForgetAsync(Email email)
    {
        await _service.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default);
        await SendAsync();
        return Mails.TokenOf(email, MailKind.ResetPassword);
    }

    public Task<ResetPasswordResult> ResetAsync(string token, string password = Next) =>
        _service.ResetPassword.ExecuteAsync(token, new(password), Service.Client, default);

    /// <summary>What the timers do, minutes later: mails, and what was interrupted.</summary>
    public async Task SendAsync()
    {
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        await _service.SendOutbox.ExecuteAsync(default);
        await _service.RaiseAlerts.ExecuteAsync(default);
        await _service.SendOutbox.ExecuteAsync(default);
    }

    public async Task<bool> CanLogInAsync(Email email, string password = Service.Password)
    {
        var result = await _service.TryLoginAsync(email, password);
        // Counted failures would lock the address.
        var stored = await Stores.Accounts.ReadAsync(email.ToAccountKey(), default);
        await Stores.Accounts.TrySaveAsync(email.ToAccountKey(), stored.Throttle.Reset(), default);
        return result is StartSessionResult.Started;
    }

    /// <summary>The user has one account, complete and with the only key, and it is at this address.</summary>
    public async Task<Account> IsWholeAsync(UserId user, Email at, params Email[] others)
    {
        Assert.Equal(at.ToAccountKey(), await Stores.Epochs.FindAccountKeyAsync(user, default));
        var account = (await Stores.Accounts.ReadAsync(at.ToAccountKey(), default)).Account!;
        Assert.Equal((user, null, null), (account.Id, account.PendingChange, account.MovedTo));
        Assert.Equal([account.Epoch], await Stores.Epochs.ListEpochsAsync(user, default));
        foreach (var other in others)
            Assert.True((await Stores.Accounts.ReadAsync(other.ToAccountKey(), default)).Account is null or { State: AccountState.Moved, PasswordHash: null });
        var listed = (await Stores.Accounts.ListAsync(null, 100, default)).Accounts.Where(each => each.Id == user);
        Assert.Equal(at, Assert.Single(listed).Email);
        return account;
    }

    /// <summary>Once the timers have been by, the index has the email of each account and no other.</summary>
    public async Task IsIndexedAsync()
    {
        for (var i = 0; i < 4; i++)
            await SendAsync();
        var emails = (await Stores.Emails.ReadAsync("", null, 100, default)).Emails;
        foreach (var email in emails)
            Assert.NotNull((await Stores.Accounts.ReadAsync(email.Account, default)).Account);
        Assert.All((await Stores.Accounts.ListAsync(null, 100, default)).Accounts, account => Assert.Contains(EmailPosition.Of(account.Email), emails));
    }

    public void Dispose() => _service.Dispose();
}

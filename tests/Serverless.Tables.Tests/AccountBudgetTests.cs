namespace Serverless.Tables.Tests;

/// <summary>What creating and changing accounts costs.</summary>
[Collection(nameof(TableFixture))]
public sealed class AccountBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly Service _service;
    private Account _account = null!;

    public AccountBudgetTests(TableFixture fixture) => _service = new(fixture.CreateStores(_counter), new());

    /// <summary>The tables are made, the keys read, and the device is known.</summary>
    public async Task InitializeAsync()
    {
        _account = await _service.CreateAccountAsync();
        await _service.LogoutAsync((await _service.LoginAsync(_account.Email)).Session);
    }

    public Task DisposeAsync() => Task.CompletedTask;
    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_logout_everywhere_is_4_reads_and_5_writes_beside_its_endings()
    {
        for (var i = 0; i < 3; i++)
            await _service.LoginAsync(_account.Email);
        await AssertCostAsync(reads: 4, writes: 5 + 3 + 1 + 3, () => _service.EndAllSessions.ExecuteAsync(
            _account.Id, _account.Email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default));
    }

    [Fact]
    public async Task An_account_is_3_reads_and_7_writes_and_one_whose_email_is_taken_1_read()
    {
        await AssertCostAsync(TransactionBudgets.Account, () => _service.CreateAccountAsync());
        await AssertCostAsync(reads: 1, writes: 0, () => _service.CreateAccount.ExecuteAsync(_account.Email, new(Service.Password), [], null, default));
    }

    [Fact]
    public async Task An_administrator_who_creates_or_imports_accounts_is_read_before()
    {
        var administrator = await _service.NewAdministratorAsync();
        ImportedAccount[] imported = [New(), New()];
        await AssertCostAsync(2 * TransactionBudgets.Account + new TransactionCost(1, 0), ImportAsync);
        await AssertCostAsync(reads: 2 + 1, writes: 0, ImportAsync);
        await AssertCostAsync(TransactionBudgets.Account + new TransactionCost(1, 0), () => _service.CreateAccount.ExecuteAsync(
            administrator, Service.NewEmail(), new(Service.Password), [], default));

        Task ImportAsync() => _service.ImportAccounts.ExecuteAsync(imported, administrator, default);

        ImportedAccount New() => new(
            Service.NewEmail(), _account.PasswordHash!.Value, [], AccountState.Active, EmailVerified: false, CreatedAt: null);
    }

    [Fact]
    public async Task A_password_change_files_the_log_of_its_account_with_1_write_more_and_an_own_one_its_mail_with_another()
    {
        await AssertCostAsync(reads: 4, writes: 6 + 1, () => ChangeAsync(_account));
        await AssertCostAsync(reads: 4 + 1, writes: 6, () => ChangeAsync(read: null));

        Task ChangeAsync(Account? read) => _service.SetPassword.ExecuteAsync(
            _account.Email, new("another horse battery staple"), read, except: null, client: Service.Client, default);
    }

    [Fact]
    public async Task A_change_of_email_is_2_reads_and_3_writes_then_9_and_11_by_its_link_and_11_and_12_to_take_it_back()
    {
        var (session, next) = ((await _service.LoginAsync(_account.Email)).Session, Service.NewEmail());
        await AssertCostAsync(reads: 2, writes: 3, () => _service.ChangeEmail.ExecuteAsync(
            session, next, new(Service.Password), Service.Client, () => true, default));
        await AssertCostAsync(reads: 9 + 1, writes: 11 + 2, await VerifyAsync(next));
        await AssertCostAsync(reads: 11, writes: 12 + 1 + 1 + 1, await VerifyAsync(_account.Email));

        async Task<Func<Task>> VerifyAsync(Email email)
        {
            var link = await LinkAsync(email, TokenPurpose.Verify);
            return async () => Assert.IsType<VerifyEmailResult.Verified>(await _service.VerifyEmail.ExecuteAsync(link, Service.Client, default));
        }
    }

    [Fact]
    public async Task A_password_reset_is_6_reads_and_7_writes_and_closing_an_account_5_and_8_beside_their_endings()
    {
        await _service.RequestPasswordReset.ExecuteAsync(_account.Email.ToAccountKey(), null, default);
        var link = await LinkAsync(_account.Email, TokenPurpose.Reset);
        await AssertCostAsync(reads: 6, writes: 7, async () => Assert.IsType<ResetPasswordResult.Reset>(
            await _service.ResetPassword.ExecuteAsync(link, new(Service.Password), Service.Client, default)));
        var session = (await _service.LoginAsync(_account.Email)).Session;
        await AssertCostAsync(reads: 5, writes: 8 + 1 + 1 + 1, async () =>
            Assert.IsType<CloseAccountResult.Closed>(await _service.CloseAsync(session)));
    }

    [Fact]
    public async Task Securing_an_account_is_8_reads_and_6_writes_by_disabling_it_and_7_and_8_with_a_new_password_beside_its_endings()
    {
        using var service = new Service(_service.Stores, new(), sender: new MailSink());
        var administrator = await service.NewAdministratorAsync();
        await AssertCostAsync(TransactionBudgets.AccountWithoutPassword, () => SecureAsync(disables: false));
        await AssertCostAsync(TransactionBudgets.SecuredAccount, () => SecureAsync(disables: true));

        async Task SecureAsync(bool disables) => Assert.IsType<SecureAccountResult.Secured>(
            await service.SecureAccount.ExecuteAsync(administrator, _account.Id, disables, default));
    }

    private async Task<string> LinkAsync(Email email, TokenPurpose purpose)
    {
        var stored = await _service.Stores.Accounts.ReadAsync(email.ToAccountKey(), default);
        return AccountTokenCodec.Write(email.ToAccountKey(), stored.Find(purpose)!, await _service.Keys.GetAsync(default))!;
    }

    private Task AssertCostAsync(int reads, int writes, Func<Task> operation) => AssertCostAsync(new(reads, writes), operation);

    private async Task AssertCostAsync(TransactionCost cost, Func<Task> operation) =>
        Assert.Equal(cost, await _counter.CountAsync(operation));
}

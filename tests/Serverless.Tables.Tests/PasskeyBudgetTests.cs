namespace Serverless.Tables.Tests;

/// <summary>What passkeys and step-ups cost.</summary>
[Collection(nameof(TableFixture))]
public sealed class PasskeyBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly Service _service;
    private readonly SoftwareAuthenticator _authenticator = new(Service.Origin);
    private StartSessionResult.Started _started = null!;

    public PasskeyBudgetTests(TableFixture fixture) => _service = new(
        fixture.CreateStores(_counter), new(), sender: new MailSink());

    /// <summary>The tables are made, the keys read, and the device is known.</summary>
    public async Task InitializeAsync() => _started = await _service.LoginAsync();

    public Task DisposeAsync() => Task.CompletedTask;
    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_login_by_passkey_is_2_reads_and_3_writes()
    {
        await RegisterAsync();
        var response = Answer(await _service.StartPasskeyLogin.ExecuteAsync(Service.Origin, default));
        await AssertCostAsync(TransactionBudgets.PasskeyLogin, async () => Assert.IsType<StartSessionResult.Started>(
            await _service.LogInWithPasskey.ExecuteAsync(new(response, Remember: false), Service.Client, _ => true, default)));
    }

    [Fact]
    public async Task A_step_up_is_2_reads_and_1_write_and_the_next_refresh_1_read_and_1_write_more()
    {
        await AssertCostAsync(TransactionBudgets.StepUp, () => _service.StepUpAsync(_started.Session));
        var next = "";
        await AssertCostAsync(new(1, 2), async () => next = (await _service.RefreshAsync(_started.Tokens.RefreshText)).RefreshText);
        await AssertCostAsync(TransactionBudgets.Refresh, () => _service.RefreshAsync(next));
    }

    [Fact]
    public async Task A_step_up_by_passkey_costs_no_more()
    {
        await RegisterAsync();
        var response = Answer((await _service.StartStepUp.ExecuteAsync(_started.Session, Service.Origin, default)).Passkey!);
        await AssertCostAsync(TransactionBudgets.StepUp, async () => Assert.IsType<StepUpResult.Proved>(
            await _service.StepUp.ExecuteAsync(_started.Session, response, Service.Client, default)));
    }

    [Fact]
    public async Task A_passkey_that_is_added_is_4_reads_and_4_writes_with_the_promise_of_its_mail()
    {
        var ceremony = (await _service.StartPasskeyRegistration.ExecuteAsync(_started.Session, Service.Origin, default))!;
        var response = Response(ceremony, _authenticator.Create(ceremony.Options));
        await AssertCostAsync(TransactionBudgets.AddedPasskey, async () => Assert.IsType<RegisterPasskeyResult.Registered>(
            await _service.RegisterPasskey.ExecuteAsync(_started.Session, response, null, Service.Client, default)));
    }

    [Fact]
    public async Task A_reset_that_removes_passkeys_is_1_read_and_1_write_more_however_many_they_are()
    {
        for (var i = 0; i < 3; i++)
            await RegisterAsync();
        var key = _started.Session.Email.ToAccountKey();
        await _service.RequestPasswordReset.ExecuteAsync(key, null, default);
        var link = AccountTokenCodec.Write(
            key, (await _service.Stores.Accounts.ReadAsync(key, default)).Find(TokenPurpose.Reset)!, await _service.Keys.GetAsync(default))!;
        // The last are of the session that ends.
        await AssertCostAsync(new(6 + 1, 7 + 1 + (1 + 1 + 1)), async () => Assert.IsType<ResetPasswordResult.Reset>(
            await _service.ResetPassword.ExecuteAsync(link, new(Service.Password), Service.Client, default)));
    }

    [Fact]
    public async Task Securing_an_account_with_passkeys_is_1_read_and_1_write_more_however_many_they_are()
    {
        for (var i = 0; i < 3; i++)
            await RegisterAsync();
        var administrator = await _service.NewAdministratorAsync();
        // The last are of the session that ends.
        await AssertCostAsync(
            TransactionBudgets.SecuredAccount + new TransactionCost(1, 1 + (1 + 1 + 1)), async () => Assert.IsType<SecureAccountResult.Secured>(
                await _service.SecureAccount.ExecuteAsync(administrator, _started.Session.UserId, disables: true, default)));
    }

    [Fact]
    public async Task An_account_with_a_passkey_costs_what_one_with_a_password_does_and_its_options_nothing()
    {
        Ceremony? ceremony = null;
        await AssertCostAsync(new(0, 0), async () =>
            ceremony = await _service.StartAccountWithPasskey.ExecuteAsync(Service.NewEmail(), Service.Origin, default));
        var response = Response(ceremony!, _authenticator.Create(ceremony!.Options));
        await AssertCostAsync(TransactionBudgets.PasskeyAccount, async () => Assert.IsType<RegisterAccountWithPasskeyResult.Created>(
            await _service.RegisterAccountWithPasskey.ExecuteAsync(response, null, null, Service.Client, _ => true, default)));
    }

    private async Task RegisterAsync()
    {
        var ceremony = (await _service.StartPasskeyRegistration.ExecuteAsync(_started.Session, Service.Origin, default))!;
        Assert.IsType<RegisterPasskeyResult.Registered>(await _service.RegisterPasskey.ExecuteAsync(
            _started.Session, Response(ceremony, _authenticator.Create(ceremony.Options, new() { IgnoresExcluded = true })), null, Service.Client, default));
    }

    private PasskeyResponse Answer(Ceremony ceremony) => Response(ceremony, _authenticator.Get(ceremony.Options));

    private static PasskeyResponse Response(Ceremony ceremony, JsonNode credential) =>
        new(ceremony.State, JsonSerializer.SerializeToElement(credential), Service.Origin);

    private async Task AssertCostAsync(TransactionCost cost, Func<Task> operation)
    {
        // Reading the keys again every few minutes is the instance's cost and no operation's.
        await _service.Keys.GetFreshAsync(default);
        Assert.Equal(cost, await _counter.CountAsync(operation));
    }
}

namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>A process that dies at any step leaves each challenge used once or not at all.</summary>
public sealed class PasskeyCrashTests
{
    [Fact]
    public Task A_login_that_dies_has_used_the_assertion_and_opened_one_session_or_neither() => AtEachStepAsync(async (flows, killer) =>
    {
        var (session, _) = await flows.NewPasskeyAsync();
        var response = await flows.GetAsync();
        var result = await DyingAsync(flows, killer, service => PasskeyFlows.LoginAsync(service, response));
        var isOpen = (await flows.Service.ListSessions.ExecuteAsync(session.UserId, default)).Count == 2;
        Assert.True(isOpen || result is null);
        var again = await PasskeyFlows.LoginAsync(flows.Service, response);
        if (isOpen)
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, again);
        else
            Assert.IsType<StartSessionResult.Started>(again);
        Assert.Equal(2, (await flows.Service.ListSessions.ExecuteAsync(session.UserId, default)).Count);
        await flows.LoginAsync();
        return result is null;
    });

    [Fact]
    public Task A_registration_that_dies_has_added_the_passkey_with_its_entry_and_notice_or_nothing() => AtEachStepAsync(async (flows, killer) =>
    {
        var session = await flows.NewSessionAsync();
        var response = await flows.CreateAsync(session);
        var result = await DyingAsync(flows, killer, service => PasskeyFlows.RegisterAsync(service, session, response));
        var isAdded = (await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).Count == 1;
        Assert.True(isAdded || result is null);
        var again = await PasskeyFlows.RegisterAsync(flows.Service, session, response);
        if (isAdded)
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, again);
        else
            Assert.IsType<RegisterPasskeyResult.Registered>(again);
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyAdded);
        Assert.Single(await flows.Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 100, default));
        await flows.LoginAsync();
        return result is null;
    });

    [Fact]
    public Task A_step_up_that_dies_has_used_the_assertion_and_proved_or_neither() => AtEachStepAsync(async (flows, killer) =>
    {
        var (session, _) = await flows.NewPasskeyAsync();
        flows.Service.Clock.Advance(TimeSpan.FromHours(1));
        var ceremony = (await flows.Service.StartStepUp.ExecuteAsync(session, Service.Origin, default)).Passkey!;
        var response = PasskeyFlows.Response(ceremony, flows.Authenticator.Get(ceremony.Options));
        var result = await DyingAsync(flows, killer, service => service.StepUp.ExecuteAsync(session, response, Service.Client, default));
        var isProved = (await flows.Service.FindAsync(session)).Authentication.IsByPasskey;
        Assert.True(isProved || result is null);
        var again = await flows.Service.StepUp.ExecuteAsync(session, response, Service.Client, default);
        if (isProved)
            Assert.Equal(new StepUpResult.Refused(PasskeyRefusal.CeremonyUsed), again);
        else
            Assert.IsType<StepUpResult.Proved>(again);
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.SteppedUp);
        return result is null;
    });

    [Fact]
    public Task An_account_whose_registration_dies_has_its_passkey_or_is_not_there() => AtEachStepAsync(async (flows, killer) =>
    {
        var email = Service.NewEmail();
        var response = await flows.CreateAccountAsync(email);
        var result = await DyingAsync(flows, killer, service => PasskeyFlows.RegisterAccountAsync(service, response));
        var isCreated = await flows.AccountOfAsync(email) is not null;
        Assert.True(isCreated || result is null);
        var again = await PasskeyFlows.RegisterAccountAsync(flows.Service, response);
        if (again is RegisterAccountWithPasskeyResult.Created { Account.Id: var user })
        {
            Assert.Equal((await flows.AccountOfAsync(email)).Id, user);
        }
        else
        {
            // What died before the account was there left its email free.
            Assert.False(isCreated);
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, again);
            await flows.NewAccountAsync(email);
        }

        await IsWholeAsync(flows, email);
        return result is null;
    });

    [Fact]
    public Task The_link_of_a_registration_that_dies_creates_one_account_with_one_passkey() => AtEachStepAsync(
        async (flows, killer) =>
        {
            var email = Service.NewEmail();
            await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAccountAsync(email));
            await flows.SendAsync();
            var token = flows.Mails.TokenOf(email, MailKind.VerifyEmailWithPasskey);
            var result = await DyingAsync(flows, killer, service => service.VerifyEmail.ExecuteAsync(token, Service.Client, default));
            var isCreated = await flows.AccountOfAsync(email) is not null;
            var again = await flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default);
            Assert.Equal(isCreated, again is VerifyEmailResult.TokenInvalid);
            await IsWholeAsync(flows, email);
            return result is null;
        },
        new() { VerifyEmail = true });

    [Theory]
    [InlineData(MailKind.ResetPassword)]
    [InlineData(MailKind.EmailChanged)]
    public Task What_takes_an_account_back_and_dies_has_removed_the_suspect_passkey_once_it_is_complete(MailKind kind) =>
        AtEachStepAsync(async (flows, killer) =>
        {
            var (session, _) = await flows.NewPasskeyAsync();
            var email = session.Email;
            if (kind == MailKind.EmailChanged)
            {
                var next = Service.NewEmail();
                await flows.Service.ChangeEmail.ExecuteAsync(session, next, new(Service.Password), Service.Client, () => true, default);
                Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
            }
            else
            {
                await flows.Service.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default);
            }

            await flows.SendAsync();
            var token = flows.Mails.TokenOf(email, kind);
            var result = await DyingAsync(flows, killer, service => UseAsync(service));
            await UseAsync(flows.Service);
            await flows.SendAsync();
            await flows.Service.RaiseAlerts.ExecuteAsync(default);
            var account = await flows.AccountOfAsync(email);
            Assert.Equal((session.UserId, null), (account.Id, account.PendingChange));
            Assert.Empty(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
            Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyRemoved);
            return result is null;

            async Task<object> UseAsync(Service service) => kind == MailKind.EmailChanged
                ? await service.VerifyEmail.ExecuteAsync(token, Service.Client, default)
                : await service.ResetPassword.ExecuteAsync(token, new(Service.Password), Service.Client, default);
        });

    // The passkey logs in, to an account that is complete.
    private static async Task IsWholeAsync(PasskeyFlows flows, Email email)
    {
        var session = await flows.LoginAsync();
        await flows.Service.RaiseAlerts.ExecuteAsync(default);
        var account = await flows.AccountOfAsync(email);
        Assert.Equal((session.UserId, null, true), (account.Id, account.PendingChange, account.IsPasskeyOnly));
        Assert.Equal([account.Epoch], await flows.Stores.Epochs.ListEpochsAsync(account.Id, default));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(account.Id, default));
        Assert.Single(
            (await flows.Stores.Log.ReadAsync(LogOwner.Of(account.Id), null, 100, default)).Entries,
            entry => entry.Action == LogAction.AccountCreated);
    }

    private static async Task AtEachStepAsync(Func<PasskeyFlows, Killer, Task<bool>> isKilledAsync, AccountOptions? accountOptions = null)
    {
        var steps = await Killer.AtEachStepAsync(async at =>
        {
            using var flows = new PasskeyFlows(accountOptions);
            return await isKilledAsync(flows, new Killer(at));
        });
        Assert.InRange(steps, 4, 200);
    }

    private static async Task<T?> DyingAsync<T>(PasskeyFlows flows, Killer killer, Func<Service, Task<T>> operation)
        where T : class
    {
        using var service = flows.Dying(killer);
        // An instance that has served anything knows its keys.
        await service.Keys.GetAsync(default);
        return await Killer.RunAsync(() => operation(service));
    }
}

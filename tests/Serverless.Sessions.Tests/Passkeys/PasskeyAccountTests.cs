namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>Accounts that are registered with a passkey instead of a password.</summary>
public sealed class PasskeyAccountTests
{
    private static readonly AccountOptions Verifying = new() { VerifyEmail = true };
    private static readonly PasskeyOptions Recovering =
        new() { RelyingPartyId = Service.RelyingParty, Origins = Service.Origin, AllowPasswordRecovery = true };

    [Fact]
    public async Task A_passkey_instead_of_a_password_creates_an_account_that_only_it_opens()
    {
        using var flows = new PasskeyFlows();
        var email = Service.NewEmail();
        var account = await flows.NewAccountAsync(email);
        Assert.Equal((email, true, "de"), (account.Email, account.IsPasskeyOnly, account.Language));
        Assert.Null(account.PasswordHash);
        Assert.Null(account.EmailVerifiedAt);
        var session = await flows.LoginAsync();
        Assert.Equal((account.Id, email), (session.UserId, session.Email));
        Assert.Equal(account.CreatedAt, Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(account.Id, default)).CreatedAt);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await flows.Service.TryLoginAsync(email));
        Assert.False((await flows.Service.StartStepUp.ExecuteAsync(session, null, default)).HasPassword);

        var passkey = Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(account.Id, default));
        Assert.Equal(new RemovePasskeyResult.LastCredential(), await flows.Service.RemovePasskey.ExecuteAsync(session, passkey.Id, Service.Client, default));
        Assert.IsType<ChangePasswordResult.Changed>(
            await flows.Service.ChangePassword.ExecuteAsync(session, null, new(Service.Password), Service.Client, default));
        Assert.False((await flows.AccountOfAsync(email)).IsPasskeyOnly);
        await flows.Service.LoginAsync(email);
    }

    [Fact]
    public async Task A_state_is_for_one_account_and_its_email_alone_for_five_minutes()
    {
        using var flows = new PasskeyFlows();
        var (email, session) = (Service.NewEmail(), await flows.NewSessionAsync());
        var response = await flows.CreateAccountAsync(email);
        PasskeyFlows.IsRefused(
            PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.RegisterAccountAsync(flows.Service, response, Service.NewEmail()));
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.RegisterAsync(flows.Service, session, response));
        PasskeyFlows.IsRefused(
            PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAsync(session)));
        foreach (var (lies, refusal) in new (PasskeyLies, PasskeyRefusal)[]
            { (new() { Origin = "https://evil.example.org" }, PasskeyRefusal.WrongOrigin), (new() { Format = "packed" }, PasskeyRefusal.Unsupported) })
        {
            PasskeyFlows.IsRefused(
                refusal, await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAccountAsync(email, lies)));
        }

        var late = await flows.CreateAccountAsync(email);
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
            Task.Run(() => PasskeyFlows.RegisterAccountAsync(flows.Service, response, email))));
        // Whoever came when it was there is told the same.
        var created = await flows.AccountOfAsync(email);
        Assert.Contains(results, result => result is RegisterAccountWithPasskeyResult.Created);
        Assert.All(results, result =>
        {
            if (result is RegisterAccountWithPasskeyResult.Created { Account.Id: var user })
                Assert.Equal(created.Id, user);
            else
                PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, result);
        });
        Assert.Equal([(await flows.AccountOfAsync(email)).Epoch], await flows.Stores.Epochs.ListEpochsAsync(created.Id, default));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(created.Id, default));

        flows.Service.Clock.Advance(Ceremony.Lifetime);
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyExpired, await PasskeyFlows.RegisterAccountAsync(flows.Service, late));
    }

    [Fact]
    public async Task A_repeated_registration_returns_the_account_while_it_is_there_and_to_its_passkey_alone()
    {
        using var flows = new PasskeyFlows();
        var email = Service.NewEmail();
        var ceremony = await flows.Service.StartAccountWithPasskey.ExecuteAsync(email, Service.Origin, default);
        var response = PasskeyFlows.Response(ceremony, flows.Authenticator.Create(ceremony.Options));
        var account = Created(await PasskeyFlows.RegisterAccountAsync(flows.Service, response));
        Assert.Equal((account.Id, account.Epoch, null), IdOf(Created(await PasskeyFlows.RegisterAccountAsync(flows.Service, response))));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(account.Id, default));
        Assert.Equal([account.Epoch], await flows.Stores.Epochs.ListEpochsAsync(account.Id, default));

        // Whoever took the state, and made another passkey.
        var other = new SoftwareAuthenticator(Service.Origin);
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.RegisterAccountAsync(
            flows.Service, PasskeyFlows.Response(ceremony, other.Create(ceremony.Options))));

        var session = await flows.LoginAsync();
        var next = Service.NewEmail();
        await flows.Service.ChangeEmail.ExecuteAsync(session, next, null, Service.Client, () => true, default);
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
        flows.Service.Clock.Advance(-TimeSpan.FromMinutes(5));
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.RegisterAccountAsync(flows.Service, response));

        static Account Created(RegisterAccountWithPasskeyResult result) =>
            Assert.IsType<RegisterAccountWithPasskeyResult.Created>(result).Account;
        static (UserId, Ulid, AccountChange?) IdOf(Account created) => (created.Id, created.Epoch, created.PendingChange);
    }

    [Fact]
    public async Task A_taken_email_leaves_its_account_and_nothing_else()
    {
        using var flows = new PasskeyFlows();
        var taken = await flows.Service.CreateAccountAsync();
        var response = await flows.CreateAccountAsync(taken.Email);
        Assert.True(UserId.TryParse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(flows.Authenticator.Passkeys[0].UserHandle)), out var user));
        for (var i = 0; i < 2; i++)
            Assert.IsType<RegisterAccountWithPasskeyResult.EmailTaken>(await PasskeyFlows.RegisterAccountAsync(flows.Service, response));
        var file = await flows.Stores.Passkeys.ReadAsync(user, default);
        Assert.Empty(file.Passkeys);
        Assert.Empty(file.Epochs);
        Assert.Equal((taken.Id, false), ((await flows.AccountOfAsync(taken.Email)).Id, (await flows.AccountOfAsync(taken.Email)).IsPasskeyOnly));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
    }

    [Fact]
    public async Task Where_addresses_are_verified_the_passkey_waits_for_the_link()
    {
        using var flows = new PasskeyFlows(Verifying);
        var email = Service.NewEmail();
        var response = await flows.CreateAccountAsync(email);
        Assert.IsType<RegisterAccountWithPasskeyResult.Accepted>(await PasskeyFlows.RegisterAccountAsync(flows.Service, response));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
        await flows.SendAsync();
        await flows.Service.SendVerification.ExecuteAsync(email, null, default);
        await flows.SendAsync();
        // Both say so.
        Assert.All(flows.Mails.To(email), mail => Assert.Equal(MailKind.VerifyEmailWithPasskey, mail.Kind));
        var token = flows.Mails.TokenOf(email, MailKind.VerifyEmailWithPasskey);
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            Task.Run(() => flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default))));
        var user = Assert.Single(results.OfType<VerifyEmailResult.Verified>()).User;
        var account = await flows.AccountOfAsync(email);
        Assert.Equal((user, true, "de"), (account.Id, account.IsPasskeyOnly, account.Language));
        Assert.NotNull(account.EmailVerifiedAt);
        Assert.Equal([account.Epoch], await flows.Stores.Epochs.ListEpochsAsync(user, default));
        Assert.Equal(user, (await flows.LoginAsync()).UserId);

        // The state is used up by the account: another mail would create nothing.
        Assert.IsType<RegisterAccountWithPasskeyResult.Accepted>(
            await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAccountAsync(email)));
        await flows.SendAsync();
        Assert.Equal(MailKind.AlreadyRegistered, flows.Mails.To(email)[^1].Kind);
        Assert.Equal(user, (await flows.AccountOfAsync(email)).Id);
    }

    [Fact]
    public async Task The_mail_is_about_what_its_link_does_not_about_what_else_is_held()
    {
        using var flows = new PasskeyFlows(Verifying);
        var account = await flows.Service.CreateAccountAsync();
        await flows.Service.SendVerification.ExecuteAsync(account.Email, null, default);
        await PasskeyFlows.RegisterAccountAsync(flows.Service, await flows.CreateAccountAsync(account.Email));
        await flows.SendAsync();
        Assert.NotNull((await flows.Stores.Accounts.ReadAsync(account.Email.ToAccountKey(), default)).Verify!.Passkey);
        Assert.Equal([MailKind.VerifyEmail, MailKind.AlreadyRegistered], flows.Mails.To(account.Email).Select(mail => mail.Kind).Order());
    }

    [Fact]
    public async Task Nothing_is_sent_past_the_limit_of_mails_and_the_answer_is_the_same()
    {
        using var flows = new PasskeyFlows(Verifying);
        var email = Service.NewEmail();
        var result = await flows.Service.RegisterAccountWithPasskey.ExecuteAsync(
            await flows.CreateAccountAsync(email), email, null, Service.Client, asked => asked != email, default);
        Assert.IsType<RegisterAccountWithPasskeyResult.Accepted>(result);
        await flows.SendAsync();
        Assert.Empty(flows.Mails.To(email));
    }

    [Fact]
    public async Task A_password_at_an_account_without_one_costs_what_an_unknown_email_does_and_locks_no_passkey()
    {
        using var flows = new PasskeyFlows();
        var email = (await flows.NewAccountAsync()).Email;
        Assert.Equal(await CallsAsync(Service.NewEmail()), await CallsAsync(email));
        for (var i = 0; i < 4; i++)
            await flows.Service.TryLoginAsync(email, "a wrong password");
        Assert.IsType<StartSessionResult.Locked>(await flows.Service.TryLoginAsync(email));
        await flows.LoginAsync();

        async Task<List<string>> CallsAsync(Email address)
        {
            var seen = new List<string>();
            T Counted<T>(T store)
                where T : class => Intercepted.Around(store, seen.Add);
            using var counted = flows.Beside(flows.Stores with
            {
                Accounts = Counted(flows.Stores.Accounts),
                Sessions = Counted(flows.Stores.Sessions),
                Passkeys = Counted(flows.Stores.Passkeys),
                Log = Counted(flows.Stores.Log),
                Timeline = Counted(flows.Stores.Timeline),
                Epochs = Counted(flows.Stores.Epochs),
            });
            Assert.IsType<StartSessionResult.InvalidCredentials>(await counted.TryLoginAsync(address, "a wrong password"));
            return seen;
        }
    }

    [Fact]
    public async Task A_forgotten_password_is_no_way_to_one_unless_the_settings_say_so()
    {
        using var flows = new PasskeyFlows();
        var email = (await flows.NewAccountAsync()).Email;
        using var open = new Service(flows.Stores, flows.Service.Clock, sender: flows.Mails, passkeyOptions: Recovering);
        await flows.Service.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default);
        await flows.SendAsync();
        Assert.Equal(MailKind.NoPassword, Assert.Single(flows.Mails.To(email)).Kind);

        await open.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default);
        await flows.SendAsync();
        var token = flows.Mails.TokenOf(email, MailKind.ResetPassword);
        Assert.IsType<ResetPasswordResult.TokenInvalid>(
            await flows.Service.ResetPassword.ExecuteAsync(token, new(Service.Password), Service.Client, default));
        Assert.IsType<ResetPasswordResult.Reset>(await open.ResetPassword.ExecuteAsync(token, new(Service.Password), Service.Client, default));
        Assert.False((await flows.AccountOfAsync(email)).IsPasskeyOnly);
        await flows.Service.LoginAsync(email);

        // From here on it is an account like any other.
        await flows.Service.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default);
        await flows.SendAsync();
        Assert.Equal(2, flows.Mails.To(email).Count(mail => mail.Kind == MailKind.ResetPassword));
    }

    [Fact]
    public async Task An_administrator_sends_no_link_to_an_account_that_may_not_have_one_and_is_told()
    {
        using var flows = new PasskeyFlows();
        var account = await flows.NewAccountAsync();
        Assert.Equal(new SendPasswordResetResult.Refused(ResetRefusal.RecoveryOff), await SendAsync(flows.Service));
        await flows.SendAsync();
        Assert.Empty(flows.Mails.To(account.Email));
        Assert.DoesNotContain(await flows.Service.LogOfAsync(account.Id), entry => entry.Action == LogAction.PasswordResetSent);

        using var open = new Service(flows.Stores, flows.Service.Clock, sender: flows.Mails, passkeyOptions: Recovering);
        Assert.Equal(new SendPasswordResetResult.Sent(), await SendAsync(open));
        await flows.SendAsync();
        Assert.Equal(MailKind.ResetPassword, Assert.Single(flows.Mails.To(account.Email)).Kind);

        Task<SendPasswordResetResult> SendAsync(Service service) =>
            service.SendPasswordReset.ExecuteAsync(Service.Administrator, account.Id, default);
    }
}

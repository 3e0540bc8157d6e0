namespace Serverless.Sessions.Tests.Passkeys;

public sealed class PasskeyLoginTests
{
    [Theory]
    [InlineData(PasskeyAlgorithm.ES256)]
    [InlineData(PasskeyAlgorithm.EdDSA)]
    [InlineData(PasskeyAlgorithm.RS256)]
    public async Task A_passkey_logs_in_again_and_again_and_the_session_says_so(PasskeyAlgorithm algorithm)
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { Algorithm = algorithm, Counts = true } };
        var (session, _) = await flows.NewPasskeyAsync();
        for (var i = 1; i <= 3; i++)
        {
            flows.Service.Clock.Advance(TimeSpan.FromHours(1));
            var started = Assert.IsType<StartSessionResult.Started>(await flows.TryLoginAsync());
            Assert.Equal((session.UserId, session.Email), (started.Session.UserId, started.Session.Email));
            Assert.Equal(
                new(flows.Service.Clock.GetUtcNow(), AuthenticationMethods.HardwareKey | AuthenticationMethods.Presence | AuthenticationMethods.MultiFactor),
                (await flows.Service.FindAsync(started.Session)).Authentication);
            Assert.Equal(started.Session.Authentication.Methods, started.Tokens.Access.Authentication.Methods);
            var passkey = Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
            Assert.Equal(((uint)i, flows.Service.Clock.GetUtcNow()), (passkey.SignatureCount, passkey.LastUsedAt));
            await flows.Service.RefreshAsync(started.Tokens.RefreshText);
        }

        Assert.Equal(4, (await flows.Service.LogOfAsync(session.UserId)).Count(entry => entry.Action == LogAction.Login));
    }

    [Fact]
    public async Task Whether_a_passkey_is_backed_up_follows_each_use()
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { IsSynced = true, IsBackedUp = false } };
        var (session, _) = await flows.NewPasskeyAsync();
        foreach (var isBackedUp in (bool[])[false, true, false])
        {
            flows.Authenticator.IsBackedUp = isBackedUp;
            await flows.LoginAsync();
            Assert.Equal(isBackedUp, Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).IsBackedUp);
        }
    }

    [Fact]
    public async Task Made_up_proofs_past_the_limit_are_refused_alike_and_counted_and_leave_the_history_alone()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        await flows.Service.RemovePasskey.ExecuteAsync(session, passkey.Id, Service.Client, default);
        var before = await flows.Service.LogOfAsync(session.UserId);
        for (var i = 0; i < 3; i++)
        {
            PasskeyFlows.IsRefused(
                PasskeyRefusal.Unknown, await PasskeyFlows.LoginAsync(flows.Service, await flows.GetAsync(), logsRefusal: false));
        }

        Assert.Equal(before.Count, (await flows.Service.LogOfAsync(session.UserId)).Count);
        var now = flows.Service.Clock.GetUtcNow();
        var activity = await flows.Stores.Timeline.ReadActivityAsync(now.AddHours(-1), now, default).ToListAsync();
        Assert.Equal(3, activity.Count(each => each.Kind == ActivityKind.FailedLogin && each.UserId == session.UserId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_login_during_a_change_of_email_finds_the_account_where_it_moved(bool isTakenBack)
    {
        using var flows = new PasskeyFlows();
        await flows.NewPasskeyAsync();
        // So that no reset removes it.
        flows.Service.Clock.Advance(TimeSpan.FromDays(8));
        var session = await flows.LoginAsync();
        var (email, next) = (session.Email, Service.NewEmail());
        await flows.Service.ChangeEmail.ExecuteAsync(session, next, null, Service.Client, () => true, default);
        await flows.SendAsync();
        var token = flows.Mails.TokenOf(next, MailKind.ChangeEmail);
        if (isTakenBack)
        {
            await flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default);
            await flows.SendAsync();
            token = flows.Mails.TokenOf(email, MailKind.EmailChanged);
        }

        using var racing = flows.Beside(flows.Stores with
        {
            Accounts = Intercepted.Around(flows.Stores.Accounts, Intercepted.Once(nameof(IAccountStore.ReadAsync), async () =>
                Assert.IsType<VerifyEmailResult.Verified>(await flows.Service.VerifyEmail.ExecuteAsync(token, Service.Client, default)))),
        });
        var started = Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(racing, await flows.GetAsync()));
        Assert.Equal(isTakenBack ? email : next, started.Session.Email);
    }

    [Fact]
    public async Task A_synced_passkey_without_verification_is_a_software_key_alone()
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { IsSynced = true, VerifiesUser = false } };
        var (_, passkey) = await flows.NewPasskeyAsync();
        Assert.True(passkey is { IsBackedUp: true, IsBackupEligible: true });
        Assert.Equal(AuthenticationMethods.SoftwareKey | AuthenticationMethods.Presence, (await flows.LoginAsync()).Authentication.Methods);
    }

    [Fact]
    public async Task A_lie_is_refused_by_its_name()
    {
        using var flows = new PasskeyFlows();
        await flows.NewPasskeyAsync();
        var stranger = UserId.New(flows.Service.Clock.GetUtcNow());
        (PasskeyLies Lies, PasskeyRefusal Refusal)[] cases =
        [
            (new() { Origin = "https://evil.example.org" }, PasskeyRefusal.WrongOrigin),
            (new() { Origin = "http://app.example.com" }, PasskeyRefusal.WrongOrigin),
            (new() { IsEmbedded = true }, PasskeyRefusal.WrongOrigin),
            (new() { RelyingPartyId = "example.org" }, PasskeyRefusal.WrongRelyingParty),
            (new() { Challenge = Base64Url.EncodeToString(new byte[32]) }, PasskeyRefusal.Invalid),
            (new() { Type = "webauthn.create" }, PasskeyRefusal.Invalid),
            (new() { UserIsAbsent = true }, PasskeyRefusal.Invalid),
            (new() { WrongSignature = true }, PasskeyRefusal.Invalid),
            (new() { UserHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{stranger}")) }, PasskeyRefusal.Unknown),
            (new() { UserHandle = "bm9ib2R5" }, PasskeyRefusal.Invalid),
        ];
        foreach (var (lies, refusal) in cases)
            PasskeyFlows.IsRefused(refusal, await flows.TryLoginAsync(lies));
        PasskeyFlows.IsRefused(PasskeyRefusal.WrongOrigin, await flows.TryLoginAsync(header: "https://evil.example.org"));
        await flows.LoginAsync();
    }

    [Fact]
    public async Task The_origin_that_asked_is_the_one_that_ends()
    {
        var options = new PasskeyOptions { RelyingPartyId = Service.RelyingParty, Origins = $"{Service.Origin},https://other.example.com" };
        using var flows = new PasskeyFlows(passkeyOptions: options);
        await flows.NewPasskeyAsync();
        PasskeyFlows.IsRefused(PasskeyRefusal.WrongOrigin, await flows.TryLoginAsync(new() { Origin = "https://other.example.com" }));
        var response = await flows.GetAsync();
        PasskeyFlows.IsRefused(PasskeyRefusal.WrongOrigin, await PasskeyFlows.LoginAsync(flows.Service, response with { Origin = "https://other.example.com" }));
        Assert.IsType<StartSessionResult.Started>(await flows.TryLoginAsync(header: null));
    }

    [Fact]
    public async Task A_state_works_once_for_five_minutes_and_only_as_it_was_written()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var used = await flows.GetAsync();
        Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(flows.Service, used));
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.LoginAsync(flows.Service, used));

        var late = await flows.GetAsync();
        flows.Service.Clock.Advance(Ceremony.Lifetime);
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyExpired, await PasskeyFlows.LoginAsync(flows.Service, late));

        var fresh = await flows.GetAsync();
        foreach (var state in Any.CutsOf(fresh.State, "A").Concat(Any.ChangesOf(fresh.State, "A")))
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.LoginAsync(flows.Service, fresh with { State = state }));
        var registration = await flows.Service.StartPasskeyRegistration.ExecuteAsync(session, Service.Origin, default);
        PasskeyFlows.IsRefused(
            PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.LoginAsync(flows.Service, fresh with { State = registration!.State }));
        Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(flows.Service, fresh));
    }

    [Fact]
    public async Task Of_64_parallel_uses_of_one_assertion_one_opens_a_session()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var response = await flows.GetAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => PasskeyFlows.LoginAsync(flows.Service, response))));
        Assert.Single(results.OfType<StartSessionResult.Started>());
        Assert.All(results.Where(result => result is not StartSessionResult.Started), result => PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, result));
        Assert.Equal(2, (await flows.Service.ListSessions.ExecuteAsync(session.UserId, default)).Count);
    }

    [Fact]
    public async Task A_locked_password_locks_no_passkey_and_a_passkey_forgives_no_guess()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        for (var i = 0; i < 5; i++)
            await flows.Service.TryLoginAsync(session.Email, "a wrong password");
        Assert.IsType<StartSessionResult.Locked>(await flows.Service.TryLoginAsync(session.Email));
        await flows.LoginAsync();
        Assert.IsType<StartSessionResult.Locked>(await flows.Service.TryLoginAsync(session.Email));
    }

    [Fact]
    public async Task A_disabled_account_is_as_good_as_none_and_opens_again_with_its_passkeys()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        await flows.Service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Disabled, null, default);
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
        await flows.Service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Active, null, default);
        await flows.LoginAsync();
    }

    [Fact]
    public async Task A_closing_account_is_restored_only_where_its_user_asks()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        await flows.Service.CloseAsync(session);
        Assert.IsType<StartSessionResult.AccountClosing>(await flows.TryLoginAsync());
        Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(flows.Service, await flows.GetAsync(), restore: true));
    }

    [Fact]
    public async Task An_address_that_has_to_be_verified_has_to_be_for_passkeys_too()
    {
        using var flows = new PasskeyFlows();
        await flows.NewPasskeyAsync();
        using var strict = new Service(flows.Stores, flows.Service.Clock, accountOptions: new() { VerifyEmail = true });
        Assert.IsType<StartSessionResult.EmailNotVerified>(await PasskeyFlows.LoginAsync(strict, await flows.GetAsync()));
    }

    [Fact]
    public async Task A_login_that_meets_an_interrupted_change_or_a_closed_epoch_starts_over()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var account = (await flows.Stores.Accounts.ReadAsync(session.Email.ToAccountKey(), default)).Account;
        using var racing = flows.Beside(flows.Stores with
        {
            Sessions = Intercepted.Around(flows.Stores.Sessions, Intercepted.Once(nameof(ISessionStore.TryOpenAsync), async () =>
                await flows.Service.SetPassword.ExecuteAsync(session.Email, new("another horse battery staple"), account, null, null, default))),
        });
        Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(racing, await flows.GetAsync()));
        Assert.Single(await flows.Service.ListSessions.ExecuteAsync(session.UserId, default), each => each.Stored.Session.Ending is null);
    }

    [Fact]
    public async Task Unknown_users_and_credentials_and_wrong_signatures_cost_the_same_calls()
    {
        using var flows = new PasskeyFlows();
        await flows.NewPasskeyAsync();
        var nobody = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{UserId.New(flows.Service.Clock.GetUtcNow())}"));
        var gone = SoftwarePasskey.Create(Service.RelyingParty, flows.Authenticator.Passkeys[0].UserHandle, PasskeyAlgorithm.ES256, null);
        var calls = new List<List<string>>();
        foreach (var lies in (PasskeyLies[])[new() { WrongSignature = true }, new() { UserHandle = nobody }, new() { Passkey = gone }])
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
            Assert.IsType<StartSessionResult.PasskeyRefused>(await PasskeyFlows.LoginAsync(counted, await flows.GetAsync(lies)));
            calls.Add(seen);
        }

        Assert.Equal(4, calls[0].Count);
        Assert.All(calls, each => Assert.Equal(calls[0], each));
    }

    [Fact]
    public async Task A_passkey_follows_its_account_to_another_address()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var next = Service.NewEmail();
        await flows.Service.ChangeEmail.ExecuteAsync(session, next, new(Service.Password), Service.Client, () => true, default);
        await flows.SendAsync();
        Assert.IsType<VerifyEmailResult.Verified>(
            await flows.Service.VerifyEmail.ExecuteAsync(flows.Mails.TokenOf(next, MailKind.ChangeEmail), Service.Client, default));
        Assert.Equal(next, (await flows.LoginAsync()).Email);
    }
}

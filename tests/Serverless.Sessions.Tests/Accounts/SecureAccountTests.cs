using Serverless.Sessions.Tests.Passkeys;

namespace Serverless.Sessions.Tests.Accounts;

/// <summary>An intruder is out with one act of an administrator, and stays out.</summary>
public sealed class SecureAccountTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task Disabling_ends_the_sessions_and_refuses_the_password_and_the_passkeys_also_after_it_is_enabled_again()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        await flows.LoginAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        var secured = Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, administrator, session, disables: true));
        Assert.Equal((AccountState.Disabled, 2), (secured.Account.State, secured.SessionsEnded));
        Assert.Equal(EndReason.Admin, (await flows.Service.FindAsync(session)).Ending?.Reason);
        Assert.Empty(await flows.Service.ListSessions.ExecuteAsync(session.UserId, default));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await flows.Service.TryLoginAsync(session.Email));
        PasskeyFlows.IsRefused(PasskeyRefusal.ForReview, await flows.TryLoginAsync());
        var entry = Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.AccountSecured);
        Assert.Equal(administrator.UserId, entry.Administrator);

        Assert.IsType<ChangeAccountResult.Changed>(
            await flows.Service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Active, null, default));
        await flows.Service.LoginAsync(session.Email);
        PasskeyFlows.IsRefused(PasskeyRefusal.ForReview, await flows.TryLoginAsync());
        PasskeyFlows.IsRefused(PasskeyRefusal.Invalid, await flows.TryLoginAsync(new() { WrongSignature = true }));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task What_was_disabled_or_closed_comes_back_by_the_link_of_a_mail_and_without_the_password_that_an_intruder_may_know(
        bool isClosed, bool isDisabled)
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        if (isClosed)
            await flows.Service.CloseAccount.ExecuteAsync(administrator.UserId, session.UserId, default);
        if (isDisabled)
            await SecureAsync(flows, administrator, session, disables: true);
        var secured = Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, administrator, session));
        Assert.Equal((AccountState.Active, null, null), (secured.Account.State, secured.Account.PasswordHash, secured.Account.EraseAt));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await flows.Service.TryLoginAsync(session.Email));
        await flows.SendAsync();
        Assert.IsType<ResetPasswordResult.Reset>(await flows.Service.ResetPassword.ExecuteAsync(
            flows.Mails.TokenOf(session.Email, MailKind.ResetPassword), new(Service.Password), Service.Client, default));
        await flows.Service.LoginAsync(session.Email);
    }

    [Fact]
    public async Task No_link_goes_to_an_email_that_an_intruder_may_have_set()
    {
        using var flows = new PasskeyFlows();
        var (session, next) = (await flows.NewSessionAsync(), Service.NewEmail());
        var administrator = await flows.Service.NewAdministratorAsync();
        Assert.IsType<OwnPasswordResult.Right>(await flows.Service.ChangeEmail.ExecuteAsync(
            session, next, new(Service.Password), Service.Client, () => true, default));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
        Assert.Equal(new SecureAccountResult.NoReset(ResetRefusal.EmailChanged), await SecureAsync(flows, administrator, session));
        Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, administrator, session, disables: true));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(session.Email, MailKind.EmailChanged));
        Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, administrator, session));
        await flows.SendAsync();
        flows.Mails.TokenOf(session.Email, MailKind.ResetPassword);
    }

    [Fact]
    public async Task An_email_that_changed_long_ago_gets_the_link()
    {
        using var flows = new PasskeyFlows();
        var (session, next) = (await flows.NewSessionAsync(), Service.NewEmail());
        await flows.Service.ChangeEmail.ExecuteAsync(session, next, new(Service.Password), Service.Client, () => true, default);
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
        flows.Service.Clock.Advance(Month);
        Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, await flows.Service.NewAdministratorAsync(), session));
    }

    [Fact]
    public async Task A_login_by_passkey_between_the_change_and_the_mark_opens_no_session()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var marks = 0;
        using var slow = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, Intercepted.Once(nameof(IPasskeyStore.TryReviewAsync), async () =>
            {
                marks++;
                PasskeyFlows.IsRefused(PasskeyRefusal.ForReview, await flows.TryLoginAsync());
            })),
        });
        Assert.IsType<SecureAccountResult.Secured>(await slow.SecureAccount.ExecuteAsync(
            await flows.Service.NewAdministratorAsync(), session.UserId, disables: false, default));
        Assert.Equal(1, marks);
        Assert.Empty(await flows.Service.ListSessions.ExecuteAsync(session.UserId, default));
    }

    [Fact]
    public async Task Passkeys_that_nobody_could_review_are_not_marked_and_an_administrator_removes_the_intruders()
    {
        using var flows = new PasskeyFlows();
        var administrator = await flows.Service.NewAdministratorAsync();
        var account = await flows.NewAccountAsync();
        var session = await flows.LoginAsync();
        var intruders = await flows.AddAsync(session, new SoftwareAuthenticator(Service.Origin));
        Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, administrator, session, disables: true));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
        Assert.IsType<RemovePasskeyResult.Removed>(
            await flows.Service.RemovePasskey.ExecuteAsync(administrator.UserId, account.Id, intruders.Id, default));
        await flows.Service.ChangeAccount.ExecuteAsync(administrator, account.Id, AccountState.Active, null, default);
        await flows.LoginAsync();
    }

    [Fact]
    public async Task Without_disabling_only_the_link_of_a_mail_opens_the_account_and_its_user_keeps_the_passkey_or_not()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        flows.Service.Clock.Advance(Month);
        session = await flows.LoginAsync();
        var secured = Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, await flows.Service.NewAdministratorAsync(), session));
        Assert.Equal((AccountState.Active, null, 1), (secured.Account.State, secured.Account.PasswordHash, secured.SessionsEnded));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await flows.Service.TryLoginAsync(session.Email));
        PasskeyFlows.IsRefused(PasskeyRefusal.ForReview, await flows.TryLoginAsync());
        Assert.Equal(
            new KeepPasskeyResult.Ended(EndReason.Admin), await flows.Service.KeepPasskey.ExecuteAsync(session, passkey.Id, Service.Client, default));

        await flows.SendAsync();
        Assert.IsType<ResetPasswordResult.Reset>(await flows.Service.ResetPassword.ExecuteAsync(
            flows.Mails.TokenOf(session.Email, MailKind.ResetPassword), new(Service.Password), Service.Client, default));
        PasskeyFlows.IsRefused(PasskeyRefusal.ForReview, await flows.TryLoginAsync());
        var owners = (await flows.Service.LoginAsync(session.Email)).Session;
        Assert.Null((await flows.Service.StartStepUp.ExecuteAsync(owners, Service.Origin, default)).Passkey);
        foreach (var isNew in (bool[])[true, false])
        {
            var result = Assert.IsType<KeepPasskeyResult.Kept>(
                await flows.Service.KeepPasskey.ExecuteAsync(owners, passkey.Id, Service.Client, default));
            Assert.Equal((false, isNew), (result.Passkey.IsForReview, result.IsNew));
        }

        Assert.Equal(new KeepPasskeyResult.NotFound(), await flows.Service.KeepPasskey.ExecuteAsync(owners, default, Service.Client, default));
        await flows.LoginAsync();
        var kept = Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyReviewed);
        Assert.Equal(owners.Id, kept.SessionId);
    }

    [Theory]
    [InlineData(ResetRefusal.NoMail, false)]
    [InlineData(ResetRefusal.RecoveryOff, true)]
    public async Task Where_no_mail_can_set_a_password_only_disabling_secures(ResetRefusal why, bool isPasskeyOnly)
    {
        using var flows = new PasskeyFlows();
        using var service = why != ResetRefusal.NoMail ? null : new Service(flows.Stores, flows.Service.Clock);
        var administrator = await flows.Service.NewAdministratorAsync();
        var account = isPasskeyOnly ? await flows.NewAccountAsync() : await flows.Service.CreateAccountAsync();
        var secure = (service ?? flows.Service).SecureAccount;
        Assert.Equal(new SecureAccountResult.NoReset(why), await secure.ExecuteAsync(administrator, account.Id, disables: false, default));
        Assert.Equal(!isPasskeyOnly, (await flows.AccountOfAsync(account.Email)).PasswordHash is not null);
        Assert.IsType<SecureAccountResult.Secured>(await secure.ExecuteAsync(administrator, account.Id, disables: true, default));
    }

    [Fact]
    public async Task Nobody_secures_an_account_that_is_not_there_or_without_the_role()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        Assert.IsType<SecureAccountResult.NotAllowed>(await SecureAsync(flows, session, session, disables: true));
        var administrator = await flows.Service.NewAdministratorAsync();
        Assert.IsType<SecureAccountResult.NoAccount>(
            await flows.Service.SecureAccount.ExecuteAsync(administrator, UserId.New(flows.Service.Clock.GetUtcNow()), true, default));
        Assert.Single(await flows.Service.ListSessions.ExecuteAsync(session.UserId, default));
    }

    [Fact]
    public async Task Of_two_administrators_with_passkeys_alone_who_disable_each_other_at_least_one_logs_in()
    {
        using var flows = new PasskeyFlows();
        using var others = new PasskeyFlows(stores: flows.Stores);
        var first = await flows.Service.NewAdministratorAsync();
        var (one, other) = (await NewAdministratorAsync(flows), await NewAdministratorAsync(others));
        using var slow = flows.Beside(flows.Stores with
        {
            Epochs = Intercepted.Around(flows.Stores.Epochs, Intercepted.Once(nameof(IEpochStore.TryOpenEpochAsync), async () =>
                Assert.IsType<SecureAccountResult.Secured>(await SecureAsync(flows, other, one, disables: true)))),
        });
        Assert.IsType<SecureAccountResult.NotAllowed>(await slow.SecureAccount.ExecuteAsync(one, other.UserId, disables: true, default));
        Assert.Equal(AccountState.Disabled, (await flows.AccountOfAsync(one.Email)).State);
        Assert.Equal(other.UserId, (await others.LoginAsync()).UserId);

        async Task<Session> NewAdministratorAsync(PasskeyFlows own)
        {
            var account = await own.NewAccountAsync();
            await own.Service.ChangeAccount.ExecuteAsync(first, account.Id, null, [Roles.Admin], default);
            return await own.LoginAsync();
        }
    }

    [Fact]
    public async Task An_administrator_removes_what_waits_for_a_review_also_without_a_password_and_no_last_passkey_otherwise()
    {
        using var flows = new PasskeyFlows(
            passkeyOptions: new() { RelyingPartyId = Service.RelyingParty, Origins = Service.Origin, AllowPasswordRecovery = true });
        var account = await flows.NewAccountAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        var passkey = Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(account.Id, default));
        Assert.IsType<RemovePasskeyResult.LastCredential>(await RemoveAsync());
        await flows.Service.SecureAccount.ExecuteAsync(administrator, account.Id, disables: true, default);
        Assert.IsType<RemovePasskeyResult.Removed>(await RemoveAsync());
        Assert.IsType<RemovePasskeyResult.NotFound>(await RemoveAsync());
        var entry = Assert.Single(await flows.Service.LogOfAsync(account.Id), entry => entry.Action == LogAction.PasskeyRemoved);
        Assert.Equal((administrator.UserId, null), (entry.Administrator, entry.SessionId));

        Task<RemovePasskeyResult> RemoveAsync() => flows.Service.RemovePasskey.ExecuteAsync(administrator.UserId, account.Id, passkey.Id, default);
    }

    [Fact]
    public async Task A_session_that_ends_under_way_keeps_no_passkey()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        await SecureAsync(flows, administrator, session, disables: true);
        await flows.Service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Active, null, default);
        session = (await flows.Service.LoginAsync(session.Email)).Session;
        using var racing = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, Intercepted.Once(
                nameof(IPasskeyStore.TryReviewAsync), () => SecureAsync(flows, administrator, session, disables: true))),
        });
        Assert.Equal(
            new KeepPasskeyResult.Ended(EndReason.Admin), await racing.KeepPasskey.ExecuteAsync(session, passkey.Id, Service.Client, default));
        Assert.True(Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).IsForReview);
    }

    [Fact]
    public async Task Of_requests_that_keep_a_passkey_at_once_one_has_kept_it()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        await SecureAsync(flows, administrator, session, disables: true);
        await flows.Service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Active, null, default);
        session = (await flows.Service.LoginAsync(session.Email)).Session;
        using var racing = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(
                flows.Stores.Passkeys, Intercepted.Once(nameof(IPasskeyStore.TryReviewAsync), () => KeepAsync(flows.Service, isNew: true))),
        });
        await KeepAsync(racing, isNew: false);
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyReviewed);

        async Task KeepAsync(Service service, bool isNew) => Assert.Equal(isNew, Assert.IsType<KeepPasskeyResult.Kept>(
            await service.KeepPasskey.ExecuteAsync(session, passkey.Id, Service.Client, default)).IsNew);
    }

    [Fact]
    public async Task A_finisher_that_comes_late_leaves_what_its_user_has_kept_since()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var administrator = await flows.Service.NewAdministratorAsync();
        using var slow = flows.Beside(flows.Stores with
        {
            // Another instance finishes the change before this one, and the user is back.
            Sessions = Intercepted.Around(flows.Stores.Sessions, Intercepted.Once(nameof(ISessionStore.TryEndAsync), async () =>
            {
                await flows.SendAsync();
                await flows.Service.RaiseAlerts.ExecuteAsync(default);
                await flows.Service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Active, null, default);
                await flows.Service.KeepPasskey.ExecuteAsync((await flows.Service.LoginAsync(session.Email)).Session, passkey.Id, Service.Client, default);
            })),
        });
        Assert.IsType<SecureAccountResult.Secured>(await slow.SecureAccount.ExecuteAsync(administrator, session.UserId, disables: true, default));
        Assert.False(Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).IsForReview);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_dies_at_any_step_is_finished_by_the_timer_or_has_changed_nothing(bool disables)
    {
        var steps = await Killer.AtEachStepAsync(async at =>
        {
            using var flows = new PasskeyFlows();
            var (session, _) = await flows.NewPasskeyAsync();
            var administrator = await flows.Service.NewAdministratorAsync();
            using var dying = flows.Dying(new(at));
            var result = await Killer.RunAsync(() => dying.SecureAccount.ExecuteAsync(administrator, session.UserId, disables, default));
            await flows.SendAsync();
            await flows.Service.RaiseAlerts.ExecuteAsync(default);
            var account = await flows.AccountOfAsync(session.Email);
            var isSecured = disables ? account.State == AccountState.Disabled : account.PasswordHash is null;
            Assert.True(isSecured || result is null);
            Assert.Null(account.PendingChange);
            Assert.Equal(isSecured, (await flows.Service.FindAsync(session)).Ending is not null);
            Assert.Equal(isSecured, Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).IsForReview);
            Assert.Equal(isSecured ? 1 : 0, (await flows.Service.LogOfAsync(session.UserId)).Count(entry => entry.Action == LogAction.AccountSecured));
            if (isSecured && !disables)
            {
                Assert.IsType<ResetPasswordResult.Reset>(await flows.Service.ResetPassword.ExecuteAsync(
                    flows.Mails.TokenOf(session.Email, MailKind.ResetPassword), new(Service.Password), Service.Client, default));
            }

            if (!disables)
                await flows.Service.LoginAsync(session.Email);
            return result is null;
        });
        Assert.InRange(steps, 20, 100);
    }

    private static Task<SecureAccountResult> SecureAsync(PasskeyFlows flows, Session administrator, Session user, bool disables = false) =>
        flows.Service.SecureAccount.ExecuteAsync(administrator, user.UserId, disables, default);
}

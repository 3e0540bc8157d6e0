namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>What a thief may have added goes when the owner takes the account back.</summary>
public sealed class SuspectPasskeyTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task A_reset_removes_the_passkeys_of_the_last_seven_days_and_leaves_older_ones()
    {
        using var flows = new PasskeyFlows();
        var (session, old) = await flows.NewPasskeyAsync();
        flows.Service.Clock.Advance(TimeSpan.FromMilliseconds(1));
        session = (await flows.Service.LoginAsync(session.Email)).Session;
        await flows.AddAsync(session);
        await flows.AddAsync(session);
        flows.Service.Clock.Advance(Week - TimeSpan.FromMinutes(5));
        await ResetAsync(flows, session.Email);
        Assert.Equal(old.Id, Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).Id);
        var removed = (await flows.Service.LogOfAsync(session.UserId)).Where(entry => entry.Action == LogAction.PasskeyRemoved).ToList();
        Assert.Equal(2, removed.Count);
        Assert.All(removed, entry => Assert.Equal((null, Service.Client.IpAddress), (entry.SessionId, entry.Client?.IpAddress)));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
        await flows.Service.LoginAsync(session.Email);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_reset_of_an_address_registered_without_a_link_removes_the_passkey_of_whoever_did_so(bool isVerified)
    {
        using var flows = new PasskeyFlows();
        var session = await SquatAsync(flows);
        // To say that the address is theirs, owners need not know of the passkey.
        if (isVerified)
        {
            await flows.Service.SendVerification.ExecuteAsync(session.Email, null, default);
            Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(session.Email, MailKind.VerifyEmail));
            Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        }

        flows.Service.Clock.Advance(Week + TimeSpan.FromDays(1));
        await ResetAsync(flows, session.Email);
        Assert.Empty(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());

        // From here on it is the owner's account.
        var owners = await flows.AddAsync((await flows.Service.LoginAsync(session.Email)).Session);
        flows.Service.Clock.Advance(Week);
        await ResetAsync(flows, session.Email);
        Assert.Equal(owners.Id, Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).Id);
    }

    [Fact]
    public async Task The_first_reset_at_a_changed_address_removes_every_passkey_that_came_with_the_account()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        flows.Service.Clock.Advance(Week + TimeSpan.FromDays(1));
        session = await flows.LoginAsync();
        var victim = Service.NewEmail();
        Assert.IsType<OwnPasswordResult.Right>(
            await flows.Service.ChangeEmail.ExecuteAsync(session, victim, null, Service.Client, () => true, default));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(victim, MailKind.ChangeEmail));
        await ResetAsync(flows, victim);
        Assert.Empty(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
    }

    [Fact]
    public async Task Taking_back_an_address_registered_without_a_link_removes_every_passkey()
    {
        using var flows = new PasskeyFlows();
        var session = await SquatAsync(flows);
        flows.Service.Clock.Advance(Week + TimeSpan.FromDays(1));
        session = await flows.LoginAsync();
        var next = Service.NewEmail();
        Assert.IsType<OwnPasswordResult.Right>(
            await flows.Service.ChangeEmail.ExecuteAsync(session, next, null, Service.Client, () => true, default));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(session.Email, MailKind.EmailChanged));
        Assert.Empty(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        Assert.False((await flows.AccountOfAsync(session.Email)).HasUnprovedPasskeys);
    }

    [Fact]
    public async Task A_password_that_the_operator_sets_removes_every_passkey()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        flows.Service.Clock.Advance(4 * Week);
        Assert.True(await flows.Service.SetPassword.ExecuteAsync(
            session.Email, new(Service.Password), read: null, except: null, client: null, default));
        Assert.Empty(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Taking_an_email_back_removes_what_was_added_since_a_week_before_and_gives_the_owner_a_link(bool isPasskeyOnly)
    {
        using var flows = new PasskeyFlows();
        Session session;
        if (isPasskeyOnly)
        {
            await flows.NewAccountAsync();
            session = await flows.LoginAsync();
        }
        else
        {
            (session, _) = await flows.NewPasskeyAsync();
        }

        var email = session.Email;
        var owners = Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
        flows.Service.Clock.Advance(Week + TimeSpan.FromDays(1));
        // A thief adds one, changes the email, adds another and removes the owner's.
        session = await flows.LoginAsync();
        var thief = new SoftwareAuthenticator(Service.Origin);
        await flows.RegisterAsync(session, authenticator: thief);
        var next = Service.NewEmail();
        Assert.IsType<OwnPasswordResult.Right>(
            await flows.Service.ChangeEmail.ExecuteAsync(session, next, null, Service.Client, () => true, default));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(next, MailKind.ChangeEmail));
        session = await flows.Service.FindAsync(session);
        await flows.RegisterAsync(session, authenticator: thief);
        if (isPasskeyOnly)
            await flows.Service.RemovePasskey.ExecuteAsync(session, owners.Id, Service.Client, default);

        flows.Service.Clock.Advance(TimeSpan.FromDays(6));
        Assert.IsType<VerifyEmailResult.Verified>(await flows.FollowAsync(email, MailKind.EmailChanged));
        Assert.Equal(
            isPasskeyOnly ? [] : [owners.Id], (await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).Select(each => each.Id));
        PasskeyFlows.IsRefused(
            PasskeyRefusal.Unknown, await PasskeyFlows.LoginAsync(flows.Service, await flows.GetAsync(authenticator: thief)));
        await flows.SendAsync();
        Assert.IsType<ResetPasswordResult.Reset>(await flows.Service.ResetPassword.ExecuteAsync(
            flows.Mails.TokenOf(email, MailKind.ResetPassword), new(Service.Password), Service.Client, default));
        await flows.Service.LoginAsync(email);
    }

    [Fact]
    public async Task A_session_that_ends_under_way_adds_no_passkey()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        await flows.Service.RequestPasswordReset.ExecuteAsync(session.Email.ToAccountKey(), null, default);
        await flows.SendAsync();
        var token = flows.Mails.TokenOf(session.Email, MailKind.ResetPassword);
        using var racing = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, Intercepted.Once(nameof(IPasskeyStore.TryAddAsync), async () =>
                Assert.IsType<ResetPasswordResult.Reset>(
                    await flows.Service.ResetPassword.ExecuteAsync(token, new(Service.Password), Service.Client, default)))),
        });
        var response = await flows.CreateAsync(session);
        Assert.Equal(
            new RegisterPasskeyResult.Ended(EndReason.PasswordReset), await PasskeyFlows.RegisterAsync(racing, session, response));
        Assert.Empty(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
    }

    [Fact]
    public async Task A_session_that_ends_under_way_or_before_removes_no_passkey()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var ended = new RemovePasskeyResult.Ended(EndReason.Logout);
        using var racing = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(
                flows.Stores.Passkeys, Intercepted.Once(nameof(IPasskeyStore.TryRemoveAsync), () => flows.Service.LogoutAsync(session))),
        });
        Assert.Equal(ended, await racing.RemovePasskey.ExecuteAsync(session, passkey.Id, Service.Client, default));
        Assert.Equal(ended, await flows.Service.RemovePasskey.ExecuteAsync(session, passkey.Id, Service.Client, default));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default));
    }

    [Fact]
    public async Task A_finisher_that_comes_late_leaves_what_the_owner_added_since()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        await flows.Service.RequestPasswordReset.ExecuteAsync(session.Email.ToAccountKey(), null, default);
        await flows.SendAsync();
        var token = flows.Mails.TokenOf(session.Email, MailKind.ResetPassword);
        Passkey? added = null;
        using var slow = flows.Beside(flows.Stores with
        {
            // Another instance finishes the change before this one, and the owner adds a passkey.
            Sessions = Intercepted.Around(flows.Stores.Sessions, Intercepted.Once(nameof(ISessionStore.ListAsync), async () =>
                added = await flows.AddAsync((await flows.Service.LoginAsync(session.Email)).Session))),
        });
        Assert.IsType<ResetPasswordResult.Reset>(await slow.ResetPassword.ExecuteAsync(token, new(Service.Password), Service.Client, default));
        Assert.Equal(added!.Id, Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default)).Id);
    }

    /// <summary>Registers another's address with a passkey, and sets a password, without which no mail would reset it.</summary>
    private static async Task<Session> SquatAsync(PasskeyFlows flows)
    {
        await flows.NewAccountAsync();
        var session = await flows.LoginAsync();
        Assert.IsType<ChangePasswordResult.Changed>(await flows.Service.ChangePassword.ExecuteAsync(
            session, null, new("another password of a squatter"), Service.Client, default));
        return session;
    }

    private static async Task ResetAsync(PasskeyFlows flows, Email email)
    {
        await flows.Service.RequestPasswordReset.ExecuteAsync(email.ToAccountKey(), null, default);
        await flows.SendAsync();
        Assert.IsType<ResetPasswordResult.Reset>(await flows.Service.ResetPassword.ExecuteAsync(
            flows.Mails.TokenOf(email, MailKind.ResetPassword), new(Service.Password), Service.Client, default));
    }
}

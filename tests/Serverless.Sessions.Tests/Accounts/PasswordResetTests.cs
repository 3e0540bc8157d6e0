namespace Serverless.Sessions.Tests.Accounts;

public sealed class PasswordResetTests : IDisposable
{
    private readonly MailedFlows _flows = new();

    private Service Service => _flows.Service;

    [Fact]
    public async Task A_reset_sets_the_password_ends_all_sessions_lifts_the_lock_and_tells_the_user()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        for (var i = 0; i < 5; i++)
            await Service.TryLoginAsync(email, "wrong password");
        Assert.IsType<StartSessionResult.Locked>(await Service.TryLoginAsync(email));

        var token = await _flows.ForgetAsync(email);
        for (var i = 0; i < 3; i++)
            await Service.TryLoginAsync(email, "wrong password");
        Assert.IsType<ResetPasswordResult.PasswordRefused>(await _flows.ResetAsync(token, "short"));
        Assert.IsType<ResetPasswordResult.Reset>(await _flows.ResetAsync(token));
        Assert.IsType<ResetPasswordResult.TokenInvalid>(await _flows.ResetAsync(token));
        Assert.Equal(EndReason.PasswordReset, (await Service.FindAsync(session)).Ending?.Reason);
        Assert.Single(await Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasswordReset);
        Assert.True(await _flows.CanLogInAsync(email, MailedFlows.Next));
        Assert.False(await _flows.CanLogInAsync(email));
        await _flows.SendAsync();
        Assert.Equal(MailKind.PasswordReset, _flows.Mails.To(email)[^1].Kind);
    }

    [Fact]
    public async Task Only_who_has_a_valid_link_has_a_password_looked_up_in_the_list_and_a_leaked_one_does_not_use_it()
    {
        var email = await _flows.NewUserAsync();
        var token = await _flows.ForgetAsync(email);
        var leaked = new AllLeaked();
        using (var service = new Service(_flows.Stores, Service.Clock, breached: leaked))
        {
            Assert.IsType<ResetPasswordResult.TokenInvalid>(await ResetAsync("made up"));
            Assert.IsType<ResetPasswordResult.TokenInvalid>(await ResetAsync($"{Service.NewEmail().ToAccountKey()}{token[32..]}"));
            Assert.Equal(0, leaked.LookUps);
            Assert.IsType<ResetPasswordResult.PasswordRefused>(await ResetAsync(token));
            Assert.Equal(1, leaked.LookUps);

            Task<ResetPasswordResult> ResetAsync(string text) =>
                service.ResetPassword.ExecuteAsync(text, new(MailedFlows.Next), Service.Client, default);
        }

        Assert.IsType<ResetPasswordResult.Reset>(await _flows.ResetAsync(token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thief_who_closes_an_account_does_not_keep_its_owner_from_a_reset(bool isLinkOlder)
    {
        var email = await _flows.NewUserAsync();
        var thief = (await Service.LoginAsync(email)).Session;
        await Service.ChangePassword.ExecuteAsync(thief, new(Service.Password), new("the password of a thief"), Service.Client, default);
        var token = isLinkOlder ? await _flows.ForgetAsync(email) : null;
        Assert.IsType<CloseAccountResult.Closed>(await Service.CloseAsync(thief, "the password of a thief"));

        Assert.IsType<ResetPasswordResult.Reset>(await _flows.ResetAsync(token ?? await _flows.ForgetAsync(email)));
        Service.Clock.Advance(TimeSpan.FromDays(30));
        await _flows.SendAsync();
        Assert.True(await _flows.CanLogInAsync(email, MailedFlows.Next));
        Assert.Null((await _flows.IsWholeAsync(thief.UserId, email)).EraseAt);
    }

    [Fact]
    public async Task A_reset_restores_nothing_that_is_disabled_or_due_to_be_erased()
    {
        foreach (var isDisabled in new[] { false, true })
        {
            var email = await _flows.NewUserAsync();
            var session = (await Service.LoginAsync(email)).Session;
            await Service.CloseAsync(session);
            Service.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(10));
            var token = await _flows.ForgetAsync(email);
            if (isDisabled)
                await Service.ChangeAccount.ExecuteAsync(email.ToAccountKey(), AccountState.Disabled, [], default);
            else
                Service.Clock.Advance(TimeSpan.FromMinutes(5));
            Assert.IsType<ResetPasswordResult.TokenInvalid>(await _flows.ResetAsync(token));
            Assert.False(await _flows.CanLogInAsync(email, MailedFlows.Next));
        }
    }

    [Fact]
    public async Task A_changed_password_is_told_by_mail()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var before = _flows.Mails.To(email).Count;
        Assert.IsType<ChangePasswordResult.WrongPassword>(
            await Service.ChangePassword.ExecuteAsync(session, new("a wrong password"), new(MailedFlows.Next), Service.Client, default));
        Assert.IsType<ChangePasswordResult.Changed>(
            await Service.ChangePassword.ExecuteAsync(session, new(Service.Password), new(MailedFlows.Next), Service.Client, default));
        await _flows.SendAsync();
        Assert.Equal([MailKind.PasswordChanged], _flows.Mails.To(email).Skip(before).Select(mail => mail.Kind));
    }

    [Fact]
    public async Task A_reset_of_an_account_that_is_not_verified_proves_the_address()
    {
        var account = await Service.CreateAccountAsync();
        Assert.IsType<ResetPasswordResult.Reset>(await _flows.ResetAsync(await _flows.ForgetAsync(account.Email)));
        Assert.True(await _flows.CanLogInAsync(account.Email, MailedFlows.Next));
    }

    public void Dispose() => _flows.Dispose();

    private sealed class AllLeaked : IBreachedPasswords
    {
        public int LookUps { get; private set; }

        public Task<bool> ContainsAsync(Password password, CancellationToken cancellationToken)
        {
            LookUps++;
            return Task.FromResult(true);
        }
    }
}

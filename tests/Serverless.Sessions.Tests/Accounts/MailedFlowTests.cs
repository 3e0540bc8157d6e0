using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Sessions.Tests.Accounts;

public sealed class MailedFlowTests : IDisposable
{
    private readonly MailedFlows _flows = new();

    private Service Service => _flows.Service;

    [Fact]
    public async Task A_registration_becomes_an_account_when_its_link_is_used()
    {
        var email = await _flows.RegisterAsync();
        Assert.Null((await _flows.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account);
        Assert.IsType<StartSessionResult.EmailNotVerified>(await Service.TryLoginAsync(email));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await Service.TryLoginAsync(email, "wrong password"));

        var verified = Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.VerifyEmail));
        var login = await Service.LoginAsync(email);
        Assert.Equal(verified.User, login.Session.UserId);
        Assert.Equal("de", (await _flows.IsWholeAsync(verified.User, email)).Language);
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(email, MailKind.VerifyEmail));
    }

    [Fact]
    public async Task Who_registers_with_the_email_of_an_account_is_answered_as_if_there_were_none()
    {
        var email = await _flows.NewUserAsync();
        await _flows.RegisterAsync(email, MailedFlows.Next);
        Assert.Equal([MailKind.VerifyEmail, MailKind.AlreadyRegistered], _flows.Mails.To(email).Select(mail => mail.Kind));
        Assert.Null(_flows.Mails.To(email)[^1].Token);
        Assert.IsType<StartSessionResult.EmailNotVerified>(await Service.TryLoginAsync(email, MailedFlows.Next));
        Assert.True(await _flows.CanLogInAsync(email));
    }

    [Theory]
    [InlineData("wrong password", 2)]
    [InlineData(MailedFlows.Next, 2)]
    public async Task After_a_registration_a_login_costs_the_same_hashes_with_and_without_an_account(string password, int hashes)
    {
        foreach (var email in new[] { Service.NewEmail(), await _flows.NewUserAsync() })
        {
            await _flows.RegisterAsync(email, MailedFlows.Next);
            var checks = 0;
            Service.Hashing.Checked = _ => checks++;
            await Service.TryLoginAsync(email, password);
            Assert.Equal(hashes, checks);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_guess_counts_after_a_registration_whether_its_caller_hangs_up_or_no_core_is_free(bool hangsUp)
    {
        using var service = new Service(
            _flows.Stores, Service.Clock, accountOptions: new() { VerifyEmail = true },
            configure: services => services.AddSingleton(
                Options.Create(new PasswordOptions { WeakHashes = true, MaximumWait = TimeSpan.FromMilliseconds(500) })));
        var email = await _flows.NewUserAsync();
        await _flows.RegisterAsync(email, MailedFlows.Next);
        using var caller = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var others = Task.CompletedTask;
        // After the account's own hash was wrong.
        service.Hashing.Checked = _ =>
        {
            service.Hashing.Checked = _ => release.Wait();
            if (hangsUp)
                caller.Cancel();
            else
                others = Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(
                    _ => service.Hashing.CheckAsync(null, new("the password of another"), default)));
        };
        if (hangsUp)
            release.Set();
        var login = new LoginRequest(email, new("wrong password"), Remember: false);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await service.StartSession.ExecuteAsync(login, Service.Client, caller.Token));
        release.Set();
        await others;
        Assert.Equal(1, (await _flows.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Throttle.Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_registers_an_email_and_logs_in_again_and_again_fills_no_history_but_locks_it(bool isKnown)
    {
        var email = isKnown ? await _flows.NewUserAsync() : Service.NewEmail();
        await _flows.RegisterAsync(email, MailedFlows.Next);
        for (var i = 1; i <= 5; i++)
        {
            // Which is logged as any failed login.
            var refused = Assert.IsType<StartSessionResult.EmailNotVerified>(await Service.TryLoginAsync(email, MailedFlows.Next));
            Assert.Equal(new StartSessionResult.InvalidCredentials(Locks: i == 5), refused.Failed);
        }

        Assert.IsType<StartSessionResult.Locked>(await Service.TryLoginAsync(email, MailedFlows.Next));
        var user = (await _flows.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account?.Id;
        var owner = user is { } id ? LogOwner.Of(id) : LogOwner.Of(email.ToAccountKey());
        var entries = (await _flows.Stores.Log.ReadAsync(owner, null, 100, default)).Entries;
        Assert.Equal(5, entries.Count(entry => entry.Error == "email_not_verified"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_registered_password_is_answered_alike_for_a_day_whatever_link_there_is(bool isSentAgain)
    {
        var (former, unverified) = (await _flows.NewUserAsync(), (await Service.CreateAccountAsync()).Email);
        await _flows.MoveAsync((await Service.LoginAsync(former)).Session);
        await Service.SendVerification.ExecuteAsync(unverified, null, default);
        Service.Clock.Advance(TimeSpan.FromHours(23));
        // Beside no link, one of seven days, and one that expires within the hour.
        Email[] emails = [Service.NewEmail(), former, unverified];
        foreach (var email in emails)
            await _flows.RegisterAsync(email, MailedFlows.Next);
        Service.Clock.Advance(TimeSpan.FromHours(2));
        await _flows.SendAsync();
        foreach (var email in emails.Where(_ => isSentAgain))
            await Service.SendVerification.ExecuteAsync(email, null, default);

        Service.Clock.Advance(TimeSpan.FromHours(isSentAgain ? 23 : 21));
        await _flows.SendAsync();
        foreach (var email in emails)
            Assert.IsType<StartSessionResult.EmailNotVerified>(await Service.TryLoginAsync(email, MailedFlows.Next));
        Service.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var email in emails)
            Assert.IsType<StartSessionResult.InvalidCredentials>(await Service.TryLoginAsync(email, MailedFlows.Next));
    }

    [Fact]
    public async Task A_change_to_an_email_ends_its_registration_with_and_without_an_account()
    {
        var session = (await Service.LoginAsync(await _flows.NewUserAsync())).Session;
        var unverified = (await Service.CreateAccountAsync()).Email;
        await Service.SendVerification.ExecuteAsync(unverified, null, default);
        foreach (var email in new[] { Service.NewEmail(), unverified })
        {
            await _flows.RegisterAsync(email, MailedFlows.Next);
            await _flows.AskForChangeAsync(session, email);
            Assert.IsType<StartSessionResult.InvalidCredentials>(await Service.TryLoginAsync(email, MailedFlows.Next));
        }

        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(unverified, MailKind.VerifyEmail));
    }

    [Fact]
    public async Task A_link_that_was_sent_again_replaces_the_earlier_one()
    {
        var email = await _flows.RegisterAsync();
        var first = _flows.Mails.TokenOf(email, MailKind.VerifyEmail);
        await Service.SendVerification.ExecuteAsync(email, null, default);
        await _flows.SendAsync();
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(first));
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.VerifyEmail));
        Assert.True(await _flows.CanLogInAsync(email));
    }

    [Fact]
    public async Task An_account_from_before_is_verified_by_a_link_that_a_stranger_cannot_replace()
    {
        var account = await Service.CreateAccountAsync();
        Assert.IsType<StartSessionResult.EmailNotVerified>(await Service.TryLoginAsync(account.Email));
        await Service.SendVerification.ExecuteAsync(account.Email, null, default);
        await _flows.RegisterAsync(account.Email, MailedFlows.Next);
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(account.Email, MailKind.VerifyEmail));
        Assert.True(await _flows.CanLogInAsync(account.Email));
        Assert.Contains(await Service.LogOfAsync(account.Id), entry => entry.Action == LogAction.EmailVerified);
    }

    [Fact]
    public async Task What_a_stranger_asks_for_does_not_replace_a_link_that_is_written_meanwhile()
    {
        var account = await Service.CreateAccountAsync();
        await BesideAsync(
            () => Service.SendVerification.ExecuteAsync(account.Email, null, default),
            stranger => stranger.RegisterAccount.ExecuteAsync(account.Email, new(MailedFlows.Next), null, default));
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(account.Email, MailKind.VerifyEmail));

        var session = (await Service.LoginAsync(account.Email)).Session;
        await BesideAsync(
            () => _flows.MoveAsync(session),
            stranger => stranger.RegisterAccount.ExecuteAsync(account.Email, new(MailedFlows.Next), null, default));
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(account.Email, MailKind.EmailChanged));

        async Task BesideAsync(Func<Task> actAsync, Func<Service, Task> askAsync)
        {
            var before = Intercepted.Once(nameof(IAccountStore.TryWriteAsync), actAsync);
            using var service = _flows.Beside(_flows.Stores with { Accounts = Intercepted.Around(_flows.Stores.Accounts, before) });
            await askAsync(service);
            await _flows.SendAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_reply_is_lost_promises_one_mail(bool isKnown)
    {
        var email = isKnown ? await _flows.NewUserAsync() : Service.NewEmail();
        var accounts = Intercepted.Around(
            _flows.Stores.Accounts, instead: (call, send) => call == nameof(IAccountStore.TryWriteAsync) ? SendTwiceAsync(send) : null);
        var sent = _flows.Mails.To(email).Count;
        using (var service = _flows.Beside(_flows.Stores with { Accounts = accounts }))
            await service.RegisterAccount.ExecuteAsync(email, new(MailedFlows.Next), null, default);
        await _flows.SendAsync();
        Assert.Equal(sent + 1, _flows.Mails.To(email).Count);

        static async Task<bool> SendTwiceAsync(Func<Task> send)
        {
            await send();
            return await (Task<bool>)send();
        }
    }

    [Fact]
    public async Task A_link_to_verify_expires_after_a_day_and_the_timer_removes_its_row()
    {
        var email = await _flows.RegisterAsync();
        Service.Clock.Advance(TimeSpan.FromHours(24));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(email, MailKind.VerifyEmail));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await Service.TryLoginAsync(email));
        await _flows.SendAsync();
        Assert.Null((await _flows.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Verify);
    }

    [Fact]
    public async Task A_link_of_a_registration_creates_no_account_of_another_address_than_its_own()
    {
        var (email, other) = (await _flows.RegisterAsync(), Service.NewEmail());
        var (accounts, key) = (_flows.Stores.Accounts, email.ToAccountKey());
        var token = (await accounts.ReadAsync(key, default)).Verify!;
        Assert.True(await accounts.TryWriteAsync(key, new(token with { Address = other.Address }), default));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(email, MailKind.VerifyEmail));
        Assert.Null((await accounts.ReadAsync(other.ToAccountKey(), default)).Account);
    }

    [Fact]
    public async Task Nobody_is_sent_a_link_for_an_unknown_or_disabled_account()
    {
        var email = await _flows.NewUserAsync();
        var administrator = await Service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(Service.Password), [Roles.Admin], null, default);
        var session = (await Service.LoginAsync(Assert.IsType<CreateAccountResult.Created>(administrator).Account.Email)).Session;
        var user = (await _flows.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account!.Id;
        await Service.ChangeAccount.ExecuteAsync(session, user, AccountState.Disabled, null, default);
        var sent = _flows.Mails.Mails.Count;
        foreach (var key in new[] { email.ToAccountKey(), Service.NewEmail().ToAccountKey() })
            await Service.RequestPasswordReset.ExecuteAsync(key, null, default);
        await Service.SendVerification.ExecuteAsync(Service.NewEmail(), null, default);
        await _flows.SendAsync();
        Assert.Equal(sent, _flows.Mails.Mails.Count);
    }

    [Fact]
    public async Task A_token_is_for_its_purpose_and_its_account_alone()
    {
        var (email, other) = (await _flows.NewUserAsync(), await _flows.NewUserAsync());
        var token = await _flows.ForgetAsync(email);
        await _flows.ForgetAsync(other);
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(token));
        Assert.IsType<ResetPasswordResult.TokenInvalid>(await _flows.ResetAsync($"{other.ToAccountKey()}{token[32..]}"));
        foreach (var wrong in new[] { "", ".", token[..^1], token + "A", token.ToUpperInvariant(), $"{token[..^1]}{(token[^1] == 'A' ? 'E' : 'A')}" })
            Assert.IsType<ResetPasswordResult.TokenInvalid>(await _flows.ResetAsync(wrong));
        Assert.IsType<ResetPasswordResult.Reset>(await _flows.ResetAsync(token));
    }

    [Fact]
    public async Task Of_64_parallel_uses_of_a_token_one_wins()
    {
        var email = await _flows.RegisterAsync();
        await OneWinsAsync<VerifyEmailResult.Verified>(_flows.Mails.TokenOf(email, MailKind.VerifyEmail), async token => await _flows.UseAsync(token));
        var session = (await Service.LoginAsync(email)).Session;
        var next = await _flows.AskForChangeAsync(session);
        await OneWinsAsync<VerifyEmailResult.Verified>(_flows.Mails.TokenOf(next, MailKind.ChangeEmail), async token => await _flows.UseAsync(token));
        await _flows.SendAsync();
        await OneWinsAsync<VerifyEmailResult.Verified>(_flows.Mails.TokenOf(email, MailKind.EmailChanged), async token => await _flows.UseAsync(token));
        await _flows.SendAsync();
        await OneWinsAsync<ResetPasswordResult.Reset>(
            _flows.Mails.TokenOf(email, MailKind.ResetPassword), async token => await _flows.ResetAsync(token));
        await _flows.IsWholeAsync(session.UserId, email, next);

        static async Task OneWinsAsync<TWin>(string token, Func<string, Task<object>> useAsync)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => useAsync(token))));
            Assert.Single(results, result => result is TWin);
        }
    }

    public void Dispose() => _flows.Dispose();
}

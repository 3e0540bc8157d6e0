namespace Serverless.Sessions.Tests.Accounts;

public sealed class EmailChangeTests : IDisposable
{
    private readonly MailedFlows _flows = new();

    private Service Service => _flows.Service;

    [Fact]
    public async Task A_changed_email_opens_sessions_and_the_former_one_does_not_and_sessions_live_on()
    {
        var email = await _flows.NewUserAsync();
        var login = await Service.LoginAsync(email);
        var next = await _flows.AskForChangeAsync(login.Session);
        Assert.True(await _flows.CanLogInAsync(email));
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(next, MailKind.ChangeEmail));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(next, MailKind.ChangeEmail));

        Assert.True(await _flows.CanLogInAsync(next));
        Assert.False(await _flows.CanLogInAsync(email));
        await _flows.IsWholeAsync(login.Session.UserId, next, email);
        Assert.Equal(next, (await Service.FindAsync(login.Session)).Email);
        await Service.RefreshAsync(login.Tokens.RefreshText);
        Assert.Equal(next, (await Service.FindAccount.ExecuteAsync(login.Session.UserId, default))!.Email);
        var log = await Service.LogOfAsync(login.Session.UserId);
        Assert.Single(log, entry => entry.Action == LogAction.EmailChanged && entry.SessionId is null);
    }

    [Fact]
    public async Task A_change_is_taken_back_by_the_former_address()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var next = await _flows.MoveAsync(session);
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.EmailChanged));

        var account = await _flows.IsWholeAsync(session.UserId, email, next);
        Assert.Null(account.PasswordHash);
        Assert.Null((await _flows.Stores.Accounts.ReadAsync(next.ToAccountKey(), default)).Account);
        Assert.Equal(EndReason.EmailTakenBack, (await Service.FindAsync(session)).Ending?.Reason);
        Assert.False(await _flows.CanLogInAsync(email));
        Assert.False(await _flows.CanLogInAsync(next));
        await _flows.SendAsync();
        Assert.IsType<ResetPasswordResult.Reset>(await _flows.ResetAsync(_flows.Mails.TokenOf(email, MailKind.ResetPassword)));
        Assert.True(await _flows.CanLogInAsync(email, MailedFlows.Next));
    }

    [Fact]
    public async Task A_thief_who_moves_on_can_neither_escape_the_owner_nor_take_back_what_the_owner_took_back()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var second = await _flows.MoveAsync(session);
        var third = await _flows.MoveAsync(await Service.FindAsync(session));
        await _flows.IsWholeAsync(session.UserId, third, email, second);

        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.EmailChanged));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(second, MailKind.EmailChanged));
        await _flows.IsWholeAsync(session.UserId, email, second, third);
    }

    [Fact]
    public async Task A_thief_who_takes_back_a_move_of_their_own_does_not_void_the_link_of_the_owner()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var second = await _flows.MoveAsync(session);
        var third = await _flows.MoveAsync(await Service.FindAsync(session));
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(second, MailKind.EmailChanged));
        await _flows.SendAsync();
        await _flows.ResetAsync(_flows.Mails.TokenOf(second, MailKind.ResetPassword), Service.Password);
        var fourth = await _flows.MoveAsync((await Service.LoginAsync(second)).Session);

        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.EmailChanged));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(second, MailKind.EmailChanged));
        Assert.DoesNotContain(_flows.Mails.To(third), mail => mail.Kind == MailKind.EmailChanged);
        Assert.Empty((await _flows.IsWholeAsync(session.UserId, email, second, third, fourth)).Departures);
    }

    [Fact]
    public async Task Taking_back_restores_what_a_thief_closed_but_not_what_an_administrator_did()
    {
        var administrator = (await Service.CreateAccountAsync(role: Roles.Admin)).Id;
        foreach (var isDisabled in new[] { false, true })
        {
            var email = await _flows.NewUserAsync();
            var session = (await Service.LoginAsync(email)).Session;
            var next = await _flows.MoveAsync(session);
            if (isDisabled)
            {
                await Service.ChangeAccount.ExecuteAsync(next.ToAccountKey(), AccountState.Disabled, [], default);
                await Service.CloseAccount.ExecuteAsync(administrator, session.UserId, default);
            }
            else
            {
                Assert.IsType<CloseAccountResult.Closed>(await Service.CloseAsync(await Service.FindAsync(session)));
            }

            Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.EmailChanged));
            var account = await _flows.IsWholeAsync(session.UserId, email, next);
            Assert.Equal((isDisabled ? AccountState.Disabled : AccountState.Active, isDisabled), (account.State, account.EraseAt is not null));

            Service.Clock.Advance(TimeSpan.FromDays(30));
            await _flows.SendAsync();
            Service.Clock.Advance(TimeSpan.FromMinutes(16));
            await _flows.SendAsync();
            Assert.Equal(isDisabled, (await _flows.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Account is null);
        }
    }

    [Fact]
    public async Task Taking_back_an_email_leaves_the_roles_that_were_given_to_the_other_one()
    {
        var email = await _flows.NewUserAsync();
        await Service.ChangeAccount.ExecuteAsync(email.ToAccountKey(), AccountState.Active, ["reader", "writer"], default);
        var session = (await Service.LoginAsync(email)).Session;
        var colleague = await _flows.MoveAsync(session);
        await Service.ChangeAccount.ExecuteAsync(colleague.ToAccountKey(), AccountState.Active, [Roles.Admin, "reader"], default);

        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.EmailChanged));
        await _flows.SendAsync();
        Assert.Equal(["reader"], (await _flows.IsWholeAsync(session.UserId, email, colleague)).Roles);
    }

    [Fact]
    public async Task An_administrator_whose_session_has_the_former_email_is_still_one()
    {
        var email = await _flows.NewUserAsync();
        await Service.ChangeAccount.ExecuteAsync(email.ToAccountKey(), AccountState.Active, [Roles.Admin], default);
        var session = (await Service.LoginAsync(email)).Session;
        await _flows.MoveAsync(session);
        var user = await Service.CreateAccountAsync();
        Assert.IsType<ChangeAccountResult.Changed>(
            await Service.ChangeAccount.ExecuteAsync(session, user.Id, AccountState.Disabled, null, default));
    }

    [Fact]
    public async Task A_change_that_is_given_up_as_the_account_closes_is_not_confirmed()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var next = await _flows.AskForChangeAsync(session);
        var before = Intercepted.Once(nameof(IAccountStore.TryReplaceAsync), () => Service.CloseAsync(session));
        using var service = _flows.Beside(_flows.Stores with { Accounts = Intercepted.Around(_flows.Stores.Accounts, before) });
        Assert.IsType<VerifyEmailResult.TokenInvalid>(
            await service.VerifyEmail.ExecuteAsync(_flows.Mails.TokenOf(next, MailKind.ChangeEmail), Service.Client, default));
        Assert.Equal(AccountState.Closing, (await _flows.IsWholeAsync(session.UserId, email, next)).State);
        await _flows.IsIndexedAsync();
    }

    [Fact]
    public async Task A_thief_cannot_move_on_until_the_owner_is_forgotten()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        for (var i = 0; i < 16; i++)
            await _flows.MoveAsync(await Service.FindAsync(session));
        var next = await _flows.AskForChangeAsync(await Service.FindAsync(session));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(next, MailKind.ChangeEmail));
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.EmailChanged));
        await _flows.IsWholeAsync(session.UserId, email);
    }

    [Fact]
    public async Task A_former_address_is_reserved_for_seven_days_and_then_free()
    {
        var email = await _flows.NewUserAsync();
        await _flows.MoveAsync((await Service.LoginAsync(email)).Session);
        Service.Clock.Advance(TimeSpan.FromDays(6));
        var sent = _flows.Mails.To(email).Count;
        await _flows.RegisterAsync(email);
        Assert.Equal(sent, _flows.Mails.To(email).Count);

        Service.Clock.Advance(TimeSpan.FromDays(1));
        await _flows.SendAsync();
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(email, MailKind.EmailChanged));
        await _flows.RegisterAsync(email);
        Assert.IsType<VerifyEmailResult.Verified>(await _flows.UseAsync(email, MailKind.VerifyEmail));
    }

    [Fact]
    public async Task The_owner_of_a_taken_address_is_told_and_nothing_changes()
    {
        var (email, taken) = (await _flows.NewUserAsync(), await _flows.NewUserAsync());
        var session = (await Service.LoginAsync(email)).Session;
        await _flows.AskForChangeAsync(session, taken);
        Assert.Equal(MailKind.AlreadyRegistered, _flows.Mails.To(taken)[^1].Kind);
        await _flows.IsWholeAsync(session.UserId, email);
    }

    [Fact]
    public async Task A_change_that_a_thief_began_ends_with_a_reset_of_the_password()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var next = await _flows.AskForChangeAsync(session);
        await _flows.ResetAsync(await _flows.ForgetAsync(email));
        Assert.IsType<VerifyEmailResult.TokenInvalid>(await _flows.UseAsync(next, MailKind.ChangeEmail));
        await _flows.IsWholeAsync(session.UserId, email, next);
    }

    [Fact]
    public async Task Past_the_limit_for_mails_the_password_is_checked_all_the_same_and_nothing_is_sent()
    {
        var session = (await Service.LoginAsync(await _flows.NewUserAsync())).Session;
        var next = Service.NewEmail();
        Task<OwnPasswordResult> AskAsync(string password) =>
            Service.ChangeEmail.ExecuteAsync(session, next, new(password), Service.Client, () => false, default);
        Assert.IsType<OwnPasswordResult.Right>(await AskAsync(Service.Password));
        Assert.IsType<OwnPasswordResult.Wrong>(await AskAsync("wrong password"));
        await _flows.SendAsync();
        Assert.Empty(_flows.Mails.To(next));
    }

    [Fact]
    public async Task A_wrong_password_asks_nobody_and_counts()
    {
        var session = (await Service.LoginAsync(await _flows.NewUserAsync())).Session;
        var next = Service.NewEmail();
        Assert.IsType<OwnPasswordResult.Wrong>(
            await Service.ChangeEmail.ExecuteAsync(session, next, new("wrong password"), Service.Client, () => true, default));
        await _flows.SendAsync();
        Assert.Empty(_flows.Mails.To(next));
        Assert.Equal(1, (await _flows.Stores.Accounts.ReadAsync(session.Email.ToAccountKey(), default)).Throttle.Failures);
    }

    [Fact]
    public async Task Of_two_changes_that_are_confirmed_at_once_one_moves_the_account()
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        // As many as fill the list of those that can be taken back.
        for (var round = 0; round < 16; round++)
        {
            var from = (await Service.FindAccount.ExecuteAsync(session.UserId, default))!.Email;
            session = (await Service.LoginAsync(from)).Session;
            var (one, two) = (await _flows.AskForChangeAsync(session), await _flows.AskForChangeAsync(session));
            await Task.WhenAll(new[] { one, two }.Select(next => Task.Run(() => _flows.UseAsync(next, MailKind.ChangeEmail))));
            var now = (await Service.FindAccount.ExecuteAsync(session.UserId, default))!.Email;
            Email[] rest = [.. new[] { from, one, two }.Where(each => each != now)];
            Assert.NotEqual(from, now);
            await _flows.IsWholeAsync(session.UserId, now, rest);
        }
    }

    /// <summary>The storage client repeats a call whose reply is lost, and gets the refusal.</summary>
    [Theory]
    [InlineData(nameof(IAccountStore.TryReplaceAsync))]
    [InlineData(nameof(IEpochStore.TryMoveEpochAsync))]
    [InlineData(nameof(IAccountStore.TryRemoveAsync))]
    public async Task A_move_recognizes_its_own_writes_after_lost_replies(string repeated)
    {
        var email = await _flows.NewUserAsync();
        var session = (await Service.LoginAsync(email)).Session;
        var next = await _flows.AskForChangeAsync(session);
        using var service = _flows.Beside(_flows.Stores with
        {
            Accounts = Intercepted.Around(_flows.Stores.Accounts, instead: RepeatAsync),
            Epochs = Intercepted.Around(_flows.Stores.Epochs, instead: RepeatAsync),
        });
        var change = await service.VerifyEmail.ExecuteAsync(_flows.Mails.TokenOf(next, MailKind.ChangeEmail), Service.Client, default);
        Assert.IsType<VerifyEmailResult.Verified>(change);
        await _flows.SendAsync();
        await _flows.IsWholeAsync(session.UserId, next, email);
        var back = await service.VerifyEmail.ExecuteAsync(_flows.Mails.TokenOf(email, MailKind.EmailChanged), Service.Client, default);
        Assert.IsType<VerifyEmailResult.Verified>(back);
        await _flows.IsWholeAsync(session.UserId, email, next);
        Assert.Single(await Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.EmailTakenBack);

        Task? RepeatAsync(string call, Func<Task> send) => call == repeated ? SendTwiceAsync(send) : null;

        static async Task<bool> SendTwiceAsync(Func<Task> send)
        {
            await send();
            return await (Task<bool>)send();
        }
    }

    /// <summary>A change of the former account at each step of the move is not lost, and the move goes on with it or not at all.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_of_the_account_at_any_step_of_its_move_is_not_lost(bool disables)
    {
        for (var step = 0; ; step++)
        {
            using var flows = new MailedFlows();
            var email = await flows.NewUserAsync();
            var session = (await flows.Service.LoginAsync(email)).Session;
            var next = await flows.AskForChangeAsync(session);
            var (calls, isChanged) = (0, false);
            void Before(string call)
            {
                if (calls++ != step)
                    return;
                isChanged = true;
                ChangeAsync().GetAwaiter().GetResult();
            }

            async Task ChangeAsync()
            {
                await flows.Service.Fence.ChangeAsync(
                    email.ToAccountKey(),
                    (account, _) => new(
                        disables ? account with { State = AccountState.Disabled } : account with { Roles = ["auditor"] },
                        new(flows.Service.Clock.GetUtcNow(), Ends: disables ? EndReason.Admin : null)), default);
            }

            using (var service = flows.Beside(Intercepted.AroundAccounts(flows.Stores, Before)))
                await service.VerifyEmail.ExecuteAsync(flows.Mails.TokenOf(next, MailKind.ChangeEmail), Service.Client, default);
            await flows.SendAsync();
            var key = await flows.Stores.Epochs.FindAccountKeyAsync(session.UserId, default);
            var isMoved = key == next.ToAccountKey();
            var account = await flows.IsWholeAsync(session.UserId, isMoved ? next : email, isMoved ? email : next);
            if (!isChanged)
                return;
            Assert.Equal((disables, !disables), (account.State == AccountState.Disabled, account.Roles.SequenceEqual(["auditor"])));
            Assert.Equal(disables, (await flows.Service.FindAsync(session)).Ending is not null);
            if (!disables)
                Assert.Equal((account.Email, "auditor"), ((await flows.Service.FindAsync(session)).Email, string.Join(',', (await flows.Service.FindAsync(session)).Roles)));
        }
    }

    public void Dispose() => _flows.Dispose();
}

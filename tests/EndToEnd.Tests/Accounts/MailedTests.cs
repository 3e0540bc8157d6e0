using EndToEnd.Tests.Contract;
using EndToEnd.Tests.Passkeys;

namespace EndToEnd.Tests.Accounts;

/// <summary>An app that requires verified emails, and a mail server that gets its mail. Its host doesn't run one of the timers.</summary>
public sealed class MailedApp : IAsyncLifetime
{
    public const string DisabledTimer = "PurgeOldLogs";

    private OwnApp _own = null!;

    public MailServer Mails { get; private set; } = null!;
    public SessionClient Client => _own.Client;

    public async Task InitializeAsync()
    {
        Mails = await MailServer.StartAsync();
        _own = await OwnApp.StartAsync(
        [
            .. Mails.Settings, ("Accounts__VerifyEmail", "true"), ("RateLimits__MailsPerHourPerAddress", "0"),
            ($"AzureWebJobs.{DisabledTimer}.Disabled", "true"),
        ]);
    }

    public async Task DisposeAsync()
    {
        var output = _own.Process.Output;
        await _own.DisposeAsync();
        await Mails.DisposeAsync();
        Overheard.IsClean(output);
        Assert.All(Mails.All.Where(mail => mail.Text.Contains('#', StringComparison.Ordinal)), mail =>
            Assert.DoesNotContain(mail.Token, output, StringComparison.Ordinal));
    }

    public async Task<string> NewUserAsync()
    {
        var email = App.NewEmail();
        AssertAccepted(await Client.RegisterAsync(email));
        (await UseAsync("accounts/email/verify", await Mails.NextAsync(email))).IsEmpty();
        return email;
    }

    public Task<Answer> UseAsync(string route, ReceivedMail mail) => Client.SendAsync(SessionClient.Post(route, new { token = mail.Token }));

    public Task<Answer> ResetAsync(ReceivedMail mail) => Client.SendAsync(
        SessionClient.Post("accounts/password/reset", new { token = mail.Token, password = AppSettings.Password }));

    public static void AssertAccepted(Answer answer)
    {
        answer.Is(202);
        Assert.Empty(answer.Text);
    }
}

[CollectionDefinition(nameof(MailedApp))]
public sealed class MailedAppCollection : ICollectionFixture<MailedApp>;

/// <summary>Each flow, with the mail that a real server gets.</summary>
[Collection(nameof(MailedApp))]
public sealed class MailedTests(MailedApp app)
{
    /// <summary>What only these flows answer.</summary>
    public static readonly string[] Codes = [NotVerified, RecoveryOff];

    public static readonly string[] Reasons = ["password_reset", "email_taken_back"];

    private const string NotVerified = "email_not_verified";
    private const string RecoveryOff = "password_recovery_off";

    private SessionClient Client => app.Client;

    [OwnAppFact]
    public async Task A_registered_email_logs_in_once_its_link_is_followed()
    {
        var email = App.NewEmail();
        MailedApp.AssertAccepted(await Client.RegisterAsync(email));
        (await Client.LoginAsync(email, AppSettings.Password)).IsProblem(Names.Problems[NotVerified], NotVerified);
        (await Client.LoginAsync(email, AppSettings.WrongPassword)).IsProblem(401, "invalid_credentials");
        var first = await app.Mails.NextAsync(email);
        MailedApp.AssertAccepted(await Client.SendAsync(SessionClient.Post("accounts/email/verification", new { email })));
        var second = await app.Mails.NextAsync(email);
        (await app.UseAsync("accounts/email/verify", first)).IsProblem(400, "token_invalid");
        (await app.UseAsync("accounts/email/verify", second)).IsEmpty();
        (await app.UseAsync("accounts/email/verify", second)).IsProblem(400, "token_invalid");
        (await Client.LoginAsync(email, AppSettings.Password)).IsOk();

        MailedApp.AssertAccepted(await Client.RegisterAsync(email));
        Assert.DoesNotContain("#verify", (await app.Mails.NextAsync(email)).Text, StringComparison.Ordinal);
    }

    [OwnAppFact]
    public async Task A_passkey_instead_of_a_password_works_once_the_link_is_followed_and_no_mail_sets_a_password()
    {
        var (page, email) = (new PasskeyPage(Client), App.NewEmail());
        MailedApp.AssertAccepted(await RegisterAsync());
        (await page.LoginAsync()).IsProblem(401, "passkey_unknown");
        var mail = await app.Mails.NextAsync(email);
        Assert.Contains("passkey opens the account", mail.Text, StringComparison.Ordinal);
        (await app.UseAsync("accounts/email/verify", mail)).IsEmpty();
        var login = (await page.LoginAsync()).IsOk();
        MailedApp.AssertAccepted(await Client.SendAsync(SessionClient.Post("accounts/password/forgot", new { email })));
        Assert.DoesNotContain("#reset", (await app.Mails.NextAsync(email)).Text, StringComparison.Ordinal);
        var admin = (await Client.LoginAsAdministratorAsync(App.NewAddress())).AccessToken;
        (await Client.CallAsync(HttpMethod.Post, $"admin/accounts/{login.UserId}/password-reset", admin))
            .IsProblem(Names.Problems[RecoveryOff], RecoveryOff);
        MailedApp.AssertAccepted(await RegisterAsync());
        Assert.DoesNotContain("#verify", (await app.Mails.NextAsync(email)).Text, StringComparison.Ordinal);

        async Task<Answer> RegisterAsync() =>
            await page.PostAsync(PasskeyPage.Account, page.Create((await page.AskForAccountAsync(email)).IsOk()));
    }

    [OwnAppFact]
    public async Task A_forgotten_password_is_replaced_by_a_link_that_works_once_and_ends_all_sessions()
    {
        var email = await app.NewUserAsync();
        var login = (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
        MailedApp.AssertAccepted(await Client.SendAsync(SessionClient.Post("accounts/password/forgot", new { email })));
        MailedApp.AssertAccepted(
            await Client.SendAsync(SessionClient.Post("accounts/password/forgot", new { email = App.NewEmail() })));
        var mail = await app.Mails.NextAsync(email);
        (await Client.SendAsync(SessionClient.Post("accounts/password/reset", new { token = mail.Token, password = "short" }))).Refuses("password");
        (await app.ResetAsync(mail)).IsEmpty();
        (await app.ResetAsync(mail)).IsProblem(400, "token_invalid");
        (await Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "session_ended", Reasons[0]);
        await app.Mails.NextAsync(email);
        (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
    }

    [OwnAppFact]
    public async Task An_account_that_an_administrator_secures_opens_by_the_link_of_a_mail()
    {
        var email = await app.NewUserAsync();
        var login = (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var admin = (await Client.LoginAsAdministratorAsync(App.NewAddress())).AccessToken;
        Assert.True(await SecureAsync(disable: true));
        Assert.False(await SecureAsync(disable: false));
        (await Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "session_ended", "admin");
        (await Client.LoginAsync(email, AppSettings.Password)).IsProblem(401, "invalid_credentials");
        (await app.ResetAsync(await app.Mails.NextAsync(email))).IsEmpty();
        (await Client.LoginAsync(email, AppSettings.Password)).IsOk();

        async Task<bool> SecureAsync(bool disable) =>
            (await Client.CallAsync(HttpMethod.Post, $"admin/accounts/{login.UserId}/secure", admin, new { disable })).IsOk()
                .Json.GetProperty("account").GetProperty("disabled").GetBoolean();
    }

    [OwnAppFact]
    public async Task An_email_changes_when_the_new_one_follows_its_link_and_the_former_one_takes_it_back()
    {
        var (email, next) = (await app.NewUserAsync(), App.NewEmail());
        var login = (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
        MailedApp.AssertAccepted(await ChangeAsync(login, next));
        (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await app.UseAsync("accounts/email/verify", await app.Mails.NextAsync(next))).IsEmpty();
        (await Client.LoginAsync(email, AppSettings.Password)).IsProblem(401, "invalid_credentials");
        (await Client.LoginAsync(next, AppSettings.Password)).IsOk();
        var refreshed = (await Client.RefreshAsync(login.RefreshToken)).IsOk();
        Assert.Equal(next, (await Client.StatusAsync(refreshed.AccessToken)).IsOk().Json.GetProperty("account").Text("email"));

        (await app.UseAsync("accounts/email/verify", await app.Mails.NextAsync(email))).IsEmpty();
        (await Client.RefreshAsync(refreshed.RefreshToken)).IsProblem(401, "session_ended", Reasons[1]);
        (await Client.LoginAsync(next, AppSettings.Password)).IsProblem(401, "invalid_credentials");
        (await app.ResetAsync(await app.Mails.NextAsync(email))).IsEmpty();
        (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
    }

    [OwnAppFact]
    public async Task The_owner_of_a_taken_email_is_told_and_a_wrong_password_asks_nobody()
    {
        var (email, taken) = (await app.NewUserAsync(), await app.NewUserAsync());
        var login = (await Client.LoginAsync(email, AppSettings.Password)).IsOk();
        MailedApp.AssertAccepted(await ChangeAsync(login, taken));
        Assert.DoesNotContain("#verify", (await app.Mails.NextAsync(taken)).Text, StringComparison.Ordinal);
        (await ChangeAsync(login, App.NewEmail(), AppSettings.WrongPassword)).IsProblem(403, "wrong_password");
        // Without one the session's last proof would have to be by passkey.
        (await ChangeAsync(login, App.NewEmail(), password: null)).IsProblem(401, "insufficient_user_authentication");
    }

    [OwnAppFact]
    public async Task Past_the_limit_the_answer_stays_and_nothing_is_sent()
    {
        var email = await app.NewUserAsync();
        // A mail that a newer one overtakes isn't sent, so each is waited for.
        for (var i = 0; i < 5; i++)
        {
            await ForgetAsync();
            await app.Mails.NextAsync(email);
        }

        await ForgetAsync();
        await Task.Delay(1000);
        // Beside that of the registration, which has a limit of its own.
        Assert.Equal(5 + 1, app.Mails.All.Count(mail => mail.To == email));

        async Task ForgetAsync() =>
            MailedApp.AssertAccepted(await Client.SendAsync(SessionClient.Post("accounts/password/forgot", new { email })));
    }

    private Task<Answer> ChangeAsync(Answer login, string email, string? password = AppSettings.Password) =>
        Client.CallAsync(HttpMethod.Post, "accounts/email", login.AccessToken, new { email, password });
}

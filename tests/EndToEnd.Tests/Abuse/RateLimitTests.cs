namespace EndToEnd.Tests.Abuse;

/// <summary>A limit recovers while a test runs, so it may let one or two more through.</summary>
[Collection(nameof(DefendedApp))]
public sealed class RateLimitTests(DefendedApp app)
{
    [Fact]
    public async Task Too_many_logins_from_one_address_are_refused_and_those_from_another_are_not()
    {
        var network = $"2001:db8:{Random.Shared.Next(0x1000, 0x10000):x}:{Random.Shared.Next(0x1000, 0x10000):x}";
        await ExpectRefusalAsync(
            DefendedApp.LoginsAtOncePerAddress, i => app.TryLoginAsync(App.NewEmail(), $"[{network}::{i + 1:x}]:4711"), 401);
        (await app.TryLoginAsync(App.NewEmail(), App.NewAddress())).IsProblem(401, "invalid_credentials");
    }

    [Fact]
    public async Task Logins_by_passkey_count_as_logins()
    {
        var from = App.NewAddress();
        await ExpectRefusalAsync(
            DefendedApp.LoginsAtOncePerAddress,
            _ => app.Client.SendAsync(SessionClient.Post("sessions/passkey", new { state = "none", credential = new { } }, from)), 400);
    }

    [Fact]
    public async Task Too_many_logins_with_one_email_are_refused_though_they_come_from_everywhere_and_it_has_no_account()
    {
        var email = App.NewEmail();
        await ExpectRefusalAsync(DefendedApp.LoginsAtOncePerAccount, _ => app.TryLoginAsync(email, App.NewAddress()), 401, 403);
    }

    [Fact]
    public async Task Too_many_refreshes_from_one_address_are_refused_and_the_token_stays_good()
    {
        var token = (await app.LoginAsAsync(AppSettings.Email)).RefreshToken;
        var from = App.NewAddress();
        await ExpectRefusalAsync(DefendedApp.RefreshesAtOncePerAddress, _ => app.Client.RefreshAsync("none", from: from), 401);
        (await app.Client.RefreshAsync(token, from: from)).IsProblem(429, "rate_limited");
        (await app.Client.RefreshAsync(token, from: App.NewAddress())).IsOk();
    }

    [Fact]
    public async Task A_page_that_refreshes_too_often_keeps_its_cookie()
    {
        var page = new Page(app.Client) { Address = App.NewAddress() };
        (await page.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();
        await ExpectRefusalAsync(DefendedApp.RefreshesAtOncePerAddress, _ => page.RefreshAsync(), 200);
        Assert.Null((await page.RefreshAsync()).IsProblem(429, "rate_limited").Cookie);
        Assert.NotNull(page.Cookie);
    }

    [Fact]
    public async Task Too_many_logouts_by_refresh_token_are_refused()
    {
        var from = App.NewAddress();
        await ExpectRefusalAsync(DefendedApp.OthersAtOncePerAddress, _ => app.Client.LogoutByRefreshTokenAsync("none", from), 401);
    }

    [Fact]
    public async Task Callers_of_unknown_address_are_not_limited_as_one()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4 * DefendedApp.OthersAtOncePerAddress).Select(_ => app.Client.LogoutByRefreshTokenAsync("none")));
        Assert.All(answers, answer => answer.IsProblem(401, "token_invalid"));
    }

    [Fact]
    public async Task Password_changes_count_as_logins()
    {
        var (from, login) = (App.NewAddress(), await app.LoginAsAdministratorAsync());
        await ExpectRefusalAsync(DefendedApp.LoginsAtOncePerAddress, _ => ChangeAsync(from), 400);
        (await ChangeAsync(App.NewAddress())).IsProblem(400, "invalid_request");

        Task<Answer> ChangeAsync(string address)
        {
            var body = new { currentPassword = AppSettings.WrongPassword, newPassword = "short" };
            var request = SessionClient.Post("accounts/password", body, address);
            return app.Client.SendAsync(SessionClient.WithBearer(request, login.AccessToken));
        }
    }

    [Fact]
    public async Task Presence_counts_the_users_that_are_asked_for()
    {
        var login = await app.LoginAsAsync(await app.NewUserAsync());
        (await AskAsync(30)).IsOk();
        Assert.InRange((await AskAsync(30)).IsProblem(429, "rate_limited").RetryAfter, 1, 60);
        (await AskAsync(10)).IsOk();

        Task<Answer> AskAsync(int count)
        {
            var users = Enumerable.Range(0, count).Select(i => $"0001ARZ3NDEKTSV4RRFFQ69{i:D5}");
            return app.Client.GetAsync($"presence?users={string.Join(',', users)}", login.AccessToken);
        }
    }

    private static async Task ExpectRefusalAsync(int atOnce, Func<int, Task<Answer>> ask, params int[] before)
    {
        for (var i = 0; i < atOnce; i++)
            Assert.Contains((await ask(i)).Status, before);
        var answers = await Task.WhenAll(Enumerable.Range(atOnce, 2 * atOnce).Select(ask));
        Assert.InRange(answers.First(answer => answer.Status == 429).IsProblem(429, "rate_limited").RetryAfter, 1, 60);
    }
}

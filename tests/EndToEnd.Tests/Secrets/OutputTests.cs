namespace EndToEnd.Tests.Secrets;

/// <summary>What the app prints during these tests and all that ran before them.</summary>
[Collection(nameof(App))]
public sealed class OutputTests(App app)
{
    private const string WrongPassword = "a password that somebody mistyped";

    [OwnAppFact]
    public async Task No_secret_is_ever_printed_and_nothing_failed()
    {
        var login = (await app.Client.LoginAsync(app.Email, app.Password, device: "The device")).IsOk();
        (await app.Client.LoginAsync(App.NewEmail(), WrongPassword)).IsProblem(401, "invalid_credentials");
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken, "an attempt of this test")).IsOk();
        (await app.Client.StatusAsync(refreshed.AccessToken)).IsOk();
        (await app.Client.StatusAsync(refreshed.AccessToken + "x")).IsProblem(401, "token_invalid");
        (await app.Client.RefreshAsync(refreshed.RefreshToken + "x")).IsProblem(401, "token_invalid");
        (await app.Client.SendAsync(SessionClient.Post("sessions/login", $$"""{"password":"{{WrongPassword}}","email":1}""")))
            .IsProblem(400, "invalid_request");
        (await app.Client.LogoutAsync(refreshed.AccessToken)).IsEmpty();
        (await app.Client.RefreshAsync(refreshed.RefreshToken)).IsProblem(401, "session_ended", "logout");

        // Printed at its end, after all that came before.
        await app.RunToTheEndAsync("FlagSuspiciousIps");
        Assert.Contains(app.Password, Issued.Secrets.Keys);
        Assert.Contains(refreshed.RefreshToken, Issued.Secrets.Keys);
        Overheard.IsClean(app.Output);
    }

    [Fact]
    public void A_secret_that_is_printed_would_be_noticed()
    {
        Issued.Add("secret-of-this-test-0123456789-secret-of-this-test");
        Assert.Single(Overheard.SecretsIn("info: x\ninfo: token 0123456789-secret-of-this-test came\ninfo: y"));
        Assert.Single(Overheard.FailuresIn("info: x\nfail: Login failed\nwarn: Login answered 503: RequestFailedException"));
    }

    [Fact]
    public void An_email_or_a_full_address_that_is_printed_would_be_noticed()
    {
        Issued.Add("""{"email":"Somebody.Else@example.com"}""", ["198.51.100.20", "[2001:db8:5:6::7]:443, 127.0.0.1:80", "2001:db8:5:7::8"]);
        Assert.Single(Overheard.PeopleIn("info: somebody.else@example.com logged in"));
        Assert.Single(Overheard.PeopleIn("info: it came from 198.51.100.20."));
        Assert.Single(Overheard.PeopleIn("info: it came from [2001:db8:5:6::7]:443"));
        Assert.Single(Overheard.PeopleIn("info: it came from 2001:db8:5:7::8, again"));
        Assert.Empty(Overheard.PeopleIn("info: it came from 198.51.100.0/24, 198.51.100.200, 2001:db8:5::/48 and 127.0.0.1"));
    }

    [Fact]
    public async Task No_problem_repeats_what_was_sent()
    {
        var login = await app.LoginAsync();
        var answers = new[]
        {
            await app.Client.LoginAsync("no email", WrongPassword),
            await app.Client.LoginAsync(App.NewEmail(), WrongPassword),
            await app.Client.StatusAsync(login.AccessToken + "x"),
            await app.Client.RefreshAsync(login.RefreshToken + "x"),
            await app.Client.LogoutByRefreshTokenAsync(login.RefreshToken + "x"),
            await app.Client.GetAsync($"sessions/{login.AccessToken}"),
        };

        Assert.All(answers, answer => Assert.Equal([], Overheard.SecretsIn(answer.Text)));
    }
}

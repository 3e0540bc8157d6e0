namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class AccountTests(App app)
{
    private const string FirstPassword = "a first horse battery staple";
    private const string NextPassword = "a next horse battery staple";

    [OwnAppFact]
    public async Task Whoever_registers_can_log_in_without_any_role()
    {
        var email = App.NewEmail();
        var registered = await RegisterAsync(email);
        Assert.Equal((201, email), (registered.Status, registered.Json.GetProperty("email").GetString()));
        var login = (await app.Client.LoginAsync(email, FirstPassword)).IsOk();
        Assert.Equal(registered.Json.GetProperty("id").GetString(), login.UserId);
        Assert.Empty(login.Json.GetProperty("account").GetProperty("roles").EnumerateArray());
        (await RegisterAsync($" {email.ToUpperInvariant()}")).IsProblem(409, "email_taken");
    }

    [OwnAppFact]
    public async Task A_registration_opens_no_session()
    {
        var email = App.NewEmail();
        var registered = await RegisterAsync(email);
        Assert.Null(registered.Cookie);
        Assert.Equal(["id", "email", "roles"], registered.Json.EnumerateObject().Select(property => property.Name));
        var login = (await app.Client.LoginAsync(email, FirstPassword)).IsOk();
        var sessions = (await app.Client.CallAsync(HttpMethod.Get, "sessions/my-sessions", login.AccessToken)).IsOk().Json.GetProperty("sessions");
        Assert.Equal(login.SessionId, Assert.Single(sessions.EnumerateArray()).GetProperty("id").GetString());
    }

    [OwnAppTheory]
    [InlineData("""{"password":"a first horse battery staple"}""")]
    [InlineData("""{"email":"nobody","password":"a first horse battery staple"}""")]
    [InlineData("""{"email":"new@example.com"}""")]
    [InlineData("""{"email":"new@example.com","password":"short"}""")]
    [InlineData("""{"email":"new@example.com","password":"a first horse battery staple","roles":["admin"]}""")]
    public async Task A_registration_that_cannot_be_is_refused(string json) =>
        (await app.Client.SendAsync(SessionClient.Post("accounts", json))).IsProblem(400, "invalid_request");

    [OwnAppFact]
    public async Task A_password_change_ends_the_other_sessions_and_needs_the_present_password()
    {
        var email = App.NewEmail();
        await RegisterAsync(email);
        var here = (await app.Client.LoginAsync(email, FirstPassword)).IsOk();
        var there = (await app.Client.LoginAsync(email, FirstPassword)).IsOk();

        (await ChangeAsync(here, "a wrong horse battery staple", NextPassword)).IsProblem(403, "wrong_password");
        (await ChangeAsync(here, FirstPassword, "short")).IsProblem(400, "invalid_request");
        (await ChangeAsync(here, FirstPassword, NextPassword)).IsEmpty();

        (await app.Client.RefreshAsync(there.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
        (await app.Client.RefreshAsync(here.RefreshToken)).IsOk();
        (await app.Client.LoginAsync(email, FirstPassword)).IsProblem(401, "invalid_credentials");
        (await app.Client.LoginAsync(email, NextPassword)).IsOk();
    }

    [OwnAppFact]
    public async Task A_logout_everywhere_else_and_then_everywhere()
    {
        var email = App.NewEmail();
        await RegisterAsync(email);
        var here = (await app.Client.LoginAsync(email, FirstPassword)).IsOk();
        var there = (await app.Client.LoginAsync(email, FirstPassword)).IsOk();

        (await app.Client.CallAsync(HttpMethod.Post, "sessions/logout-all?others=maybe", here.AccessToken)).IsProblem(400, "invalid_request");
        (await app.Client.CallAsync(HttpMethod.Post, "sessions/logout-all?others=true", here.AccessToken)).IsEmpty();
        (await app.Client.StatusAsync(there.AccessToken)).IsProblem(401, "session_ended", "logout_all");
        (await app.Client.StatusAsync(here.AccessToken)).IsOk();
        (await app.Client.CallAsync(HttpMethod.Post, "sessions/logout-all", here.AccessToken)).IsEmpty();
        (await app.Client.StatusAsync(here.AccessToken)).IsProblem(401, "session_ended", "logout_all");
    }

    private Task<Answer> RegisterAsync(string email)
    {
        Issued.Add(FirstPassword);
        return app.Client.SendAsync(SessionClient.Post(
            "accounts", new JsonObject { ["email"] = email, ["password"] = FirstPassword }.ToJsonString()));
    }

    private Task<Answer> ChangeAsync(Answer login, string current, string next)
    {
        Issued.Add(next);
        return app.Client.CallAsync(
            HttpMethod.Post, "accounts/password", login.AccessToken,
            new JsonObject { ["currentPassword"] = current, ["newPassword"] = next }.ToJsonString());
    }
}

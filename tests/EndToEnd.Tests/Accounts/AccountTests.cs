namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class AccountTests(App app)
{
    [OwnAppFact]
    public async Task Whoever_registers_has_no_session_and_can_log_in_without_any_role()
    {
        var email = App.NewEmail();
        var registered = (await app.Client.RegisterAsync(email)).Is(201);
        Assert.Equal(email, registered.Json.Text("email"));
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        Assert.Equal(registered.Json.Text("id"), login.UserId);
        Assert.Empty(login.Json.GetProperty("account").Items("roles"));
        var sessions = (await app.Client.GetAsync("sessions/my-sessions", login.AccessToken)).IsOk().Json.Items("sessions");
        Assert.Equal(login.SessionId, Assert.Single(sessions).Text("id"));
        (await app.Client.RegisterAsync($" {email.ToUpperInvariant()}")).IsProblem(409, "email_taken");
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
        const string next = "a next horse battery staple";
        var email = await app.NewAccountAsync();
        var here = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var there = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();

        (await ChangeAsync("a wrong horse battery staple", next)).IsProblem(403, "wrong_password");
        (await ChangeAsync(AppSettings.Password, "short")).IsProblem(400, "invalid_request");
        (await ChangeAsync(AppSettings.Password, next)).IsEmpty();

        (await app.Client.RefreshAsync(there.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
        (await app.Client.RefreshAsync(here.RefreshToken)).IsOk();
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsProblem(401, "invalid_credentials");
        (await app.Client.LoginAsync(email, next)).IsOk();

        Task<Answer> ChangeAsync(string currentPassword, string newPassword) => app.Client.CallAsync(
            HttpMethod.Post, "accounts/password", here.AccessToken, new { currentPassword, newPassword });
    }
}

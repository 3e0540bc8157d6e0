using EndToEnd.Tests.Accounts;
using EndToEnd.Tests.Locations;

namespace EndToEnd.Tests.Contract;

[Collection(nameof(DefendedApp))]
public sealed class EveryReasonTests(DefendedApp app)
{
    private static readonly Dictionary<string, Func<DefendedApp, string, Answer, Task>> Cases = new()
    {
        ["account_closed"] = async (app, _, login) => (await app.Client.CallAsync(
            HttpMethod.Post, "accounts/me/deletion", login.AccessToken, new { password = AppSettings.Password })).IsEmpty(),
        ["admin"] = async (app, _, login) =>
        {
            var admin = await app.LoginAsAdministratorAsync();
            var route = $"admin/accounts/{login.UserId}/sessions/{login.SessionId}";
            (await app.Client.CallAsync(HttpMethod.Delete, route, admin.AccessToken)).IsEmpty();
        },
        ["evicted"] = async (app, email, _) =>
        {
            for (var i = 0; i < DefendedApp.SessionsPerAccount; i++)
                await app.LoginAsAsync(email);
        },
        ["expired_absolute"] = (app, _, login) => app.Tables.ExpireAsync(login, DateTimeOffset.UtcNow, absolutely: true),
        ["expired_idle"] = (app, _, login) => app.Tables.ExpireAsync(login, DateTimeOffset.UtcNow),
        ["inactive"] = (app, _, login) => app.Tables.ExpireAsync(login, DateTimeOffset.UtcNow, reason: "inactive"),
        ["location_changed"] = async (app, _, login) =>
        {
            var next = (await app.Client.RefreshAsync(login.RefreshToken, from: LocationTests.InGermany)).IsOk();
            (await app.Client.RefreshAsync(next.RefreshToken, from: LocationTests.InAmerica)).IsProblem(401, "session_ended", "location_changed");
        },
        ["logout"] = async (app, _, login) => (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty(),
        ["logout_all"] = async (app, _, login) =>
            (await app.Client.CallAsync(HttpMethod.Post, "sessions/logout-all", login.AccessToken)).IsEmpty(),
        ["password_changed"] = async (app, email, _) =>
        {
            var body = new { currentPassword = AppSettings.Password, newPassword = "a next horse battery staple" };
            var other = await app.LoginAsAsync(email);
            (await app.Client.CallAsync(HttpMethod.Post, "accounts/password", other.AccessToken, body)).IsEmpty();
        },
        ["revoked"] = async (app, email, login) =>
        {
            var other = await app.LoginAsAsync(email);
            (await app.Client.CallAsync(HttpMethod.Delete, $"sessions/{login.SessionId}", other.AccessToken)).IsEmpty();
        },
        ["token_reuse"] = async (app, _, login) => (await EveryCodeTests.ReuseAsync(app, login)).IsProblem(401, "token_reused"),
        ["unknown"] = (app, _, login) => app.Tables.Sessions.DeleteEntityAsync(login.UserId, $"s:{login.SessionId}"),
    };

    public static TheoryData<string> Reasons { get; } = [.. Cases.Keys];

    [Fact]
    public void Every_reason_has_a_case() =>
        Assert.Equal(Names.Reasons.Order(), Cases.Keys.Concat(MailedTests.Reasons).Order());

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_session_that_ended_says_why(string reason)
    {
        var email = await app.NewUserAsync();
        var login = await app.LoginAsAsync(email);
        await Cases[reason](app, email, login);
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", reason);
        (await app.Client.RefreshAsync(login.RefreshToken, from: App.NewAddress())).IsProblem(401, "session_ended", reason);
    }
}

namespace Faults.Tests.Operations;

internal static class Endings
{
    private const string NextPassword = "another horse battery staple";

    public static IEnumerable<Operation> All { get; } =
    [
        EndsFirst("logout", reason: "logout", action: "logout", TwoSessionsAsync,
            scene => Requests.Post("sessions/logout", accessToken: scene.User.Ticket.AccessToken), IsLoggedOut),
        EndsFirst("logout by refresh token", reason: "logout", action: "logout", TwoSessionsAsync,
            scene => Requests.Post("sessions/logout", new() { ["refreshToken"] = scene.User.Ticket.RefreshToken }), IsLoggedOut),
        new("logout-all", TwoSessionsAsync,
            scene => Requests.Post("sessions/logout-all", accessToken: scene.User.Ticket.AccessToken),
            (scene, answer) => answer.Status == 204 || answer.SaysAgain(scene, 401, "session_ended", "logout_all"))
        {
            Afterwards = async (station, scene) =>
            {
                await UntilCachesForgetAsync(scene);
                await AllEndedAsync(station, scene, "logout_all");
                // Whose session is over already can't repeat the rest; the next login does it.
                if (!scene.Acknowledged)
                    (await station.AskAsync(client => client.LoginAsync(scene.User.Email, Bench.Password))).IsOk();
            },
            InStorage = (scene, rows) => Assert.Equal(2, rows.Log(scene.User.UserId, "logout_all").Count),
        },
        EndsFirst("logout-all of the others", reason: "logout_all", action: "logout_all", TwoSessionsAsync,
            scene => Requests.Post("sessions/logout-all?others=true", accessToken: scene.User.Tickets[1].AccessToken)),
        EndsFirst("end a session of mine", reason: "revoked", action: "session_revoked", TwoSessionsAsync,
            scene => Requests.Delete($"sessions/{scene.User.Ticket.Id}", scene.User.Tickets[1].AccessToken)),
        new("change the password", TwoSessionsAsync, scene => ChangePassword(Bench.Password, scene.User.Tickets[1]),
            // The present password of a change that is done already is the new one.
            (scene, answer) => answer.Status == 204 || answer.SaysAgain(scene, 403, "wrong_password"))
        {
            Hashes = true,
            Afterwards = async (station, scene) =>
            {
                await UntilCachesForgetAsync(scene);
                await FirstEndedAsync(station, scene, "password_changed");
                (await station.AskAsync(client => client.LoginAsync(scene.User.Email, NextPassword))).IsOk();
            },
            InStorage = (scene, rows) =>
            {
                Assert.Single(rows.Log(scene.User.UserId, "password_changed"));
                Assert.Equal(0, rows.Throttle(scene.User.Key)?.GetInt32("Failures") ?? 0);
            },
        },
        new("change the password with a wrong one", TwoSessionsAsync,
            scene => ChangePassword(AppSettings.WrongPassword, scene.User.Ticket),
            (_, answer) => answer.Says(403, "wrong_password"))
        {
            Hashes = true,
            Afterwards = BothLiveOnAsync,
            InStorage = (scene, rows) => Assert.InRange(rows.Throttle(scene.User.Key)?.GetInt32("Failures") ?? 0, 1, scene.Tries),
        },
        new("admin: disable", station => WithAdminAsync(station), scene => Patch(scene, new() { ["disabled"] = true }))
        {
            Afterwards = (station, scene) => AllEndedAsync(station, scene, "admin"),
            InStorage = (scene, rows) =>
            {
                Assert.Equal("Disabled", rows.Account(scene.User.Key)?.GetString("State"));
                Assert.Single(rows.Log(scene.User.UserId, "account_disabled"));
                Assert.Equal(2, rows.Log(scene.User.UserId, "session_revoked").Count);
            },
        },
        new("admin: enable", station => WithAdminAsync(station, AccountState.Disabled),
            scene => Patch(scene, new() { ["disabled"] = false }))
        {
            InStorage = (scene, rows) =>
            {
                Assert.Equal("Active", rows.Account(scene.User.Key)?.GetString("State"));
                Assert.Single(rows.Log(scene.User.UserId, "account_enabled"));
            },
        },
        new("admin: give roles",
            // The instance has seen them as an administrator a moment ago.
            async station => await AskedAboutAsync(station, await WithAdminAsync(station, roles: ["admin"])),
            scene => Patch(scene, new() { ["roles"] = new JsonArray("editor") }))
        {
            Afterwards = async (station, scene) =>
            {
                var route = $"admin/accounts/{scene.User.UserId}";
                foreach (var ticket in scene.User.Tickets)
                    (await station.AskAsync(client => client.GetAsync(route, ticket.AccessToken))).IsProblem(403, "forbidden");
                await BothLiveOnAsync(station, scene);
            },
            InStorage = (scene, rows) =>
            {
                Assert.Equal("editor", rows.Account(scene.User.Key)?.GetString("Roles"));
                Assert.Single(rows.Log(scene.User.UserId, "roles_changed"), entry => entry.GetString("SessionId") is null);
                Assert.All(scene.User.Tickets, ticket =>
                {
                    Assert.Equal("editor", rows.Session(scene.User.UserId, ticket.Id)?.GetString("Roles"));
                    Assert.Single(rows.Log(scene.User.UserId, "roles_changed", ticket.Id));
                    Assert.NotEmpty(rows.Revocations(ticket.Id));
                });
            },
        },
        AdminReads("admin: an account", scene => $"admin/accounts/{scene.User.UserId}"),
        AdminReads("admin: the account of an email", scene => $"admin/accounts?email={scene.User.Email}"),
        AdminReads("admin: log of an account", scene => $"admin/accounts/{scene.User.UserId}/logs"),
        AdminReads("admin: audit of an account", scene => $"admin/accounts/{scene.User.UserId}/audit"),
        AdminReads("admin: passkeys of an account", scene => $"admin/accounts/{scene.User.UserId}/passkeys"),
        AdminReads("admin: sessions of an account", scene => $"admin/accounts/{scene.User.UserId}/sessions"),
        EndsFirst("admin: end a session", reason: "admin", action: "session_revoked", station => WithAdminAsync(station),
            scene => AdminDelete(scene, $"/{scene.User.Ticket.Id}")),
        new("admin: end all sessions", station => WithAdminAsync(station), scene => AdminDelete(scene), 204)
        {
            Afterwards = (station, scene) => AllEndedAsync(station, scene, "admin"),
            InStorage = (scene, rows) => Assert.Equal(2, rows.Log(scene.User.UserId, "session_revoked").Count),
        },
    ];

    internal static async Task<Scene> WithAdminAsync(
        AppInstance station, AccountState state = AccountState.Active, string[]? roles = null)
    {
        var users = state == AccountState.Active ? 2 : 0;
        return new(await station.Bench.NewPartyAsync(users, roles, state), await station.Bench.NewPartyAsync(roles: ["admin"]));
    }

    private static Operation EndsFirst(
        string name, string reason, string action, Func<AppInstance, Task<Scene>> prepare, Func<Scene, HttpRequestMessage> request,
        Func<Scene, Answer, bool>? isDone = null) =>
        new(name, prepare, request, isDone ?? ((_, answer) => answer.Status == 204))
        {
            Afterwards = (station, scene) => FirstEndedAsync(station, scene, reason),
            InStorage = (scene, rows) => Assert.Single(rows.Log(scene.User.UserId, action)),
        };

    private static bool IsLoggedOut(Scene scene, Answer answer) =>
        answer.Status == 204 || answer.SaysAgain(scene, 401, "session_ended", "logout");

    private static Operation AdminReads(string name, Func<Scene, string> route) =>
        new(name, station => WithAdminAsync(station), scene => Requests.Get(route(scene), scene.Admin.Ticket.AccessToken));

    private static HttpRequestMessage ChangePassword(string current, Ticket by) => Requests.Post(
        "accounts/password", new() { ["currentPassword"] = current, ["newPassword"] = NextPassword }, by.AccessToken);

    private static HttpRequestMessage Patch(Scene scene, JsonObject body) =>
        Requests.Patch($"admin/accounts/{scene.User.UserId}", body, scene.Admin.Ticket.AccessToken);

    private static HttpRequestMessage AdminDelete(Scene scene, string session = "") =>
        Requests.Delete($"admin/accounts/{scene.User.UserId}/sessions{session}", scene.Admin.Ticket.AccessToken);

    // The instance has both in its cache, and must not go on to believe it.
    private static async Task<Scene> TwoSessionsAsync(AppInstance station) =>
        await AskedAboutAsync(station, new(await station.Bench.NewPartyAsync(sessions: 2)));

    private static async Task<Scene> AskedAboutAsync(AppInstance station, Scene scene)
    {
        foreach (var ticket in scene.User.Tickets)
            await station.IsGoodAsync(ticket.AccessToken);
        return scene;
    }

    /// <summary>After a died try an instance may believe in the sessions until its cache expires (Sessions__StatusCacheLifetime).</summary>
    private static Task UntilCachesForgetAsync(Scene scene) => scene.Acknowledged ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(5.5));

    private static async Task FirstEndedAsync(AppInstance station, Scene scene, string reason)
    {
        await station.IsOverAsync(scene.User.Tickets[0], reason);
        await station.LivesOnAsync(scene.User.Tickets[1]);
    }

    private static async Task AllEndedAsync(AppInstance station, Scene scene, string reason)
    {
        foreach (var ticket in scene.User.Tickets)
            await station.IsOverAsync(ticket, reason);
    }

    private static async Task BothLiveOnAsync(AppInstance station, Scene scene)
    {
        foreach (var ticket in scene.User.Tickets)
            await station.LivesOnAsync(ticket);
    }
}

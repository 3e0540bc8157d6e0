namespace Faults.Tests.Operations;

internal static class Closings
{
    public static IEnumerable<Operation> All { get; } =
    [
        Closes("close my account", async station => new(await station.Bench.NewPartyAsync(sessions: 2)),
            scene => Requests.Post("accounts/me/deletion", new() { ["password"] = Bench.Password }, scene.User.Ticket.AccessToken),
            // The session that asked is over then, too.
            (scene, answer) => answer.Status == 204 || answer.SaysAgain(scene, 401, "session_ended", "account_closed")) with { Hashes = true },
        Closes("admin: close an account", station => Endings.WithAdminAsync(station),
            scene => Requests.Post($"admin/accounts/{scene.User.UserId}/deletion", accessToken: scene.Admin.Ticket.AccessToken),
            (_, answer) => answer.Status == 204),
        new("export my account", async station => new(await station.Bench.NewPartyAsync()),
            scene => Requests.Get("accounts/me/export", scene.User.Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.GetProperty("complete").GetBoolean())
        { Afterwards = (station, scene) => station.LivesOnAsync(scene.User.Ticket) },
        new("login that restores an account",
            async station =>
            {
                var party = await station.Bench.NewPartyAsync(sessions: 0, state: AccountState.Closing);
                await Erasures.CloseAsync(station, party, "Closing", Bench.Now.AddDays(30));
                return new(party);
            },
            scene => Requests.Post("sessions/login", new() { ["email"] = scene.User.Email, ["password"] = Bench.Password, ["restore"] = true }))
        {
            Hashes = true,
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                await Post.IsPromisedAsync(station, scene.User.Account.Email);
                await station.IsGoodAsync(scene.Answer.AccessToken);
                await Links.OpensOnlyAsync(station, (scene.User.Email, Bench.Password), (scene.User.Email, Links.NextPassword));
            },
            InStorage = (scene, rows) =>
            {
                Invariants.CheckOnlyAccount(scene.User.Key, scene.User.UserId, rows);
                Assert.Equal("Active", rows.Account(scene.User.Key)?.GetString("State"));
                Assert.Null(rows.Account(scene.User.Key)?.GetDateTimeOffset("EraseAt"));
                Assert.Single(rows.Log(scene.User.UserId, "account_restored"));
            },
        },
    ];

    private static Operation Closes(
        string name, Func<AppInstance, Task<Scene>> prepare, Func<Scene, HttpRequestMessage> request, Func<Scene, Answer, bool> isDone) =>
        new(name, prepare, request, isDone)
        {
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                await Post.IsPromisedAsync(station, scene.User.Account.Email);
                (await station.AskAsync(client => client.LoginAsync(scene.User.Email, Bench.Password))).IsProblem(403, "account_closing");
                // After a died try an instance may believe in the sessions until its cache expires (Sessions__StatusCacheLifetime).
                if (!scene.Acknowledged)
                    await Task.Delay(TimeSpan.FromSeconds(5.5));
                foreach (var ticket in scene.User.Tickets)
                    await station.IsOverAsync(ticket, "account_closed");
            },
            InStorage = (scene, rows) =>
            {
                Invariants.CheckOnlyAccount(scene.User.Key, scene.User.UserId, rows);
                Assert.Equal("Closing", rows.Account(scene.User.Key)?.GetString("State"));
                Assert.NotNull(rows.Account(scene.User.Key)?.GetDateTimeOffset("EraseAt"));
                Assert.Single(rows.Log(scene.User.UserId, "account_closing"));
            },
        };
}

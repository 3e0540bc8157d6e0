using Azure;
using Serverless.Sessions.Login;

namespace Faults.Tests.Operations;

internal static class Logins
{
    private const string WrongPassword = "wrong horse battery staple";

    public static IEnumerable<Operation> All =>
    [
        new("login", async station => new(await station.Bench.NewPartyAsync(sessions: 0)),
            scene => Requests.Login(scene.User.Email, Bench.Password), (_, answer) => answer.Status == 200)
        {
            Hashes = true,
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken),
            InStorage = IsOpen,
        },
        new("login after a failure",
            async station =>
            {
                var party = await station.Bench.NewPartyAsync(sessions: 0);
                await station.Bench.Table("Accounts").AddEntityAsync(new TableEntity(party.Key, $"t:{party.Key}") { ["Failures"] = 1 });
                return new(party);
            },
            scene => Requests.Login(scene.User.Email, Bench.Password), (_, answer) => answer.Status == 200)
        { Hashes = true, Afterwards = (station, scene) => station.IsGoodAsync(scene.Answer.AccessToken), InStorage = IsOpen },
        new("login from a new device",
            async station =>
            {
                var party = await station.Bench.NewPartyAsync(sessions: 0);
                var known = new TableEntity(party.Key, $"a:{party.Key}") { ["Devices"] = new byte[DeviceFingerprint.Length] };
                await station.Bench.Table("Accounts").UpdateEntityAsync(known, ETag.All, TableUpdateMode.Merge);
                return new(party);
            },
            scene => Requests.Login(scene.User.Email, Bench.Password), (_, answer) => answer.Status == 200)
        {
            Hashes = true,
            Afterwards = (station, scene) => station.IsGoodAsync(scene.Answer.AccessToken),
            InStorage = (scene, rows) =>
            {
                IsOpen(scene, rows);
                // Of several tries the first one that opened a session may have made the device known.
                var sessions = rows.Of(scene.User.UserId, 's').Select(row => row.RowKey["s:".Length..]);
                Assert.True(
                    scene.LosesActivity || sessions.SelectMany(rows.Activities).Any(row => row.GetBoolean("NewDevice") == true), "No news.");
                Assert.NotEmpty(rows.Of(scene.User.UserId, 'n'));
            },
        },
        new("login with a wrong password", async station => new(await station.Bench.NewPartyAsync(sessions: 0)),
            scene => Requests.Login(scene.User.Email, WrongPassword), (_, answer) => answer.Says(401, "invalid_credentials"))
        { Hashes = true, InStorage = (scene, rows) => FailureIsCounted(scene, rows, scene.User.UserId, scene.User.Key) },
        new("login with an unknown email", station => Task.FromResult(Unknown()),
            scene => Requests.Login(scene.Newcomer, WrongPassword), (_, answer) => answer.Says(401, "invalid_credentials"))
        { Hashes = true, InStorage = (scene, rows) => FailureIsCounted(scene, rows, scene.MoreMarks[0], scene.MoreMarks[0]) },
        new("register", station => Task.FromResult(Unknown()),
            scene => Requests.Post("accounts", new() { ["email"] = scene.Newcomer, ["password"] = Bench.Password }),
            (scene, answer) => answer.Status == 201 || answer.SaysAgain(scene, 409, "email_taken"))
        { Hashes = true, Afterwards = CanLogInAsync, InStorage = IsMade },
        new("admin: create an account",
            async station => new(await station.Bench.NewPartyAsync(roles: ["admin"])) { Newcomer = Unknown(out var key), MoreMarks = [key] },
            scene => Requests.Post(
                "admin/accounts", new() { ["email"] = scene.Newcomer, ["password"] = Bench.Password }, scene.Admin.Ticket.AccessToken),
            (scene, answer) => answer.Status == 201 || answer.SaysAgain(scene, 409, "email_taken"))
        { Hashes = true, Afterwards = CanLogInAsync, InStorage = IsMade },
    ];

    public static Operation OverTheCap { get; } = new("login over the cap",
        async station => new(await station.Bench.NewPartyAsync(sessions: 2)),
        scene => Requests.Login(scene.User.Email, Bench.Password), (_, answer) => answer.Status == 200)
    {
        Hashes = true,
        Afterwards = async (station, scene) =>
        {
            await station.IsGoodAsync(scene.Answer.AccessToken);
            // What a login leaves over the cap, the next one ends; on a busy machine perhaps the one after that.
            var count = 0;
            for (var logins = 0; count != 2 && logins < 3; logins++)
            {
                var next = (await station.AskAsync(client => client.LoginAsync(scene.User.Email, Bench.Password))).IsOk();
                var mine = (await station.AskAsync(client => client.SendAsync(Requests.Get("sessions/my-sessions", next.AccessToken)))).IsOk();
                count = mine.Json.GetProperty("sessions").GetArrayLength();
            }

            Assert.Equal(2, count);
        },
        InStorage = (scene, rows) =>
        {
            Assert.All(scene.User.Tickets, ticket => Assert.Equal("evicted", rows.Session(scene.User.UserId, ticket.Id)?.GetString("EndReason")));
            Assert.Contains(rows.Of(scene.User.UserId, 's'), row => row.RowKey == $"s:{scene.Answer.SessionId}");
        },
    };

    private static void IsOpen(Scene scene, Rows rows)
    {
        var sessions = rows.Of(scene.User.UserId, 's');
        // A try that went unanswered may have opened one, too.
        Assert.InRange(sessions.Count, 1, scene.Tries);
        Assert.Contains(sessions, row => row.RowKey == $"s:{scene.Answer.SessionId}" && row.GetString("EndReason") is null);
        // A login goes on without its activity where storage doesn't take it (event 1009).
        Assert.True(scene.LosesActivity || rows.Activities(scene.Answer.SessionId).Any(row => row.GetString("Kind") == "Login"), "No activity.");
    }

    private static void FailureIsCounted(Scene scene, Rows rows, string owner, string key)
    {
        var failures = rows.Throttle(key)?.GetInt32("Failures");
        var entries = rows.Of(owner, 'l').Count;
        Assert.InRange(failures ?? 0, 1, scene.Tries);
        Assert.InRange(entries, 1, failures ?? 0);
        Assert.InRange(rows.Activities(key).Count(row => row.GetString("Kind") == "FailedLogin"), 1, scene.Tries);
        Assert.Empty(rows.Of(owner, 's'));
    }

    private static async Task CanLogInAsync(AppInstance station, Scene scene) =>
        scene.Newborn.Add((await station.AskAsync(client => client.LoginAsync(scene.Newcomer, Bench.Password))).IsOk().UserId);

    private static void IsMade(Scene scene, Rows rows)
    {
        var account = rows.Account(scene.MoreMarks[0]);
        Assert.Equal(scene.Newcomer, account?.GetString("Email"));
        Assert.Equal(scene.Newborn, [account?.GetString("UserId")!]);
        Invariants.CheckAccount(scene.MoreMarks[0], scene.Newborn[0], rows);
        Assert.Single(rows.Log(scene.Newborn[0], "account_created"));
    }

    private static Scene Unknown() => new() { Newcomer = Unknown(out var key), MoreMarks = [key] };

    private static string Unknown(out string key)
    {
        var email = Bench.NewEmail();
        key = Serverless.Sessions.Accounts.Email.TryParse(email, out var parsed) ? parsed.ToAccountKey().Value : "";
        return email;
    }
}

using Serverless.Sessions.Login;

namespace Faults.Tests.Operations;

internal static class Logins
{
    public static IEnumerable<Operation> All { get; } =
    [
        new("login", NewUserAsync, LogIn)
        {
            Hashes = true,
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken),
            InStorage = IsOpen,
        },
        new("login after a failure", station => NewUserAsync(station, "t", "Failures", 1), LogIn)
        { Hashes = true, Afterwards = IsGoodAsync, InStorage = IsOpen },
        FromNewDevice("login from a new device"),
        new("login with a wrong password", NewUserAsync,
            scene => Requests.Login(scene.User.Email, AppSettings.WrongPassword), IsRefused)
        { Hashes = true, InStorage = (scene, rows) => FailureIsCounted(scene, rows, scene.User.UserId, scene.User.Key) },
        new("login with an unknown email", _ => Task.FromResult(Unknown()),
            scene => Requests.Login(scene.Newcomer, AppSettings.WrongPassword), IsRefused)
        { Hashes = true, InStorage = (scene, rows) => FailureIsCounted(scene, rows, scene.MoreMarks[0], scene.MoreMarks[0]) },
        new("register", _ => Task.FromResult(Unknown()),
            scene => Requests.Post("accounts", new() { ["email"] = scene.Newcomer, ["password"] = Bench.Password }), IsCreated)
        { Hashes = true, Afterwards = CanLogInAsync, InStorage = IsMade },
        new("admin: create an account",
            async station => Unknown(await station.Bench.NewPartyAsync(roles: ["admin"])),
            scene => Requests.Post(
                "admin/accounts", new() { ["email"] = scene.Newcomer, ["password"] = Bench.Password }, scene.Admin.Ticket.AccessToken),
            IsCreated)
        { Hashes = true, Afterwards = CanLogInAsync, InStorage = IsMade },
    ];

    /// <summary>The message, which finds nobody to tell, follows the answer.</summary>
    public static Operation ToldByPush { get; } = FromNewDevice("push: login from a new device") with { Sends = true };

    public static Operation OverTheCap { get; } = new("login over the cap",
        async station => new(await station.Bench.NewPartyAsync(sessions: 2)), LogIn)
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
                var mine = (await station.AskAsync(client => client.GetAsync("sessions/my-sessions", next.AccessToken))).IsOk();
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

    private static Operation FromNewDevice(string name) =>
        new(name,
            station => NewUserAsync(station, "a", "Devices", new byte[DeviceFingerprint.Length]), LogIn)
        {
            Hashes = true,
            Afterwards = IsGoodAsync,
            InStorage = (scene, rows) =>
            {
                IsOpen(scene, rows);
                // Of several tries the first one that opened a session may have made the device known.
                var sessions = rows.Of(scene.User.UserId, 's').Select(row => row.RowKey["s:".Length..]);
                Assert.True(
                    scene.LosesActivity || sessions.SelectMany(rows.Activities).Any(row => row.GetBoolean("NewDevice") == true), "No news.");
                Assert.NotEmpty(rows.Of(scene.User.UserId, 'n'));
            },
        };

    private static async Task<Scene> NewUserAsync(AppInstance station) => new(await station.Bench.NewPartyAsync(sessions: 0));

    private static async Task<Scene> NewUserAsync(AppInstance station, string kind, string column, object value)
    {
        var scene = await NewUserAsync(station);
        var row = new TableEntity(scene.User.Key, $"{kind}:{scene.User.Key}") { [column] = value };
        await station.Bench.Table("Accounts").UpsertEntityAsync(row);
        return scene;
    }

    private static Scene Unknown(params Party[] others)
    {
        var email = Bench.NewEmail();
        return new(others) { Newcomer = email.Value, MoreMarks = [email.ToAccountKey().Value] };
    }

    private static HttpRequestMessage LogIn(Scene scene) => Requests.Login(scene.User.Email, Bench.Password);
    private static bool IsRefused(Scene scene, Answer answer) => answer.Says(401, "invalid_credentials");

    private static bool IsCreated(Scene scene, Answer answer) =>
        answer.Status == 201 || answer.SaysAgain(scene, 409, "email_taken");

    private static Task IsGoodAsync(AppInstance station, Scene scene) => station.IsGoodAsync(scene.Answer.AccessToken);

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
}

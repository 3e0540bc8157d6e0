namespace Faults.Tests.Operations;

internal static class Refreshes
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromHours(2);

    public static IEnumerable<Operation> All { get; } =
    [
        GoesOn("refresh", OneSessionAsync),
        GoesOn("refresh without an attempt", OneSessionAsync, sendsAttempt: false),
        GoesOn("refresh of a session that gets its next number", OldSessionAsync) with
        {
            InStorage = (scene, rows) =>
            {
                WasRotated(scene, rows, times: 2);
                Assert.Single(rows.Log(scene.User.UserId, "session_regenerated"));
                Assert.Equal(1, rows.Session(scene.User.UserId, scene.User.Ticket.Id)?.GetInt32("Number"));
            },
        },
        GoesOn("refresh of a row that something else touched", async station =>
        {
            var scene = await OneSessionAsync(station);
            await station.Bench.TouchAsync(scene.User.Ticket, ("Roles", "editor"));
            return scene;
        }),
        GoesOn("refresh after a lost reply", station => RotatedAsync(station, byAttempt: true)),
        GoesOn("refresh of another tab", station => RotatedAsync(station, byAttempt: false)),
        new("refresh with a spent token",
            async station =>
            {
                var scene = await RotatedAsync(station, byAttempt: false);
                await station.Bench.TouchAsync(scene.User.Ticket, ("R0", Bench.Now - LongAgo));
                return scene;
            },
            scene => Requests.Refresh(scene.User.Ticket.RefreshToken),
            (scene, answer) => answer.Says(401, "token_reused") || answer.SaysAgain(scene, 401, "session_ended", "token_reuse"))
        {
            Afterwards = (station, scene) => station.IsOverAsync(scene.User.Ticket, "token_reuse"),
            InStorage = (scene, rows) =>
            {
                WasRotated(scene, rows, times: 1);
                Assert.Single(rows.Log(scene.User.UserId, "token_reuse"));
            },
        },
        new("refresh by cookie", OldSessionAsync, scene => Requests.RefreshByCookie(scene.User.Ticket.RefreshToken))
        {
            Afterwards = (station, scene) =>
                station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.Cookie?.Value ?? scene.User.Ticket.RefreshToken),
            InStorage = (scene, rows) => WasRotated(scene, rows, times: 2),
        },
        new("refresh by a young cookie", OneSessionAsync, scene => Requests.RefreshByCookie(scene.User.Ticket.RefreshToken))
        {
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.User.Ticket.RefreshToken),
            InStorage = (scene, rows) => WasRotated(scene, rows, times: 1),
        },
        new("step-up", OneSessionAsync,
            scene => Requests.Post("sessions/step-up", new() { ["password"] = Bench.Password }, scene.User.Ticket.AccessToken))
        {
            Hashes = true,
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.User.Ticket.RefreshToken),
            InStorage = (scene, rows) =>
            {
                WasRotated(scene, rows, times: 1);
                // A try that nobody heard of may have been carried out.
                var entries = rows.Log(scene.User.UserId, "stepped_up", scene.User.Ticket.Id);
                Assert.InRange(entries.Count, 1, scene.Tries);
                Assert.Equal(
                    entries.Max(entry => entry.GetDateTimeOffset("At")),
                    rows.Session(scene.User.UserId, scene.User.Ticket.Id)?.GetDateTimeOffset("AuthenticatedAt"));
            },
        },
        Reads("status", "sessions/status"),
        Reads("my-sessions", "sessions/my-sessions"),
        Reads("my-session-logs", "sessions/my-session-logs"),
        new("heartbeat", OneSessionAsync,
            scene => Requests.Post("sessions/heartbeat", accessToken: scene.User.Ticket.AccessToken))
        {
            Afterwards = LivesOnAsync,
            InStorage = (scene, rows) => Assert.True(
                Assert.Single(rows.Of(scene.User.UserId, 'p')).GetDateTimeOffset("LastSeenAt") > scene.User.Ticket.Session.CreatedAt),
        },
    ];

    private static Operation GoesOn(string name, Func<AppInstance, Task<Scene>> prepare, bool sendsAttempt = true) =>
        new(name, prepare, scene => Requests.Refresh(scene.User.Ticket.RefreshToken, sendsAttempt ? scene.Attempt : null))
        {
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken),
            InStorage = (scene, rows) => WasRotated(scene, rows, times: 2),
        };

    private static Operation Reads(string name, string route) =>
        new(name, OneSessionAsync, scene => Requests.Get(route, scene.User.Ticket.AccessToken)) { Afterwards = LivesOnAsync };

    private static async Task<Scene> OneSessionAsync(AppInstance station) => new(await station.Bench.NewPartyAsync());

    private static async Task<Scene> OldSessionAsync(AppInstance station) =>
        new(await station.Bench.NewPartyAsync(age: TimeSpan.FromDays(2)));

    private static async Task<Scene> RotatedAsync(AppInstance station, bool byAttempt)
    {
        var scene = await OneSessionAsync(station);
        (await station.AskAsync(client => client.RefreshAsync(scene.User.Ticket.RefreshToken, byAttempt ? scene.Attempt : null))).IsOk();
        return scene;
    }

    private static Task LivesOnAsync(AppInstance station, Scene scene) => station.LivesOnAsync(scene.User.Ticket);

    private static void WasRotated(Scene scene, Rows rows, int times) =>
        Assert.Equal(times, rows.Session(scene.User.UserId, scene.User.Ticket.Id)?.GetInt32("Generation"));
}

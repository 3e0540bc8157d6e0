namespace Faults.Tests.Operations;

internal static class Refreshes
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromHours(2);

    public static IEnumerable<Operation> All =>
    [
        new("refresh", OneSessionAsync, scene => Requests.Refresh(scene.User.Ticket.RefreshToken, scene.Attempt), IsOk)
        { Afterwards = GoesOnAsync, InStorage = (scene, rows) => WasRotated(scene, rows, times: 2) },
        new("refresh without an attempt", OneSessionAsync, scene => Requests.Refresh(scene.User.Ticket.RefreshToken), IsOk)
        { Afterwards = GoesOnAsync, InStorage = (scene, rows) => WasRotated(scene, rows, times: 2) },
        new("refresh of a session that gets its next number", OldSessionAsync, scene => Requests.Refresh(scene.User.Ticket.RefreshToken, scene.Attempt), IsOk)
        {
            Afterwards = GoesOnAsync,
            InStorage = (scene, rows) =>
            {
                WasRotated(scene, rows, times: 2);
                Assert.Single(rows.Log(scene.User.UserId, "session_regenerated"));
                Assert.Equal(1, rows.Session(scene.User.UserId, scene.User.Ticket.Id)?.GetInt32("Number"));
            },
        },
        new("refresh of a row that something else touched",
            async station =>
            {
                var scene = await OneSessionAsync(station);
                await station.Bench.TouchAsync(scene.User.Ticket, ("Roles", "editor"));
                return scene;
            },
            scene => Requests.Refresh(scene.User.Ticket.RefreshToken, scene.Attempt),
            IsOk)
        { Afterwards = GoesOnAsync, InStorage = (scene, rows) => WasRotated(scene, rows, times: 2) },
        new("refresh after a lost reply", station => RotatedAsync(station, byAttempt: true), scene => Requests.Refresh(scene.User.Ticket.RefreshToken, scene.Attempt), IsOk)
        { Afterwards = GoesOnAsync, InStorage = (scene, rows) => WasRotated(scene, rows, times: 2) },
        new("refresh of another tab", station => RotatedAsync(station, byAttempt: false), scene => Requests.Refresh(scene.User.Ticket.RefreshToken, scene.Attempt), IsOk)
        { Afterwards = GoesOnAsync, InStorage = (scene, rows) => WasRotated(scene, rows, times: 2) },
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
        new("refresh by cookie", OldSessionAsync, scene => Requests.RefreshByCookie(scene.User.Ticket.RefreshToken), IsOk)
        {
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.Cookie?.Value ?? scene.User.Ticket.RefreshToken),
            InStorage = (scene, rows) => WasRotated(scene, rows, times: 2),
        },
        new("refresh by a young cookie", OneSessionAsync, scene => Requests.RefreshByCookie(scene.User.Ticket.RefreshToken), IsOk)
        {
            Afterwards = (station, scene) => station.LivesOnAsync(scene.Answer.AccessToken, scene.User.Ticket.RefreshToken),
            InStorage = (scene, rows) => WasRotated(scene, rows, times: 1),
        },
        new("status", OneSessionAsync, scene => Requests.Get("sessions/status", scene.User.Ticket.AccessToken), IsOk)
        { Afterwards = LivesOnAsync },
        new("my-sessions", OneSessionAsync, scene => Requests.Get("sessions/my-sessions", scene.User.Ticket.AccessToken), IsOk)
        { Afterwards = LivesOnAsync },
        new("my-session-logs", OneSessionAsync, scene => Requests.Get("sessions/my-session-logs", scene.User.Ticket.AccessToken), IsOk)
        { Afterwards = LivesOnAsync },
        new("heartbeat", OneSessionAsync, scene => Requests.Post("sessions/heartbeat", accessToken: scene.User.Ticket.AccessToken), IsOk)
        {
            Afterwards = LivesOnAsync,
            InStorage = (scene, rows) => Assert.True(
                Assert.Single(rows.Of(scene.User.UserId, 'p')).GetDateTimeOffset("LastSeenAt") > scene.User.Ticket.Session.CreatedAt),
        },
    ];

    private static bool IsOk(Scene scene, Answer answer) => answer.Status == 200;

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

    private static Task GoesOnAsync(AppInstance station, Scene scene) =>
        station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken);

    private static void WasRotated(Scene scene, Rows rows, int times) =>
        Assert.Equal(times, rows.Session(scene.User.UserId, scene.User.Ticket.Id)?.GetInt32("Generation"));
}

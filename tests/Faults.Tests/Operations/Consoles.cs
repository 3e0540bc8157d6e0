namespace Faults.Tests.Operations;

/// <summary>What an operator's console reads.</summary>
internal static class Consoles
{
    // Of an email; so many are 32 digits of a key, by which the call is known.
    private const int PrefixLength = 16;

    public static IEnumerable<Operation> OfUsers { get; } =
    [
        new("admin: search by the beginning of an email",
            async station =>
            {
                var scene = await Endings.WithAdminAsync(station);
                Assert.True(Email.TryParse($"{PrefixOf(scene)}-left@example.com", out var left));
                foreach (var email in new[] { scene.User.Account.Email, left })
                    await station.Bench.Emails.AddAsync(EmailPosition.Of(email), Bench.Now.AddMinutes(-20), default);
                return scene with { Newcomers = [left], MoreMarks = [EmailPosition.BeginningOf(PrefixOf(scene))] };
            },
            scene => Requests.Get($"admin/accounts?prefix={PrefixOf(scene)}", scene.Admin.Ticket.AccessToken),
            (scene, answer) => answer.Status == 200 && answer.Json.Items("accounts").Single().Text("id") == scene.User.UserId)
        {
            InStorage = (scene, rows) =>
            {
                Assert.True(rows.IsIndexed(scene.User.Key));
                Assert.False(rows.IsIndexed(scene.Newcomers[0].ToAccountKey().Value), "An email without an account is left in the index.");
            },
        },
        new("admin: activity of a user", station => Endings.WithAdminAsync(station),
            scene => Requests.Get($"admin/activity?user={scene.User.Email}", scene.Admin.Ticket.AccessToken),
            (_, answer) => answer.Status == 200 && answer.Json.Items("activities").Count == 2),
    ];

    // One that is there, so it looks no further back, whatever the runs before have left.
    public static Operation Activity { get; } = new("admin: activity", station => Endings.WithAdminAsync(station),
        scene => Requests.Get("admin/activity?limit=1", scene.Admin.Ticket.AccessToken),
        (_, answer) => answer.Status == 200 && answer.Json.Items("activities").Count > 0)
    { IsSole = true };

    public static Operation Health { get; } = Cached("admin: health", "admin/health",
        answer => answer.Json.GetProperty("outbox").GetProperty("complete").GetBoolean());

    public static Operation LiveFigures { get; } = Cached("admin: live figures", "admin/statistics",
        answer => answer.Json.GetProperty("live").GetProperty("loginsToday").GetInt32() > 0);

    // What an instance reads for one caller it tells all for a few seconds.
    private static Operation Cached(string name, string route, Func<Answer, bool> isWhole) => new(name,
        async station =>
        {
            await Task.Delay(ReadLiveStatistics.CacheLifetime);
            return await Endings.WithAdminAsync(station);
        },
        scene => Requests.Get(route, scene.Admin.Ticket.AccessToken), (_, answer) => answer.Status == 200 && isWhole(answer))
    { IsSole = true };

    private static string PrefixOf(Scene scene) => scene.User.Email[..PrefixLength];
}

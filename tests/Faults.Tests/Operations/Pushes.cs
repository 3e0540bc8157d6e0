namespace Faults.Tests.Operations;

internal static class Pushes
{
    private const string Endpoint = "http://127.0.0.1:9/push";

    public static IEnumerable<Operation> All { get; } =
    [
        new("push: subscribe", async station => new(await station.Bench.NewPartyAsync()),
            scene => Requests.Post("sessions/push", Subscription(), scene.User.Ticket.AccessToken), 204)
        {
            Afterwards = (station, scene) => station.LivesOnAsync(scene.User.Ticket),
            InStorage = (scene, rows) => Assert.Equal(Endpoint, EndpointOf(scene, rows)),
        },
        new("push: unsubscribe", station => SubscribedAsync(station),
            scene => Requests.Delete("sessions/push", scene.User.Ticket.AccessToken), (_, answer) => answer.Status == 204)
        {
            Afterwards = (station, scene) => station.LivesOnAsync(scene.User.Ticket),
            InStorage = (scene, rows) => Assert.Equal("", EndpointOf(scene, rows)),
        },
        new("push: logout", station => SubscribedAsync(station),
            scene => Requests.Post("sessions/logout", accessToken: scene.User.Ticket.AccessToken),
            (scene, answer) => answer.Status == 204 || answer.SaysAgain(scene, 401, "session_ended", "logout"))
        {
            Afterwards = (station, scene) => station.IsOverAsync(scene.User.Ticket, "logout"),
            InStorage = (scene, rows) => Assert.Equal("", EndpointOf(scene, rows)),
        },
        new("push: logout-all of the others", station => SubscribedAsync(station, sessions: 2),
            scene => Requests.Post("sessions/logout-all?others=true", accessToken: scene.User.Tickets[1].AccessToken), 204)
        {
            Afterwards = (station, scene) => station.IsOverAsync(scene.User.Ticket, "logout_all"),
            InStorage = (scene, rows) => Assert.Equal("", EndpointOf(scene, rows)),
        },
    ];

    private static string? EndpointOf(Scene scene, Rows rows) =>
        rows.Session(scene.User.UserId, scene.User.Ticket.Id)?.GetString("PushEndpoint");

    private static JsonObject Subscription()
    {
        using var key = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["endpoint"] = Endpoint,
            ["keys"] = new JsonObject
            {
                ["p256dh"] = System.Buffers.Text.Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]),
                ["auth"] = System.Buffers.Text.Base64Url.EncodeToString(new byte[16]),
            },
        };
    }

    private static async Task<Scene> SubscribedAsync(AppInstance station, int sessions = 1)
    {
        var party = await station.Bench.NewPartyAsync(sessions: sessions);
        await station.Bench.TouchAsync(party.Ticket, ("PushEndpoint", Endpoint), ("PushKey", "key"), ("PushSecret", "secret"));
        return new(party);
    }
}

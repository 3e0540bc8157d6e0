namespace Faults.Tests.Operations;

internal static class Passkeys
{
    private const string Registration = "accounts/passkeys";
    private const string Login = "sessions/passkey";
    private const string StepUp = "sessions/step-up";

    public static IEnumerable<Operation> All { get; } =
    [
        new("register a passkey",
            async station =>
            {
                var scene = new Scene(await station.Bench.NewPartyAsync());
                return scene with { Ceremony = await BeginAsync(station, Registration, scene.Authenticator.Create, scene.User.Ticket.AccessToken) };
            },
            scene => Requests.Post(Registration, Again(scene), scene.User.Ticket.AccessToken), IsDone(201))
        {
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                await OpensAsync(station, scene);
                await station.LivesOnAsync(scene.User.Ticket);
            },
            InStorage = (scene, rows) =>
            {
                Assert.Single(rows.Of(scene.User.UserId, 'u'));
                Assert.Single(rows.Log(scene.User.UserId, "passkey_added"));
                Assert.Single(rows.Of(scene.User.UserId, 'n'), notice => notice.GetString("Kind") == "passkey_added");
            },
        },
        new("login by passkey", station => WithPasskeyAsync(station, Login, asUser: false),
            scene => Requests.Post(Login, Again(scene)), IsDone(200))
        {
            Afterwards = async (station, scene) =>
            {
                // Where an earlier try has used the state, its session is nobody's, and the user asks for another.
                if (scene.Acknowledged)
                    await station.LivesOnAsync(scene.Answer.AccessToken, scene.Answer.RefreshToken);
                else
                    await OpensAsync(station, scene);
            },
            InStorage = (scene, rows) =>
            {
                // That of the scene, and one of the assertion, however many tries it took.
                Assert.Equal(scene.Acknowledged ? 2 : 3, rows.Of(scene.User.UserId, 's').Count);
                Assert.NotNull(Assert.Single(rows.Of(scene.User.UserId, 'u')).GetDateTimeOffset("LastUsedAt"));
            },
        },
        new("step up by passkey", station => WithPasskeyAsync(station, StepUp, asUser: true),
            scene => Requests.Post(StepUp, Again(scene), scene.User.Ticket.AccessToken), IsDone(200))
        {
            Afterwards = async (station, scene) =>
            {
                if (scene.Acknowledged)
                    await station.IsGoodAsync(scene.Answer.AccessToken);
                await station.LivesOnAsync(scene.User.Ticket);
            },
            InStorage = (scene, rows) =>
            {
                var entry = Assert.Single(rows.Log(scene.User.UserId, "stepped_up", scene.User.Ticket.Id));
                var session = rows.Session(scene.User.UserId, scene.User.Ticket.Id)!;
                Assert.Equal(entry.GetDateTimeOffset("At"), session.GetDateTimeOffset("AuthenticatedAt"));
                Assert.Equal("hwk,user,mfa", session.GetString("AuthenticationMethods"));
                Assert.Equal(entry.GetDateTimeOffset("At"), Assert.Single(rows.Of(scene.User.UserId, 'u')).GetDateTimeOffset("LastUsedAt"));
            },
        },
        new("rename a passkey", station => WithPasskeyAsync(station),
            scene => Requests.Patch(RouteOf(scene), new() { ["name"] = "Another name" }, scene.User.Ticket.AccessToken))
        {
            Afterwards = OpensAsync,
            InStorage = (scene, rows) => Assert.Equal("Another name", Assert.Single(rows.Of(scene.User.UserId, 'u')).GetString("Name")),
        },
        new("remove a passkey", station => WithPasskeyAsync(station),
            scene => Requests.Delete(RouteOf(scene), scene.User.Ticket.AccessToken),
            (scene, answer) => answer.Status == 204 || answer.SaysAgain(scene, 404, "not_found"))
        {
            Afterwards = async (station, scene) =>
            {
                (await TryAsync(station, scene)).IsProblem(401, "passkey_unknown");
                await station.LivesOnAsync(scene.User.Ticket);
            },
            InStorage = (scene, rows) =>
            {
                Assert.Empty(rows.Of(scene.User.UserId, 'u'));
                Assert.Single(rows.Log(scene.User.UserId, "passkey_removed"));
            },
        },
        new("list of passkeys", station => WithPasskeyAsync(station), scene => Requests.Get(Registration, scene.User.Ticket.AccessToken)),
        new("options of a registration", station => WithPasskeyAsync(station),
            scene => Requests.Post($"{Registration}/options", accessToken: scene.User.Ticket.AccessToken)),
        new("options of a step-up", station => WithPasskeyAsync(station),
            scene => Requests.Post($"{StepUp}/options", accessToken: scene.User.Ticket.AccessToken)),
    ];

    // A repeated request finds that an earlier try has used the state.
    private static Func<Scene, Answer, bool> IsDone(int status) =>
        (scene, answer) => answer.Status == status || answer.SaysAgain(scene, 400, "ceremony_used");

    private static string RouteOf(Scene scene) => $"{Registration}/{Serverless.Sessions.Passkeys.PasskeyId.Of(scene.Authenticator.Passkeys[0].Id)}";

    private static JsonObject Again(Scene scene) => scene.Ceremony.DeepClone().AsObject();

    private static async Task<Scene> WithPasskeyAsync(AppInstance station)
    {
        var scene = new Scene(await station.Bench.NewPartyAsync());
        await station.Bench.AddPasskeyAsync(scene.User, scene.Authenticator);
        return scene;
    }

    private static async Task<Scene> WithPasskeyAsync(AppInstance station, string route, bool asUser)
    {
        var scene = await WithPasskeyAsync(station);
        var token = asUser ? scene.User.Ticket.AccessToken : null;
        return scene with { Ceremony = await BeginAsync(station, route, scene.Authenticator.Get, token) };
    }

    /// <returns>What ends the ceremony that begins.</returns>
    private static async Task<JsonObject> BeginAsync(
        AppInstance station, string route, Func<string, PasskeyLies?, JsonObject> sign, string? accessToken)
    {
        var asked = (await station.AskAsync(client => client.CallAsync(HttpMethod.Post, $"{route}/options", accessToken))).IsOk().Json;
        return new()
        {
            ["state"] = asked.GetProperty("state").GetString(),
            ["credential"] = sign(asked.GetProperty("options").GetRawText(), null),
        };
    }

    private static async Task<Answer> TryAsync(AppInstance station, Scene scene)
    {
        var body = await BeginAsync(station, Login, scene.Authenticator.Get, accessToken: null);
        return await station.AskAsync(client => client.CallAsync(HttpMethod.Post, Login, accessToken: null, body.ToJsonString()));
    }

    private static async Task OpensAsync(AppInstance station, Scene scene) => (await TryAsync(station, scene)).IsOk();
}

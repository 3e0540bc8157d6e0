namespace Faults.Tests.Operations;

internal static class Passkeys
{
    private const string Registration = "accounts/passkeys";
    private const string Account = "accounts/passkey";
    private const string Login = "sessions/passkey";
    private const string StepUp = "sessions/step-up";

    public static IEnumerable<Operation> All { get; } =
    [
        new("register an account with a passkey", NewAccountAsync, scene => Requests.Post(Account, Again(scene)), IsDone(201))
        {
            Afterwards = async (station, scene) =>
            {
                // Only what died before the account was there has used the state up, and left the email free.
                if ((await TryAsync(station, scene)).Status != 200)
                {
                    var body = (await NewAccountAsync(station, scene)).Ceremony;
                    (await station.AskAsync(client => client.CallAsync(HttpMethod.Post, Account, accessToken: null, body.ToJsonString()))).Is(201);
                }

                await IsRegisteredAsync(station, scene);
            },
            InStorage = WasRegistered,
        },
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
        new("login by a copied passkey", CopiedAsync, scene => Requests.Post(Login, Again(scene)),
            (scene, answer) => answer.Says(401, "passkey_cloned") || answer.SaysAgain(scene, 400, "ceremony_used"))
        {
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                await OpensAsync(station, scene);
                await station.LivesOnAsync(scene.User.Ticket);
            },
            InStorage = (scene, rows) =>
            {
                Assert.Single(rows.Log(scene.User.UserId, "passkey_cloned"));
                Assert.Single(rows.Of(scene.User.UserId, 'n'), notice => notice.GetString("Kind") == "passkey_cloned");
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
        new("keep a passkey after a review",
            async station =>
            {
                var scene = await WithPasskeyAsync(station);
                var file = await station.Bench.Passkeys.ReadAsync(scene.User.Account.Id, default);
                Assert.True(await station.Bench.Passkeys.TryReviewAsync(
                    scene.User.Account.Id, null, [file.Passkeys[0] with { IsForReview = true }], file.OpenEpoch(), null, default));
                return scene;
            },
            scene => Requests.Patch(RouteOf(scene), new() { ["reviewed"] = true }, scene.User.Ticket.AccessToken))
        {
            Afterwards = OpensAsync,
            InStorage = (scene, rows) =>
            {
                Assert.False(Assert.Single(rows.Of(scene.User.UserId, 'u')).GetBoolean("IsForReview") == true);
                Assert.Single(rows.Log(scene.User.UserId, "passkey_reviewed"));
            },
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
        Secures("admin: secure by disabling", disables: true, (station, scene) => Task.CompletedTask, (scene, rows) =>
            Assert.Equal("Disabled", rows.Account(scene.User.Key)?.GetString("State"))),
        Secures("admin: secure with a new password", disables: false, async (station, scene) => await Post.IsPromisedAsync(
            station, scene.User.Account.Email, await station.Bench.FindLinkAsync(scene.User.Account.Email.ToAccountKey(), TokenPurpose.Reset)),
            (scene, rows) => Assert.Null(rows.Account(scene.User.Key)?.GetString("PasswordHash"))) with { Sends = true },
        new("list of passkeys", station => WithPasskeyAsync(station), scene => Requests.Get(Registration, scene.User.Ticket.AccessToken)),
        new("options of a registration", station => WithPasskeyAsync(station),
            scene => Requests.Post($"{Registration}/options", accessToken: scene.User.Ticket.AccessToken)),
        new("options of a step-up", station => WithPasskeyAsync(station),
            scene => Requests.Post($"{StepUp}/options", accessToken: scene.User.Ticket.AccessToken)),
    ];

    /// <summary>Where emails have to be verified.</summary>
    public static Operation ByLink { get; } = new("register an account with a passkey by a link", NewAccountAsync,
        scene => Requests.Post(Account, Again(scene)), 202)
    {
        Sends = true,
        Afterwards = async (station, scene) =>
        {
            var link = await station.Bench.FindLinkAsync(scene.Newcomers[0].ToAccountKey(), TokenPurpose.Verify);
            (await station.Client.SendAsync(Links.VerifyBy(link.Text))).IsEmpty();
            await IsRegisteredAsync(station, scene);
        },
        InStorage = WasRegistered,
    };

    /// <inheritdoc cref="ByLink"/>
    public static Operation OfLink { get; } = new("verify a registration with a passkey",
        async station =>
        {
            var scene = await NewAccountAsync(station);
            await station.AskAsync(client => client.CallAsync(HttpMethod.Post, Account, accessToken: null, Again(scene).ToJsonString()));
            await Post.SendAsync(station, scene.Newcomers[0].ToAccountKey().Value);
            return scene with { Token = (await station.Bench.FindLinkAsync(scene.Newcomers[0].ToAccountKey(), TokenPurpose.Verify)).Text };
        },
        scene => Links.VerifyBy(scene.Token), Links.IsUsed)
    { Afterwards = IsRegisteredAsync, InStorage = WasRegistered };

    private static Operation Secures(
        string name, bool disables, Func<AppInstance, Scene, Task> afterwards, Action<Scene, Rows> inStorage) => new(
        name,
        async station =>
        {
            var scene = await Endings.WithAdminAsync(station);
            await station.Bench.AddPasskeyAsync(scene.User, scene.Authenticator);
            return scene;
        },
        scene => Requests.Post(
            $"admin/accounts/{scene.User.UserId}/secure", new() { ["disable"] = disables }, scene.Admin.Ticket.AccessToken))
        {
            Afterwards = async (station, scene) =>
            {
                await afterwards(station, scene);
                foreach (var ticket in scene.User.Tickets)
                    await station.IsOverAsync(ticket, "admin");
                (await TryAsync(station, scene)).IsProblem(403, "passkey_for_review");
                (await station.AskAsync(client => client.LoginAsync(scene.User.Email, Bench.Password))).IsProblem(401, "invalid_credentials");
            },
            InStorage = (scene, rows) =>
            {
                inStorage(scene, rows);
                // One of each try that got so far.
                Assert.InRange(rows.Log(scene.User.UserId, "account_secured").Count, 1, scene.Tries);
                Assert.Equal(2, rows.Log(scene.User.UserId, "session_revoked").Count);
                Assert.True(Assert.Single(rows.Of(scene.User.UserId, 'u')).GetBoolean("IsForReview"));
            },
        };

    private static Task<Scene> NewAccountAsync(AppInstance station) =>
        NewAccountAsync(station, new Scene { Newcomers = [Bench.NewEmail()] });

    private static async Task<Scene> NewAccountAsync(AppInstance station, Scene scene)
    {
        var asked = new JsonObject { ["email"] = scene.Newcomers[0].Value };
        var ceremony = await BeginAsync(station, Account, scene.Authenticator.Create, accessToken: null, asked);
        var user = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(scene.Authenticator.Passkeys[^1].UserHandle));
        return scene with { Ceremony = ceremony, MoreMarks = [user] };
    }

    private static async Task IsRegisteredAsync(AppInstance station, Scene scene) =>
        scene.Newborn.Add((await TryAsync(station, scene)).IsOk().UserId);

    private static void WasRegistered(Scene scene, Rows rows)
    {
        Invariants.CheckOnlyAccount(scene.Newcomers[0].ToAccountKey().Value, scene.Newborn[0], rows);
        Assert.Single(rows.Log(scene.Newborn[0], "account_created"));
        Assert.Single(rows.Of(scene.Newborn[0], 'u'));
    }

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

    /// <summary>What a copy signs, whose counter is behind.</summary>
    private static async Task<Scene> CopiedAsync(AppInstance station)
    {
        var scene = new Scene(await station.Bench.NewPartyAsync()) { Authenticator = new(AppSettings.PageOrigin) { Counts = true } };
        await station.Bench.AddPasskeyAsync(scene.User, scene.Authenticator);
        await OpensAsync(station, scene);
        return scene with
        {
            Ceremony = await BeginAsync(station, Login, (options, _) => scene.Authenticator.Get(options, new() { Counter = 1 }), accessToken: null),
        };
    }

    private static async Task<Scene> WithPasskeyAsync(AppInstance station, string route, bool asUser)
    {
        var scene = await WithPasskeyAsync(station);
        var token = asUser ? scene.User.Ticket.AccessToken : null;
        return scene with { Ceremony = await BeginAsync(station, route, scene.Authenticator.Get, token) };
    }

    /// <returns>What ends the ceremony that begins.</returns>
    private static async Task<JsonObject> BeginAsync(
        AppInstance station, string route, Func<string, PasskeyLies?, JsonObject> sign, string? accessToken, JsonObject? body = null)
    {
        var asked = (await station.AskAsync(client =>
            client.CallAsync(HttpMethod.Post, $"{route}/options", accessToken, body?.ToJsonString()))).IsOk().Json;
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

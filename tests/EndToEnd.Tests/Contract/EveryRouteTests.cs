using EndToEnd.Tests.Accounts;
using EndToEnd.Tests.Pages;
using EndToEnd.Tests.Passkeys;
using EndToEnd.Tests.Push;

namespace EndToEnd.Tests.Contract;

/// <summary>Every route of openapi.json succeeds, asked for what it says there.</summary>
[Collection(nameof(App))]
public sealed class EveryRouteTests(App app)
{
    /// <summary>What a user sends; {other} is another one, to whom they have written.</summary>
    private static readonly Dictionary<string, Func<Answer, object>> Bodies = new()
    {
        ["POST /admin/accounts"] = _ =>
            new { email = App.NewEmail(), password = AppSettings.Password, roles = new[] { "reader" } },
        ["POST /admin/accounts/import"] = _ => new { email = App.NewEmail(), passwordHash = ImportTests.Bcrypt },
        ["PATCH /admin/accounts/{userId}"] = _ => new { roles = new[] { "reader" } },
        ["POST /admin/accounts/{userId}/secure"] = _ => new { disable = true },
        ["PATCH /accounts/passkeys/{id}"] = _ => new { name = "My phone" },
        ["POST /accounts"] = _ => new { email = App.NewEmail(), password = AppSettings.Password },
        ["POST /accounts/me/deletion"] = _ => new { password = AppSettings.Password },
        ["POST /accounts/password"] = _ =>
            new { currentPassword = AppSettings.Password, newPassword = "a next horse battery staple" },
        ["POST /accounts/passkey/options"] = _ => new { email = App.NewEmail() },
        ["POST /auth/refresh"] = user => new { refreshToken = user.RefreshToken },
        ["POST /messages"] = _ => new { to = "{other}", body = "hello", idempotencyKey = "another key" },
        ["POST /messages/read"] = _ => new { with = "{other}", upTo = 1 },
        ["POST /sessions/heartbeat"] = _ => new { active = false },
        ["POST /sessions/login"] = user =>
            new { email = user.Json.GetProperty("account").Text("email"), password = AppSettings.Password },
        ["POST /sessions/push"] = _ => new { endpoint = "https://fcm.googleapis.com/1", keys = PushTests.Keys },
        ["PUT /accounts/notifications"] = _ => new { mail = new { newDevice = true } },
        ["POST /sessions/step-up"] = _ => new { password = AppSettings.Password },
        ["POST /sessions/refresh"] = user => new { refreshToken = user.RefreshToken },
    };

    /// <summary>This app has no mail server: <see cref="Accounts.MailedTests"/> has these.</summary>
    private static readonly Dictionary<string, (object? Body, int Status)> Mailed = new()
    {
        ["POST /accounts/email"] = (new { email = "a@example.com", password = AppSettings.Password }, 404),
        ["POST /accounts/email/verification"] = (new { email = "a@example.com" }, 404),
        ["POST /accounts/email/verify"] = (new { token = "none" }, 400),
        ["POST /accounts/password/forgot"] = (new { email = "a@example.com" }, 404),
        ["POST /admin/accounts/{userId}/password-reset"] = (null, 409),
        ["POST /accounts/password/reset"] = (new { token = "none", password = AppSettings.Password }, 400),
    };

    /// <summary>What a browser sends at the end of a ceremony; the user has a passkey already.</summary>
    private static readonly Dictionary<string, Func<PasskeyPage, Answer, Task<JsonObject>>> Ceremonies = new()
    {
        ["POST /accounts/passkey"] = async (page, _) => page.Create((await page.AskForAccountAsync(App.NewEmail())).IsOk()),
        ["POST /accounts/passkeys"] = async (page, user) =>
            page.Create((await page.AskAsync(PasskeyPage.Registration, user)).IsOk(), new() { IgnoresExcluded = true }),
        ["POST /sessions/passkey"] = async (page, _) => page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk()),
    };

    private static readonly Dictionary<string, string> Queries = new()
    { ["GET /messages"] = "?with={other}", ["GET /presence"] = "?users={other}" };

    public static TheoryData<string> Routes { get; } = [.. ApiDocument.Routes.Select(each => each.ToString())];

    [OwnAppTheory]
    [MemberData(nameof(Routes))]
    public async Task A_route_answers_and_HEAD_with_the_headers_of_GET_and_no_body(string route)
    {
        var operation = ApiDocument.Route(route);
        var page = BuiltPage.All.GetValueOrDefault(operation.Path.Split('/')[1]);
        var user = await app.NewUserAsync();
        var caller = operation.IsForAdministrators ? await app.Client.LoginAsAdministratorAsync() : user;
        var (path, body) = await PrepareAsync(operation, user, page);
        // Neither a body nor a token that the document doesn't ask for.
        Assert.True(body is null || operation.TakesBody);
        var token = operation.Schemes.Contains("bearer") ? caller.AccessToken : null;

        var answer = operation is { TakesBody: true, TakesJson: false }
            ? await app.Client.ImportAsync(token!, body!)
            : await app.Client.CallAsync(operation.Verb, path, token, body);

        Assert.True(answer.Status is >= 200 and < 300 || (page is { IsBuilt: false } && answer.Status == 404)
            || (Mailed.TryGetValue(route, out var mailed) && answer.Status == mailed.Status), $"{answer}");
        if (operation.Verb == HttpMethod.Get)
            await HeadAnswersAsync(path, token, answer);
    }

    private async Task HeadAnswersAsync(string path, string? token, Answer before)
    {
        var head = await app.Client.CallAsync(HttpMethod.Head, path, token);
        var after = await app.Client.GetAsync(path, token);

        Assert.Empty(head.Text);
        // What a GET tells may change in between.
        Assert.Contains(HeadersOf(head), new[] { HeadersOf(before), HeadersOf(after) });
        if (head.Header("ETag") is { } entityTag)
        {
            var request = SessionClient.Request(HttpMethod.Head, path).With("If-None-Match", entityTag);
            (await app.Client.SendAsync(SessionClient.WithBearer(request, token))).Is(304);
        }
    }

    // Access tokens and bodies that tell the time have one length; a lag or an age may get another digit.
    private static string HeadersOf(Answer answer) => $"{answer.Status} " + string.Join('\n', answer.Headers
        .Where(header => header.Key is not ("Date" or "Transfer-Encoding"))
        .Select(header => $"{header.Key.ToUpperInvariant()}: {header.Value}").Order());

    private async Task<(string Path, string? Body)> PrepareAsync(ApiOperation operation, Answer user, BuiltPage? page)
    {
        var (route, address) = (operation.ToString(), App.NewAddress());
        await app.Tables.FlagAsync(address, DateTimeOffset.UtcNow.AddHours(1));
        var passkeys = new PasskeyPage(app.Client) { Origin = null };
        var id = operation.Path.Contains("passkey", StringComparison.Ordinal)
            ? (await passkeys.RegisterAsync(user)).Is(201).Json.Text("id") : user.SessionId;
        var path = operation.Path.TrimStart('/')
            .Replace("{userId}", user.UserId, StringComparison.Ordinal)
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{file}", page?.FileName, StringComparison.Ordinal)
            .Replace("{address}", address, StringComparison.Ordinal) + Queries.GetValueOrDefault(route);
        var body = Bodies.TryGetValue(route, out var write) ? JsonSerializer.Serialize(write(user))
            : Ceremonies.TryGetValue(route, out var perform) ? (await perform(passkeys, user)).ToJsonString()
            : Mailed.GetValueOrDefault(route).Body is { } mailed ? JsonSerializer.Serialize(mailed) : null;
        if (!(path + body).Contains("{other}", StringComparison.Ordinal))
            return (path, body);

        var to = (await app.NewUserAsync()).UserId;
        var message = new { to, body = "hello", idempotencyKey = "a key of mine" };
        (await app.Client.CallAsync(HttpMethod.Post, "messages", user.AccessToken, message)).Is(201);
        return (path.Replace("{other}", to, StringComparison.Ordinal), body?.Replace("{other}", to, StringComparison.Ordinal));
    }
}

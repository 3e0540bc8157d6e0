using EndToEnd.Tests.Pages;

namespace EndToEnd.Tests.Contract;

[Collection(nameof(App))]
public sealed class EveryRouteTests(App app)
{
    private const string Password = "a fourth horse battery staple";
    private const string NextPassword = "a fifth horse battery staple";

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["GET .well-known/jwks.json"] = new(Public),
        ["GET .well-known/openid-configuration"] = new(Public),
        ["GET admin/accounts"] = new(Ok),
        ["POST admin/accounts"] = new(Created, _ => new { email = App.NewEmail(), password = Password, roles = new[] { "reader" } }),
        ["GET admin/accounts/{userId}"] = new(Ok),
        ["PATCH admin/accounts/{userId}"] = new(Ok, _ => new { roles = new[] { "reader" } }),
        ["GET admin/accounts/{userId}/sessions"] = new(Ok),
        ["DELETE admin/accounts/{userId}/sessions"] = new(Empty),
        ["DELETE admin/accounts/{userId}/sessions/{id}"] = new(Empty),
        ["GET admin/accounts/{userId}/sessions/{id}/audit"] = new(Ok),
        ["GET admin/statistics"] = new(Ok),
        ["GET admin/failed-logins"] = new(Ok),
        ["GET admin/security/events"] = new(Ok),
        ["GET admin/suspicious-ips"] = new(Ok),
        ["POST admin/suspicious-ips/{address}/acknowledge"] = new(Empty),
        ["GET dashboard"] = new(BuiltPage.Dashboard.IsThePage),
        ["GET dashboard/{file}"] = new(answer => BuiltPage.Dashboard.IsAFile(BuiltPage.Dashboard.FileName, answer)),
        ["GET demo"] = new(BuiltPage.Demo.IsThePage),
        ["GET demo/{file}"] = new(answer => BuiltPage.Demo.IsAFile(BuiltPage.Demo.FileName, answer)),
        ["POST accounts"] = new(Created, _ => new { email = App.NewEmail(), password = Password }),
        ["POST accounts/password"] = new(Empty, _ => new { currentPassword = Password, newPassword = NextPassword }),
        ["POST auth/refresh"] = new(Ok, user => new { refreshToken = user.RefreshToken }),
        ["GET health/live"] = new(Ok),
        ["GET health/ready"] = new(Ok),
        ["GET openapi.json"] = new(answer => Assert.StartsWith("3.1.", answer.Json.GetProperty("openapi").GetString(), StringComparison.Ordinal)),
        ["GET messages"] = new(Ok) { Query = "?with={other}" },
        ["POST messages"] = new(Created, _ => new { to = "{other}", body = "hello", idempotencyKey = "another key" }),
        ["GET messages/conversations"] = new(Ok),
        ["POST messages/read"] = new(Empty, _ => new { with = "{other}", upTo = 1 }),
        ["GET presence"] = new(Ok) { Query = "?users={other}" },
        ["GET sessions/notices"] = new(Ok),
        ["POST sessions/heartbeat"] = new(Ok),
        ["POST sessions/login"] = new(
            Ok, user => new { email = user.Json.GetProperty("account").GetProperty("email"), password = Password }),
        ["POST sessions/logout"] = new(Empty),
        ["POST sessions/logout-all"] = new(Empty),
        ["GET sessions/my-session-logs"] = new(Ok),
        ["GET sessions/my-sessions"] = new(Ok),
        ["POST sessions/refresh"] = new(Ok, user => new { refreshToken = user.RefreshToken }),
        ["GET sessions/revocations"] = new(Feed),
        ["GET sessions/status"] = new(Ok),
        ["DELETE sessions/{id}"] = new(Empty),
    };

    public static TheoryData<string> Routes { get; } = [.. Cases.Keys];

    [Fact]
    public void Every_route_has_a_case() => Assert.Equal(Names.Routes.Order(), Cases.Keys.Order());

    public static TheoryData<string> Gets { get; } = [.. Cases.Keys.Where(route => route.StartsWith("GET ", StringComparison.Ordinal))];

    [OwnAppTheory]
    [MemberData(nameof(Routes))]
    public async Task A_route_answers(string route)
    {
        var (path, token, body) = await PrepareAsync(route);
        // Neither a body nor a token that the document doesn't ask for.
        var promised = ApiDocument.Operations.Single(operation => operation.ToString() == route.Replace(" ", " /", StringComparison.Ordinal)).Body;
        Assert.True(body is null || promised.TryGetProperty("requestBody", out _));
        var asksForToken = promised.GetProperty("security").EnumerateArray().Any(scheme => scheme.TryGetProperty("bearer", out _));
        Cases[route].Check(await app.Client.CallAsync(new(route.Split(' ')[0]), path, asksForToken ? token : null, body));
    }

    [OwnAppTheory]
    [MemberData(nameof(Gets))]
    public async Task HEAD_answers_with_the_headers_of_GET_and_no_body(string route)
    {
        var (path, token, _) = await PrepareAsync(route);
        var before = await app.Client.CallAsync(HttpMethod.Get, path, token);
        var head = await app.Client.CallAsync(HttpMethod.Head, path, token);
        var after = await app.Client.CallAsync(HttpMethod.Get, path, token);

        Assert.Empty(head.Text);
        // What a GET tells may change in between.
        Assert.Contains(HeadersOf(head), new[] { HeadersOf(before), HeadersOf(after) });
        if (head.Header("ETag") is not { } entityTag)
            return;
        var request = SessionClient.WithBearer(new(HttpMethod.Head, SessionClient.Api(path)), token);
        request.Headers.TryAddWithoutValidation("If-None-Match", entityTag);
        Assert.Equal(304, (await app.Client.SendAsync(request)).Status);
    }

    // Access tokens and bodies that tell the time have one length; a lag or an age may get another digit.
    private static string HeadersOf(Answer answer) => $"{answer.Status} " + string.Join('\n', answer.Headers
        .Where(header => header.Key is not ("Date" or "Transfer-Encoding"))
        .Select(header => $"{header.Key.ToUpperInvariant()}: {header.Value}").Order());

    private async Task<(string Path, string Token, string? Body)> PrepareAsync(string route)
    {
        var template = route.Split(' ')[1];
        var user = await NewUserAsync();
        var caller = template.StartsWith("admin/", StringComparison.Ordinal)
            ? (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk()
            : user;
        var path = template
            .Replace("{userId}", user.UserId, StringComparison.Ordinal)
            .Replace("{id}", user.SessionId, StringComparison.Ordinal)
            .Replace("{file}", (template.StartsWith("demo", StringComparison.Ordinal) ? BuiltPage.Demo : BuiltPage.Dashboard).FileName, StringComparison.Ordinal)
            .Replace("{address}", await FlagAsync(), StringComparison.Ordinal);

        var @case = Cases[route];
        var (query, body) = (@case.Query, @case.Body is null ? null : JsonSerializer.Serialize(@case.Body(user)));
        if ((query + body).Contains("{other}", StringComparison.Ordinal))
        {
            var other = await WriteToAnotherAsync(user);
            (query, body) = (query?.Replace("{other}", other, StringComparison.Ordinal), body?.Replace("{other}", other, StringComparison.Ordinal));
        }

        return (path + query, caller.AccessToken, body);
    }

    private static void Ok(Answer answer) => answer.IsOk();

    private static void Public(Answer answer)
    {
        Assert.Equal((200, "application/json; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));
        Assert.StartsWith("public, max-age=", answer.Header("Cache-Control"), StringComparison.Ordinal);
    }

    private static void Created(Answer answer) =>
        Assert.Equal((201, "application/json; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));

    private static void Empty(Answer answer) => answer.IsEmpty();

    private static void Feed(Answer answer)
    {
        Assert.Equal((200, "application/jwt"), (answer.Status, answer.Header("Content-Type")));
        Assert.Equal("revocations+jwt", Jwt.Parse(answer.Text).Header.GetProperty("typ").GetString());
    }

    private async Task<Answer> NewUserAsync()
    {
        var email = App.NewEmail();
        var registration = SessionClient.Post("accounts", $$"""{"email":"{{email}}","password":"{{Password}}"}""");
        Assert.Equal(201, (await app.Client.SendAsync(registration)).Status);
        return (await app.Client.LoginAsync(email, Password)).IsOk();
    }

    private async Task<string> WriteToAnotherAsync(Answer user)
    {
        var other = (await NewUserAsync()).UserId;
        var message = $$"""{"to":"{{other}}","body":"hello","idempotencyKey":"a key of mine"}""";
        Assert.Equal(201, (await app.Client.CallAsync(HttpMethod.Post, "messages", user.AccessToken, message)).Status);
        return other;
    }

    private async Task<string> FlagAsync()
    {
        var address = App.NewAddress();
        await app.Tables.FlagAsync(address, DateTimeOffset.UtcNow.AddHours(1));
        return address;
    }

    private sealed record Case(Action<Answer> Check, Func<Answer, object>? Body = null)
    {
        /// <summary>{other} is another user, to whom the user has written.</summary>
        public string? Query { get; init; }
    }
}

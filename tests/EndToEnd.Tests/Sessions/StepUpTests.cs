namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class StepUpTests(App app)
{
    private const string Refusal = "insufficient_user_authentication";
    private const string Nobody = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(16);

    /// <summary>Those that a fresh proof is needed by depending on their body.</summary>
    private static readonly Dictionary<string, object> Bodies = new()
    {
        ["PATCH /admin/accounts/{userId}"] = new { roles = new[] { "reader" } },
        ["POST /admin/accounts/{userId}/secure"] = new { disable = false },
        ["PATCH /accounts/passkeys/{id}"] = new { reviewed = true },
        ["POST /accounts/me/deletion"] = new { },
        ["POST /accounts/password"] = new { newPassword = "a next horse battery staple" },
    };

    /// <summary>All but the change of email, which needs a mail server: MailedTests has it.</summary>
    public static TheoryData<string> NeedFreshProof { get; } =
    [
        .. from route in ApiDocument.Routes
           where route.Path != "/accounts/email" && route.Responses.TryGetValue("401", out var refusal)
               && refusal.ToString().Contains($"\"{Refusal}\"", StringComparison.Ordinal)
           select route.ToString(),
    ];

    [OwnAppFact]
    public async Task A_step_up_by_password_is_in_the_access_token_and_in_that_of_the_next_refresh()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var old = await AgeAsync(login);
        (await ExportAsync(old)).IsProblem(401, Refusal);
        var ways = (await app.Client.CallAsync(HttpMethod.Post, "sessions/step-up/options", old.AccessToken)).IsOk();
        Assert.True(ways.Json.GetProperty("password").GetBoolean());

        (await StepUpAsync(old, AppSettings.WrongPassword)).IsProblem(403, "wrong_password");
        (await StepUpAsync(old, "")).Refuses("password");
        (await StepUpAsync(old, new string('p', 129))).Refuses("password");
        var proved = (await StepUpAsync(old)).IsOk();

        var claims = Jwt.Parse(proved.AccessToken).Claims;
        Assert.Equal(SecondsOf("authenticatedAt"), claims.GetProperty("auth_time").GetInt64());
        Assert.Equal(claims.GetProperty("iat").GetInt64(), claims.GetProperty("auth_time").GetInt64());
        Assert.Equal(SecondsOf("accessTokenExpiresAt"), claims.GetProperty("exp").GetInt64());
        Assert.Equal(["pwd"], proved.Json.Items("methods").Select(method => method.GetString()));
        Assert.Equal(proved.Json.GetProperty("methods").ToString(), claims.GetProperty("amr").ToString());
        // The session counts as well as the token.
        (await ExportAsync(proved)).IsOk();
        (await ExportAsync(old)).IsOk();
        var refreshed = (await app.Client.RefreshAsync(old.RefreshToken)).IsOk();
        Assert.Equal(SecondsOf("authenticatedAt"), Jwt.Parse(refreshed.AccessToken).Claims.GetProperty("auth_time").GetInt64());
        Assert.Contains("stepped_up", await app.Tables.LogAsync(login));

        long SecondsOf(string name) => proved.Json.GetProperty(name).GetDateTimeOffset().ToUnixTimeSeconds();
    }

    [OwnAppTheory]
    [MemberData(nameof(NeedFreshProof))]
    public async Task A_route_that_lists_the_refusal_gives_it_to_a_session_whose_proof_is_too_old_and_nothing_happens(string name)
    {
        var route = ApiDocument.Route(name);
        var login = route.IsForAdministrators ? await app.Client.LoginAsAdministratorAsync() : await app.NewUserAsync();
        var old = await AgeAsync(login);
        var before = await app.Tables.FindSessionAsync(login);
        var path = route.Path.TrimStart('/').Replace("{userId}", Nobody, StringComparison.Ordinal)
            .Replace("{id}", $"{Guid.NewGuid():N}", StringComparison.Ordinal);

        var answer = await app.Client.CallAsync(route.Verb, path, old.AccessToken, Bodies.GetValueOrDefault(name));

        Assert.Equal($"Bearer error=\"{Refusal}\", max_age=\"900\"", answer.IsProblem(401, Refusal).Header("WWW-Authenticate"));
        Assert.Equal(before!.ETag, (await app.Tables.FindSessionAsync(login))!.ETag);
    }

    [OwnAppFact]
    public async Task Ending_sessions_needs_no_fresh_proof()
    {
        var admin = await AgeAsync(await app.Client.LoginAsAdministratorAsync());
        var (first, second) = (await app.NewUserAsync(), await app.NewUserAsync());
        var route = $"admin/accounts/{first.UserId}";
        (await CallAsync(HttpMethod.Delete, $"{route}/sessions/{first.SessionId}")).IsEmpty();
        (await CallAsync(HttpMethod.Delete, $"{route}/sessions")).IsEmpty();
        (await CallAsync(HttpMethod.Patch, $"admin/accounts/{second.UserId}", new { disabled = true })).IsOk();
        (await app.Client.StatusAsync(second.AccessToken)).IsProblem(401, "session_ended", "admin");
        (await CallAsync(HttpMethod.Patch, $"admin/accounts/{second.UserId}", new { disabled = false })).IsProblem(401, Refusal);
        (await CallAsync(HttpMethod.Patch, route, new { disabled = true, roles = new[] { "reader" } })).IsProblem(401, Refusal);
        (await CallAsync(HttpMethod.Get, route)).IsOk();

        var email = await app.NewAccountAsync();
        var (one, two) = ((await app.Client.LoginAsync(email, AppSettings.Password)).IsOk(), (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk());
        var user = await AgeAsync(one);
        (await app.Client.CallAsync(HttpMethod.Delete, $"sessions/{two.SessionId}", user.AccessToken)).IsEmpty();
        (await app.Client.CallAsync(HttpMethod.Post, "sessions/logout-all", user.AccessToken)).IsEmpty();
        (await app.Client.StatusAsync(two.AccessToken)).IsProblem(401, "session_ended", "revoked");

        Task<Answer> CallAsync(HttpMethod method, string path, object? body = null) =>
            app.Client.CallAsync(method, path, admin.AccessToken, body);
    }

    [OwnAppFact]
    public async Task The_password_may_be_left_out_behind_a_fresh_proof_by_passkey()
    {
        const string next = "a next horse battery staple";
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await ChangeAsync()).IsProblem(401, Refusal);
        await app.Tables.SetProofAsync(login, TooLong, "swk,user");
        (await ChangeAsync()).IsProblem(401, Refusal);
        await app.Tables.SetProofAsync(login, TimeSpan.FromMinutes(14), "swk,user");
        (await ChangeAsync()).IsEmpty();
        (await app.Client.LoginAsync(email, next)).IsOk();
        (await app.Client.CallAsync(HttpMethod.Post, "accounts/me/deletion", login.AccessToken, new { })).IsEmpty();

        Task<Answer> ChangeAsync() =>
            app.Client.CallAsync(HttpMethod.Post, "accounts/password", login.AccessToken, new { newPassword = next });
    }

    /// <returns>The next tokens, which tell of a proof that is too old.</returns>
    private async Task<Answer> AgeAsync(Answer login)
    {
        await app.Tables.SetProofAsync(login, TooLong);
        return (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
    }

    private Task<Answer> StepUpAsync(Answer tokens, string password = AppSettings.Password) =>
        app.Client.CallAsync(HttpMethod.Post, "sessions/step-up", tokens.AccessToken, new { password });

    private Task<Answer> ExportAsync(Answer tokens) => app.Client.GetAsync("accounts/me/export", tokens.AccessToken);
}

using EndToEnd.Tests.Accounts;
using EndToEnd.Tests.Closed;
using EndToEnd.Tests.Locations;
using EndToEnd.Tests.Passkeys;
using EndToEnd.Tests.Settings;
using EndToEnd.Tests.WrongInput;

namespace EndToEnd.Tests.Contract;

[Collection(nameof(DefendedApp))]
public sealed class EveryCodeTests(DefendedApp app)
{
    private const string Nobody = "0001ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly Dictionary<string, Func<DefendedApp, Task<Answer>>> Cases = new()
    {
        ["invalid_request"] = app => app.Client.SendAsync(SessionClient.Post("sessions/login", "{}")),
        ["invalid_credentials"] = app => app.TryLoginAsync(App.NewEmail(), App.NewAddress()),
        ["session_ended"] = async app =>
        {
            var login = await app.LoginAsAsync(await app.NewUserAsync());
            (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
            return await app.Client.StatusAsync(login.AccessToken);
        },
        ["token_expired"] = async app =>
            await app.Client.StatusAsync(await app.Tables.AgeAsync(await app.LoginAsAsync(AppSettings.Email))),
        ["token_invalid"] = app => app.Client.StatusAsync("garbage"),
        ["token_reused"] = async app => await ReuseAsync(app, await app.LoginAsAsync(await app.NewUserAsync())),
        ["account_closing"] = async app =>
        {
            var email = await app.NewUserAsync();
            var login = await app.LoginAsAsync(email);
            (await app.Client.CallAsync(HttpMethod.Post, "accounts/me/deletion", login.AccessToken, new { password = AppSettings.Password })).IsEmpty();
            return await app.TryLoginAsync(email, App.NewAddress(), AppSettings.Password);
        },
        ["location_refused"] = async app =>
        {
            var email = await app.NewUserAsync();
            (await app.TryLoginAsync(email, LocationTests.InGermany, AppSettings.Password)).IsOk();
            return await app.TryLoginAsync(email, LocationTests.InAmerica, AppSettings.Password);
        },
        ["captcha_required"] = app => app.RegisterAsync(App.NewEmail(), captcha: null),
        ["insufficient_user_authentication"] = async app =>
        {
            var login = await app.LoginAsAsync(await app.NewUserAsync());
            await app.Tables.SetProofAsync(login, TimeSpan.FromMinutes(16));
            var old = (await app.Client.RefreshAsync(login.RefreshToken, from: App.NewAddress())).IsOk();
            return await app.Client.GetAsync("accounts/me/export", old.AccessToken);
        },
        ["forbidden"] = async app =>
            await app.Client.GetAsync("admin/accounts", (await app.LoginAsAsync(await app.NewUserAsync())).AccessToken),
        ["origin_not_allowed"] = app => new Page(app.Client) { Origin = null }.LoginAsync(AppSettings.Email, AppSettings.Password),
        ["wrong_password"] = async app => await app.Client.CallAsync(
            HttpMethod.Post, "accounts/password", (await app.LoginAsAsync(await app.NewUserAsync())).AccessToken,
            new { currentPassword = AppSettings.WrongPassword, newPassword = "a next horse battery staple" }),
        ["not_found"] = app => app.Client.GetAsync("nowhere"),
        ["recipient_unknown"] = async app => await SendAsync(app, await app.LoginAsAsync(await app.NewUserAsync()), Nobody, "hello"),
        ["method_not_allowed"] = app => app.Client.GetAsync("sessions/login"),
        ["email_taken"] = async app => await app.RegisterAsync(await app.NewUserAsync(), FakeSiteverify.Token("good")),
        ["payload_too_large"] = app => app.Client.SendAsync(Case.Post("sessions/login", "{}".PadRight(16 * 1024 + 1))),
        ["unsupported_media_type"] = app => app.Client.SendAsync(Case.Post("sessions/login", "{}", "text/plain")),
        ["idempotency_key_reused"] = async app =>
        {
            var (from, to) = (await app.LoginAsAsync(await app.NewUserAsync()), await app.LoginAsAsync(await app.NewUserAsync()));
            (await SendAsync(app, from, to.UserId, "hello")).Is(201);
            return await SendAsync(app, from, to.UserId, "hallo");
        },
        ["account_locked"] = async app =>
        {
            var email = App.NewEmail();
            for (var i = 0; i < DefendedApp.FailuresBeforeLock; i++)
                (await TryAsync()).IsProblem(401, "invalid_credentials");
            return await TryAsync();

            Task<Answer> TryAsync() => app.TryLoginAsync(email, App.NewAddress(), captcha: FakeSiteverify.Token("good"));
        },
        ["rate_limited"] = async app =>
        {
            var from = App.NewAddress();
            for (var i = 0; i < DefendedApp.RefreshesAtOncePerAddress; i++)
                (await app.Client.RefreshAsync("none", from: from)).IsProblem(401, "token_invalid");
            return await app.Client.RefreshAsync("none", from: from);
        },
        ["ceremony_invalid"] = app => LogInAsync(app, change: body => body["state"] = "x"),
        ["ceremony_expired"] = app => ExpireAsync(app),
        ["ceremony_used"] = async app =>
        {
            var (page, _) = await PasskeyAsync(app);
            var body = page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk());
            (await page.PostAsync(PasskeyPage.Login, body)).IsOk();
            return await page.PostAsync(PasskeyPage.Login, body);
        },
        ["passkey_unknown"] = app => LogInAsync(app, new() { UserHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Nobody)) }),
        ["passkey_invalid"] = app => LogInAsync(app, new() { WrongSignature = true }),
        ["passkey_wrong_origin"] = app => LogInAsync(app, new() { Origin = "https://evil.example.com" }),
        ["passkey_wrong_rp"] = app => LogInAsync(app, new() { RelyingPartyId = "evil.example.com" }),
        ["passkey_cloned"] = async app =>
        {
            var (page, _) = await PasskeyAsync(app);
            (await page.LoginAsync(new() { Counter = 2 })).IsOk();
            return await page.LoginAsync(new() { Counter = 1 });
        },
        ["passkey_for_review"] = async app =>
        {
            var (page, login) = await PasskeyAsync(app);
            (await SecureAsync(app, login, disable: true)).IsOk();
            return await page.LoginAsync();
        },
        ["reset_impossible"] = async app => await SecureAsync(app, await app.LoginAsAsync(await app.NewUserAsync()), disable: false),
        ["passkey_unsupported"] = app => RegisterAsync(app, new() { Format = "packed" }),
        ["passkey_exists"] = async app =>
        {
            var (page, login) = await PasskeyAsync(app);
            return await page.RegisterAsync(login, new() { IgnoresExcluded = true, CredentialId = page.Authenticator.Passkeys[0].Id });
        },
        ["passkey_limit"] = async app =>
        {
            var (page, login) = await PasskeyAsync(app);
            for (var i = 1; i < 20; i++)
                (await page.RegisterAsync(login, new() { IgnoresExcluded = true })).Is(201);
            return await page.AskAsync(PasskeyPage.Registration, login);
        },
        ["last_credential"] = async app =>
        {
            var email = await app.NewUserAsync();
            var login = await app.LoginAsAsync(email);
            var id = (await NewPage(app).RegisterAsync(login)).Is(201).Json.Text("id");
            await app.Tables.RemovePasswordAsync(email);
            return await app.Client.CallAsync(HttpMethod.Delete, $"accounts/passkeys/{id}", login.AccessToken);
        },
        ["unavailable"] = app => app.RegisterAsync(App.NewEmail(), FakeSiteverify.Token("broken")),
    };

    public static TheoryData<string> Codes { get; } = [.. Cases.Keys];

    [Fact]
    public void Every_code_has_a_case() =>
        // A fault of ours and wrong settings need an app of their own.
        Assert.Equal(
            Names.Problems.Keys.Order(),
            Cases.Keys.Concat([DamageTests.Code, WrongSettingTests.Code, .. MailedTests.Codes, RequiredPasskeyTests.Code]).Order());

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_code_comes_with_its_status_and_what_it_asks_for(string code)
    {
        var status = Names.Problems[code];

        var answer = (await Cases[code](app)).IsProblem(status, code, code == "session_ended" ? "logout" : null);

        Assert.Equal(code == "method_not_allowed" ? "POST" : null, answer.Header("Allow"));
        Assert.Equal(
            status != 401 ? null : code switch
            {
                "invalid_credentials" or "passkey_unknown" or "passkey_invalid" or "passkey_cloned" => "Bearer",
                "insufficient_user_authentication" => $"Bearer error=\"{code}\", max_age=\"900\"",
                _ => "Bearer error=\"invalid_token\"",
            },
            answer.Header("WWW-Authenticate"));
        if (status is 429 or 503)
            Assert.InRange(answer.RetryAfter, 1, 60);
        else
            Assert.Null(answer.Header("Retry-After"));
    }

    private static Task<Answer> SendAsync(DefendedApp app, Answer from, string to, string body) => app.Client.CallAsync(
        HttpMethod.Post, "messages", from.AccessToken, new { to, body, idempotencyKey = "a key of mine" });

    private static async Task<Answer> SecureAsync(DefendedApp app, Answer user, bool disable) => await app.Client.CallAsync(
        HttpMethod.Post, $"admin/accounts/{user.UserId}/secure", (await app.LoginAsAdministratorAsync()).AccessToken, new { disable });

    private static PasskeyPage NewPage(DefendedApp app) => new(app.Client) { Address = App.NewAddress() };

    private static async Task<(PasskeyPage Page, Answer Login)> PasskeyAsync(DefendedApp app)
    {
        var (page, login) = (NewPage(app), await app.LoginAsAsync(await app.NewUserAsync()));
        (await page.RegisterAsync(login)).Is(201);
        return (page, login);
    }

    private static async Task<Answer> RegisterAsync(DefendedApp app, PasskeyLies lies) =>
        await NewPage(app).RegisterAsync(await app.LoginAsAsync(await app.NewUserAsync()), lies);

    private static async Task<Answer> LogInAsync(DefendedApp app, PasskeyLies? lies = null, Action<JsonObject>? change = null) =>
        await (await PasskeyAsync(app)).Page.LoginAsync(lies, change);

    private static async Task<Answer> ExpireAsync(DefendedApp app)
    {
        var (page, _) = await PasskeyAsync(app);
        var body = page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk());
        body["state"] = await app.Tables.MoveCeremonyAsync((string)body["state"]!, TimeSpan.FromMinutes(-5));
        return await page.PostAsync(PasskeyPage.Login, body);
    }

    internal static async Task<Answer> ReuseAsync(DefendedApp app, Answer login)
    {
        (await app.Client.RefreshAsync(login.RefreshToken, from: App.NewAddress())).IsOk();
        await app.Tables.EndGraceAsync(login);
        return await app.Client.RefreshAsync(login.RefreshToken, from: App.NewAddress());
    }
}

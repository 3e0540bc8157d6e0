namespace EndToEnd.Tests.Passkeys;

/// <summary>Each lie of a client, and the problem that it gets.</summary>
[Collection(nameof(App))]
public sealed class RefusedPasskeyTests(App app)
{
    private const string Elsewhere = "https://evil.example.com";

    private static readonly Dictionary<string, (PasskeyLies Lies, string Code)> Lies = new()
    {
        ["an origin that isn't allowed"] = (new() { Origin = Elsewhere }, "passkey_wrong_origin"),
        ["an allowed origin that didn't ask"] = (new() { Origin = AppSettings.OtherPageOrigin }, "passkey_wrong_origin"),
        ["a page in a frame of another"] = (new() { IsEmbedded = true }, "passkey_wrong_origin"),
        ["another relying party"] = (new() { RelyingPartyId = "evil.example.com" }, "passkey_wrong_rp"),
        ["another challenge"] = (new() { Challenge = new string('A', 43) }, "passkey_invalid"),
        ["another kind of ceremony"] = (new() { Type = "payment.get" }, "passkey_invalid"),
        ["client data that is no JSON"] = (new() { ClientData = [0xff] }, "passkey_invalid"),
        ["an absent user"] = (new() { UserIsAbsent = true }, "passkey_invalid"),
        ["extensions that are no CBOR"] = (new() { Extensions = [0xff] }, "passkey_invalid"),
    };

    private static readonly Dictionary<string, (PasskeyLies Lies, string Code)> OfRegistrations = new(Lies)
    {
        ["an algorithm that isn't allowed"] = (new() { Algorithm = PasskeyAlgorithm.ES384 }, "passkey_unsupported"),
        ["no attestation object"] = (new() { AttestationObject = [] }, "passkey_invalid"),
        ["an attestation object that is no CBOR"] = (new() { AttestationObject = [0xff, 0x00] }, "passkey_invalid"),
        ["arrays a thousand deep"] = (new() { AttestationObject = [.. Enumerable.Repeat((byte)0x81, 1000)] }, "passkey_invalid"),
        ["a statement without attestation"] = (new() { HasStatement = true }, "passkey_invalid"),
        ["no public key"] = (new() { PublicKey = [0xa0] }, "passkey_invalid"),
        ["a point that isn't on the curve"] = (
            new() { PublicKey = SoftwarePasskey.CoseKey(2, PasskeyAlgorithm.ES256, (-1, 1), (-2, new byte[32]), (-3, new byte[32])) }, "passkey_invalid"),
        ["an empty id"] = (new() { CredentialId = [] }, "passkey_invalid"),
    };

    private static readonly Dictionary<string, (PasskeyLies Lies, string Code)> OfLogins = new(Lies)
    {
        ["a wrong signature"] = (new() { WrongSignature = true }, "passkey_invalid"),
        ["a user handle that is none"] = (new() { UserHandle = "AAAA" }, "passkey_invalid"),
        ["the user handle of nobody"] = (
            new() { UserHandle = Base64Url.EncodeToString("0001ARZ3NDEKTSV4RRFFQ69G5FAV"u8) }, "passkey_unknown"),
    };

    public static TheoryData<string> RegistrationLies { get; } = [.. OfRegistrations.Keys];
    public static TheoryData<string> LoginLies { get; } = [.. OfLogins.Keys];
    public static TheoryData<string> Formats { get; } = ["packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "compound", "unknown", ""];

    [OwnAppTheory]
    [MemberData(nameof(RegistrationLies))]
    public async Task A_registration_that_lies_is_refused_and_stores_nothing(string name)
    {
        var (lies, code) = OfRegistrations[name];
        var (login, page) = (await app.NewUserAsync(), new PasskeyPage(app.Client));
        (await page.RegisterAsync(login, lies)).IsProblem(400, code);
        Assert.Empty((await app.Client.GetAsync(PasskeyPage.Registration, login.AccessToken)).IsOk().Json.Items("passkeys"));
        (await page.RegisterAsync(login)).Is(201);
    }

    [OwnAppTheory]
    [MemberData(nameof(Formats))]
    public async Task No_attestation_is_taken_since_none_was_asked_for(string format)
    {
        var login = await app.NewUserAsync();
        foreach (var hasStatement in new[] { true, false })
        {
            (await new PasskeyPage(app.Client).RegisterAsync(login, new() { Format = format, HasStatement = hasStatement }))
                .IsProblem(400, "passkey_unsupported");
        }
    }

    [OwnAppTheory]
    [MemberData(nameof(LoginLies))]
    public async Task A_login_that_lies_is_refused_and_opens_nothing(string name)
    {
        var (lies, code) = OfLogins[name];
        var (login, page) = await RegisteredAsync();
        var status = code is "passkey_invalid" or "passkey_unknown" ? 401 : 400;
        var answer = (await page.LoginAsync(lies)).IsProblem(status, code);
        Assert.Equal(status == 401 ? "Bearer" : null, answer.Header("WWW-Authenticate"));
        Assert.Single((await app.Client.GetAsync("sessions/my-sessions", login.AccessToken)).IsOk().Json.Items("sessions"));
        (await page.LoginAsync()).IsOk();
    }

    [OwnAppFact]
    public async Task The_credential_of_another_user_opens_neither_account()
    {
        var ((_, mine), (_, other)) = (await RegisteredAsync(), await RegisteredAsync());
        (await mine.LoginAsync(new() { UserHandle = other.Authenticator.Passkeys[0].UserHandle })).IsProblem(401, "passkey_unknown");
        var forged = other.Authenticator.Passkeys[0] with { PrivateKey = mine.Authenticator.Passkeys[0].PrivateKey };
        (await other.LoginAsync(new() { Passkey = forged })).IsProblem(401, "passkey_invalid");
    }

    [OwnAppFact]
    public async Task A_credential_is_registered_once()
    {
        var (login, page) = await RegisteredAsync();
        var id = page.Authenticator.Passkeys[0].Id;
        (await page.RegisterAsync(login, new() { CredentialId = id, IgnoresExcluded = true })).IsProblem(409, "passkey_exists");
    }

    [OwnAppFact]
    public async Task A_state_works_once()
    {
        var (login, page) = await RegisteredAsync();
        var asked = (await page.AskAsync(PasskeyPage.Login)).IsOk();
        (await page.PostAsync(PasskeyPage.Login, page.Get(asked))).IsOk();
        (await page.PostAsync(PasskeyPage.Login, page.Get(asked))).IsProblem(400, "ceremony_used");

        var another = (await page.AskAsync(PasskeyPage.Registration, login)).IsOk();
        (await page.PostAsync(PasskeyPage.Registration, page.Create(another, new() { IgnoresExcluded = true }), login)).Is(201);
        (await page.PostAsync(PasskeyPage.Registration, page.Create(another, new() { IgnoresExcluded = true }), login)).IsProblem(400, "ceremony_used");
    }

    [OwnAppFact]
    public async Task A_state_that_was_altered_or_made_up_is_refused()
    {
        var (_, page) = await RegisteredAsync();
        var body = page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk());
        var state = (string)body["state"]!;
        var bytes = Base64Url.DecodeFromChars(state);
        var altered = Enumerable.Range(0, 20).Select(i =>
        {
            var changed = (byte[])bytes.Clone();
            changed[bytes.Length * i / 20] ^= 1;
            return Base64Url.EncodeToString(changed);
        });
        foreach (var wrong in altered.Concat([state[..^1], state + "A", state + "=", state.ToUpperInvariant(), "x", new string('A', 4_000)]))
            (await page.PostAsync(PasskeyPage.Login, With(body, wrong))).IsProblem(400, "ceremony_invalid");
        (await page.PostAsync(PasskeyPage.Login, body)).IsOk();
    }

    [OwnAppFact]
    public async Task A_state_is_for_its_own_purpose_user_and_session()
    {
        var ((login, page), other) = (await RegisteredAsync(), await app.NewUserAsync());
        var asked = (await page.AskAsync(PasskeyPage.Registration, login)).IsOk();
        var body = page.Create(asked, new() { IgnoresExcluded = true });
        (await page.PostAsync(PasskeyPage.Registration, body, other)).IsProblem(400, "ceremony_invalid");
        (await page.PostAsync(PasskeyPage.Registration, body, (await page.LoginAsync(new() { Passkey = page.Authenticator.Passkeys[0] })).IsOk()))
            .IsProblem(400, "ceremony_invalid");
        var forLogin = page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk(), new() { Passkey = page.Authenticator.Passkeys[0] });
        (await page.PostAsync(PasskeyPage.Login, With(forLogin, (string)body["state"]!))).IsProblem(400, "ceremony_invalid");
        (await page.PostAsync(PasskeyPage.Registration, body, login)).Is(201);
    }

    [OwnAppFact]
    public async Task A_state_expires_after_5_minutes()
    {
        var (login, page) = await RegisteredAsync();
        var asked = (await page.AskAsync(PasskeyPage.Login)).IsOk();
        Assert.InRange(asked.Json.GetProperty("expiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(4.5), TimeSpan.FromMinutes(5));
        var body = page.Get(asked);
        (await page.PostAsync(PasskeyPage.Login, With(body, await app.Tables.MoveCeremonyAsync((string)body["state"]!, TimeSpan.FromMinutes(-5)))))
            .IsProblem(400, "ceremony_expired");
        (await page.PostAsync(PasskeyPage.Login, With(body, await app.Tables.MoveCeremonyAsync((string)body["state"]!, TimeSpan.FromMinutes(-4))))).IsOk();

        var create = page.Create((await page.AskAsync(PasskeyPage.Registration, login)).IsOk(), new() { IgnoresExcluded = true });
        (await page.PostAsync(PasskeyPage.Registration, With(create, await app.Tables.MoveCeremonyAsync((string)create["state"]!, TimeSpan.FromMinutes(-5))), login))
            .IsProblem(400, "ceremony_expired");
    }

    [OwnAppFact]
    public async Task A_page_that_may_not_use_passkeys_gets_options_that_lead_nowhere()
    {
        var (_, page) = await RegisteredAsync();
        var evil = new PasskeyPage(app.Client, page.Authenticator) { Origin = Elsewhere };
        var asked = (await evil.AskAsync(PasskeyPage.Login)).IsOk();
        (await evil.PostAsync(PasskeyPage.Login, page.Get(asked))).IsProblem(400, "passkey_wrong_origin");
        (await page.PostAsync(PasskeyPage.Login, page.Get(asked))).IsProblem(400, "passkey_wrong_origin");
        (await evil.PostAsync(PasskeyPage.Login, page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk()))).IsProblem(400, "passkey_wrong_origin");
    }

    private async Task<(Answer Login, PasskeyPage Page)> RegisteredAsync()
    {
        var (login, page) = (await app.NewUserAsync(), new PasskeyPage(app.Client));
        (await page.RegisterAsync(login)).Is(201);
        return (login, page);
    }

    private static JsonObject With(JsonObject body, string state)
    {
        var other = body.DeepClone().AsObject();
        other["state"] = state;
        return other;
    }
}

namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>Whatever a caller sends is refused by a name, and by no exception.</summary>
public sealed class HostileResponseTests
{
    private static readonly string[] Texts = ["", "A", "=", "AAAA", "\u0000", "\ud83d\ude00", new('A', 20_000)];

    [Fact]
    public async Task Each_field_that_is_missing_or_of_another_kind_is_refused()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var (login, created) = (await flows.GetAsync(), await flows.CreateAsync(session));
        JsonNode?[] values = [null, 1, true, new JsonArray(), new JsonObject(), .. Texts.Select(text => JsonValue.Create(text))];
        string[] optional = ["clientExtensionResults", "authenticatorAttachment", "response.transports", "response.publicKeyAlgorithm", "response.userHandle"];
        foreach (var (response, isLogin) in new[] { (login, true), (created, false) })
        {
            foreach (var path in PathsOf(JsonNode.Parse(response.Credential.GetRawText())!).Where(path => !optional.Contains(path)))
            {
                if (!isLogin && path == "response.authenticatorData")
                    continue;
                foreach (var value in values)
                    await IsInvalidAsync(flows, session, response, isLogin, With(response, path, value));
            }

            foreach (var value in values.OfType<JsonNode>())
                await IsInvalidAsync(flows, session, response, isLogin, value);
        }

        Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(flows.Service, login));
        Assert.IsType<RegisterPasskeyResult.Registered>(await PasskeyFlows.RegisterAsync(flows.Service, session, created));
    }

    [Fact]
    public async Task Texts_that_are_no_Unicode_are_refused()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        var login = await flows.GetAsync();
        foreach (var field in new[] { "id", "rawId", "type", "userHandle", "signature" })
        {
            var json = login.Credential.GetRawText();
            var broken = Regex.Replace(json, $"\"{field}\":\"[^\"]*\"", $"\"{field}\":\"\\ud800\"");
            Assert.NotEqual(json, broken);
            PasskeyFlows.IsRefused(
                PasskeyRefusal.Invalid, await PasskeyFlows.LoginAsync(flows.Service, login with { Credential = JsonElement.Parse(broken) }));
        }
    }

    [Fact]
    public async Task Cut_and_altered_authenticator_data_and_attestations_are_refused()
    {
        using var flows = new PasskeyFlows();
        var (session, _) = await flows.NewPasskeyAsync();
        foreach (var (field, isLogin) in new[] { ("authenticatorData", true), ("signature", true), ("attestationObject", false) })
        {
            var response = isLogin ? await flows.GetAsync() : await flows.CreateAsync(session);
            var bytes = Base64Url.DecodeFromChars(response.Credential.GetProperty("response").GetProperty(field).GetString());
            for (var at = 0; at < bytes.Length; at++)
            {
                await IsNotTakenAsync(flows, session, response, isLogin, field, bytes[..at]);
                // In a registration without attestation nothing signs the counter, the flags of backup and the AAGUID.
                if (isLogin)
                    await IsNotTakenAsync(flows, session, response, isLogin, field, [.. bytes[..at], (byte)(bytes[at] ^ 0x80), .. bytes[(at + 1)..]]);
            }

            await IsNotTakenAsync(flows, session, response, isLogin, field, [.. bytes, 0]);
        }
    }

    [Fact]
    public async Task Random_bytes_in_an_attestation_raise_nothing()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var response = await flows.CreateAsync(session);
        var bytes = Base64Url.DecodeFromChars(response.Credential.GetProperty("response").GetProperty("attestationObject").GetString());
        var random = new Random(20);
        for (var i = 0; i < 2_000; i++)
        {
            var altered = (byte[])bytes.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                altered[random.Next(altered.Length)] = (byte)random.Next(256);
            // What differs only in what nobody checks is good enough, once.
            var result = await PasskeyFlows.RegisterAsync(flows.Service, session, With(response, "attestationObject", altered));
            Assert.True(result is RegisterPasskeyResult.Refused or RegisterPasskeyResult.Registered, $"{result}");
        }
    }

    [Fact]
    public async Task Deep_and_strange_CBOR_is_refused_before_anything_recurses()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        byte[] deep = [.. Enumerable.Repeat((byte)0x81, 10_000), 0];
        byte[][] strange =
        [
            [], [0xa0], [0xff], [0x80], [0xbf, 0xff], [0xa1, 0x00], [0xa1, 0x61, 0x61], [0xf7], [0xfb, 0, 0, 0, 0, 0, 0, 0, 0], [0xc0, 0x00],
            [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], deep,
        ];
        foreach (var bytes in strange)
        {
            await IsInvalidAsync(new() { AttestationObject = bytes });
            await IsInvalidAsync(new() { PublicKey = bytes });
            // These are what an extension may hold.
            if (bytes is not ([0xa0] or [0x80] or [0xbf, 0xff]))
                await IsInvalidAsync(new() { Extensions = [0xa1, 0x61, 0x61, .. bytes] });
        }

        async Task IsInvalidAsync(PasskeyLies lies) => PasskeyFlows.IsRefused(PasskeyRefusal.Invalid, await flows.RegisterAsync(session, lies));
    }

    [Fact]
    public async Task Client_data_of_any_kind_raises_nothing()
    {
        using var flows = new PasskeyFlows();
        await flows.NewPasskeyAsync();
        foreach (var text in new[] { "", "{", "[]", "null", "\u0000", "{\"type\":1}", "{\"type\":\"webauthn.get\"}", new string('[', 5_000), "\ufeff{}" })
            PasskeyFlows.IsRefused(PasskeyRefusal.Invalid, await flows.TryLoginAsync(new() { ClientData = Encoding.UTF8.GetBytes(text) }));
        PasskeyFlows.IsRefused(PasskeyRefusal.Invalid, await flows.TryLoginAsync(new() { ClientData = [0xff, 0xfe, 0x7b] }));
    }

    [Fact]
    public void The_dummy_key_is_one_that_is_allowed() => Assert.Null(CoseKey.Refuse(CoseKey.Dummy));

    private static async Task IsInvalidAsync(
        PasskeyFlows flows, Session session, PasskeyResponse response, bool isLogin, JsonNode? credential)
    {
        var altered = response with { Credential = JsonSerializer.SerializeToElement(credential) };
        if (isLogin)
            PasskeyFlows.IsRefused(PasskeyRefusal.Invalid, await PasskeyFlows.LoginAsync(flows.Service, altered));
        else
            PasskeyFlows.IsRefused(PasskeyRefusal.Invalid, await PasskeyFlows.RegisterAsync(flows.Service, session, altered));
    }

    private static async Task IsNotTakenAsync(
        PasskeyFlows flows, Session session, PasskeyResponse response, bool isLogin, string field, byte[] bytes)
    {
        var altered = With(response, field, bytes);
        if (isLogin)
            Assert.IsType<StartSessionResult.PasskeyRefused>(await PasskeyFlows.LoginAsync(flows.Service, altered));
        else
            Assert.IsType<RegisterPasskeyResult.Refused>(await PasskeyFlows.RegisterAsync(flows.Service, session, altered));
    }

    private static PasskeyResponse With(PasskeyResponse response, string field, byte[] bytes) => response with
    {
        Credential = JsonSerializer.SerializeToElement(With(response, $"response.{field}", JsonValue.Create(Base64Url.EncodeToString(bytes)))),
    };

    private static JsonObject With(PasskeyResponse response, string path, JsonNode? value)
    {
        var root = JsonNode.Parse(response.Credential.GetRawText())!.AsObject();
        var names = path.Split('.');
        (names.Length == 1 ? root : root[names[0]]!.AsObject())[names[^1]] = value?.DeepClone();
        return root;
    }

    private static IEnumerable<string> PathsOf(JsonNode json) => json.AsObject().SelectMany(each =>
        each is { Key: "response", Value: JsonObject inner } ? inner.Select(field => $"response.{field.Key}").Prepend("response") : [each.Key]);
}

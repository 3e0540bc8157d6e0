using System.Formats.Cbor;

namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>The examples of WebAuthn Level 3, section "Test Vectors", which others made.</summary>
public sealed class TestVectorTests
{
    private static readonly UserId User = UserId.New(DateTimeOffset.UnixEpoch);
    private static readonly DateTimeOffset Later = DateTimeOffset.MaxValue;
    private static readonly PasskeyOptions Settings = new() { RelyingPartyId = "example.org", Origins = "https://example.org" };
    private static readonly JsonNode Vectors = Read();

    [Theory]
    [InlineData("none-es256")]
    [InlineData("none-es256-long-credential-id")]
    public async Task A_registration_without_attestation_and_its_login_verify(string name)
    {
        using var service = NewService();
        var read = new ResponseReader(Settings, Registration(name)).ReadAttestation(StateOf(name, "create"));
        var passkey = (await service.Verifier.VerifyAsync(read.Value!, User, "A passkey", service.Clock.GetUtcNow(), default)).Value!;
        Assert.Equal(Bytes(name, "create", "credential_id"), passkey.CredentialId.ToArray());
        Assert.Null(await LogInAsync(service, name, passkey));
        Assert.Equal(PasskeyRefusal.Invalid, await LogInAsync(service, name, passkey, signature: new byte[71]));
    }

    [Theory]
    [InlineData("packed-self-es256")]
    [InlineData("packed-rs256")]
    [InlineData("packed-eddsa")]
    public async Task An_attestation_is_refused_and_a_login_with_its_key_verifies(string name)
    {
        using var service = NewService();
        Assert.Equal(
            PasskeyRefusal.Unsupported, new ResponseReader(Settings, Registration(name)).ReadAttestation(StateOf(name, "create")).Refusal);
        var data = AuthenticatorData.Read(DataOf(Bytes(name, "create", "attestationObject")))!;
        var key = data.Credential!.PublicKey;
        Assert.Null(CoseKey.Refuse(key));
        var passkey = new Passkey(PasskeyId.Of(data.Credential.Id.Span), data.Credential.Id, key, default, "A passkey", default)
        {
            IsBackupEligible = data.Has(AuthenticatorFlags.BackupEligible),
        };
        Assert.Null(await LogInAsync(service, name, passkey));
        var another = Bytes(name, "get", "signature");
        another[^1] ^= 1;
        Assert.Equal(PasskeyRefusal.Invalid, await LogInAsync(service, name, passkey, another));
    }

    [Fact]
    public void A_page_in_a_frame_of_another_origin_is_refused()
    {
        const string name = "none-es256-crossOrigin";
        Assert.Equal(
            PasskeyRefusal.WrongOrigin, new ResponseReader(Settings, Registration(name)).ReadAttestation(StateOf(name, "create")).Refusal);
        Assert.Equal(PasskeyRefusal.WrongOrigin, new ResponseReader(Settings, Login(name)).ReadAssertion(StateOf(name, "get")).Refusal);
    }

    private static async Task<PasskeyRefusal?> LogInAsync(Service service, string name, Passkey passkey, byte[]? signature = null)
    {
        var read = new ResponseReader(Settings, Login(name, signature)).ReadAssertion(StateOf(name, "get"));
        Assert.Equal(passkey.Id, read.Value!.Id);
        return await service.Verifier.VerifyAsync(read.Value, passkey, default);
    }

    private static Service NewService() => new(InMemoryStores.Create(), new(), passkeyOptions: Settings);

    private static CeremonyState StateOf(string name, string ceremony) =>
        new(CeremonyPurpose.NewAccount, Text(name, ceremony, "challenge"), User, null, null, Later);

    private static PasskeyResponse Registration(string name) => Response(name, new()
    {
        ["clientDataJSON"] = Text(name, "create", "clientDataJSON"), ["attestationObject"] = Text(name, "create", "attestationObject"),
    });

    private static PasskeyResponse Login(string name, byte[]? signature = null) => Response(name, new()
    {
        ["clientDataJSON"] = Text(name, "get", "clientDataJSON"),
        ["authenticatorData"] = Text(name, "get", "authenticatorData"),
        ["signature"] = Base64Url.EncodeToString(signature ?? Bytes(name, "get", "signature")),
    });

    private static PasskeyResponse Response(string name, JsonObject response)
    {
        var id = Text(name, "create", "credential_id");
        var credential = new JsonObject { ["id"] = id, ["rawId"] = id, ["type"] = "public-key", ["response"] = response };
        return new("", JsonSerializer.SerializeToElement(credential), null);
    }

    // The last entry of the map, which is a byte string.
    private static byte[] DataOf(byte[] attestationObject)
    {
        var reader = new CborReader(attestationObject);
        reader.ReadStartMap();
        while (reader.ReadTextString() != "authData")
            reader.SkipValue();
        return reader.ReadByteString();
    }

    private static string Text(string name, string ceremony, string field) => Base64Url.EncodeToString(Bytes(name, ceremony, field));
    private static byte[] Bytes(string name, string ceremony, string field) => Convert.FromHexString((string)Vectors[name]![ceremony]![field]!);

    private static JsonNode Read()
    {
        using var stream = typeof(TestVectorTests).Assembly.GetManifestResourceStream("webauthn-vectors.json")!;
        return JsonNode.Parse(stream)!;
    }
}

using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;

namespace Serverless.Testing;

/// <summary>An authenticator and the browser around it (WebAuthn Level 3): makes the JSON of a registration or login from the options that
/// the service gives. It keeps every passkey, answers for the newest that fits, and lies where it is told to.</summary>
public sealed class SoftwareAuthenticator(string origin)
{
    private readonly List<SoftwarePasskey> _passkeys = [];

    public string Origin => origin;
    public PasskeyAlgorithm Algorithm { get; init; } = PasskeyAlgorithm.ES256;

    /// <summary>Google Password Manager.</summary>
    public Guid Aaguid { get; init; } = new("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4");
    public bool VerifiesUser { get; set; } = true;

    /// <summary>Whether its passkeys are synced between devices.</summary>
    public bool IsSynced { get; init; }

    /// <summary>Whether a synced passkey has been.</summary>
    public bool IsBackedUp { get; set; } = true;

    /// <summary>Whether it counts signatures; synced passkeys don't.</summary>
    public bool Counts { get; init; }

    public IReadOnlyList<SoftwarePasskey> Passkeys => _passkeys;

    /// <summary>A second authenticator with the same keys and counters.</summary>
    public SoftwareAuthenticator Clone()
    {
        var clone = new SoftwareAuthenticator(origin)
        {
            Algorithm = Algorithm, Aaguid = Aaguid, VerifiesUser = VerifiesUser, IsSynced = IsSynced, IsBackedUp = IsBackedUp, Counts = Counts,
        };
        clone._passkeys.AddRange(_passkeys.Select(passkey => passkey with { }));
        return clone;
    }

    /// <summary>What <c>navigator.credentials.create(options).toJSON()</c> returns.</summary>
    /// <exception cref="InvalidOperationException">It has one of the excluded credentials.</exception>
    public JsonObject Create(string optionsJson, PasskeyLies? lies = null)
    {
        var (options, told) = (JsonNode.Parse(optionsJson)!, lies ?? PasskeyLies.None);
        if (options["excludeCredentials"] is JsonArray excluded
            && excluded.Any(each => _passkeys.Exists(known => known.IdText == (string?)each!["id"])) && !told.IgnoresExcluded)
        {
            throw new InvalidOperationException("InvalidStateError");
        }

        var passkey = SoftwarePasskey.Create(
            told.RelyingPartyId ?? (string)options["rp"]!["id"]!, (string)options["user"]!["id"]!, told.Algorithm ?? Algorithm, told.CredentialId);
        _passkeys.Add(passkey);
        var authenticatorData = AuthenticatorData(passkey, told, withKey: true);
        return ToJson(passkey, new()
        {
            ["clientDataJSON"] = ClientData("webauthn.create", options, told),
            ["attestationObject"] = Base64Url.EncodeToString(told.AttestationObject ?? AttestationObject(authenticatorData, told)),
            ["authenticatorData"] = Base64Url.EncodeToString(authenticatorData),
            ["publicKeyAlgorithm"] = (int)passkey.Algorithm,
            ["transports"] = new JsonArray("internal", "hybrid"),
        });
    }

    /// <summary>What <c>navigator.credentials.get(options).toJSON()</c> returns.</summary>
    /// <exception cref="InvalidOperationException">It has no passkey that fits.</exception>
    public JsonObject Get(string optionsJson, PasskeyLies? lies = null)
    {
        var (options, told) = (JsonNode.Parse(optionsJson)!, lies ?? PasskeyLies.None);
        var allowed = (options["allowCredentials"] as JsonArray)?.Select(each => (string)each!["id"]!).ToHashSet();
        var passkey = told.Passkey ?? _passkeys.LastOrDefault(each =>
            each.RelyingPartyId == (string?)options["rpId"] && (allowed is null or { Count: 0 } || allowed.Contains(each.IdText)))
            ?? throw new InvalidOperationException("NotAllowedError");
        if (Counts)
            passkey.Counter++;
        var authenticatorData = AuthenticatorData(passkey, told, withKey: false);
        var clientData = ClientData("webauthn.get", options, told);
        var signature = passkey.Sign([.. authenticatorData, .. SHA256.HashData(Base64Url.DecodeFromChars(clientData))]);
        if (told.WrongSignature)
            signature[^1] ^= 1;
        return ToJson(passkey, new()
        {
            ["clientDataJSON"] = clientData,
            ["authenticatorData"] = Base64Url.EncodeToString(authenticatorData),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = told.UserHandle ?? passkey.UserHandle,
        });
    }

    private static JsonObject ToJson(SoftwarePasskey passkey, JsonObject response) => new()
    {
        ["id"] = passkey.IdText,
        ["rawId"] = passkey.IdText,
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    private string ClientData(string type, JsonNode options, PasskeyLies told)
    {
        var data = new JsonObject
        {
            ["type"] = told.Type ?? type,
            ["challenge"] = told.Challenge ?? (string)options["challenge"]!,
            ["origin"] = told.Origin ?? origin,
            ["crossOrigin"] = told.IsEmbedded,
        };
        return Base64Url.EncodeToString(told.ClientData ?? Encoding.UTF8.GetBytes(data.ToJsonString()));
    }

    private byte[] AuthenticatorData(SoftwarePasskey passkey, PasskeyLies told, bool withKey)
    {
        var flags = (told.UserIsAbsent ? 0 : 1) | (VerifiesUser ? 4 : 0) | (IsSynced ? 8 : 0) | (IsSynced && IsBackedUp ? 16 : 0)
            | (withKey ? 64 : 0) | (told.Extensions is null ? 0 : 128);
        var bytes = new List<byte>(SHA256.HashData(Encoding.UTF8.GetBytes(told.RelyingPartyId ?? passkey.RelyingPartyId)));
        bytes.Add((byte)flags);
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, told.Counter ?? passkey.Counter);
        bytes.AddRange(number);
        if (withKey)
        {
            bytes.AddRange(Aaguid.ToByteArray(bigEndian: true));
            BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)passkey.Id.Length);
            bytes.AddRange(number[..sizeof(ushort)]);
            bytes.AddRange(passkey.Id);
            bytes.AddRange(told.PublicKey ?? passkey.PublicKey);
        }

        bytes.AddRange(told.Extensions ?? []);
        return [.. bytes];
    }

    private static byte[] AttestationObject(byte[] authenticatorData, PasskeyLies told)
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString(told.Format ?? "none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(told.HasStatement ? 1 : 0);
        if (told.HasStatement)
        {
            writer.WriteTextString("alg");
            writer.WriteInt32(-7);
        }

        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(authenticatorData);
        writer.WriteEndMap();
        return writer.Encode();
    }
}

/// <summary>What an authenticator or browser claims against the truth; null and false for the truth.</summary>
public sealed record PasskeyLies
{
    public static readonly PasskeyLies None = new();

    public string? Origin { get; init; }
    public bool IsEmbedded { get; init; }
    public string? RelyingPartyId { get; init; }
    public string? Challenge { get; init; }
    public string? Type { get; init; }
    public byte[]? ClientData { get; init; }
    public bool UserIsAbsent { get; init; }
    public uint? Counter { get; init; }
    public byte[]? Extensions { get; init; }

    /// <summary>Of a registration.</summary>
    public string? Format { get; init; }
    public bool HasStatement { get; init; }
    public byte[]? AttestationObject { get; init; }
    public byte[]? PublicKey { get; init; }
    public PasskeyAlgorithm? Algorithm { get; init; }
    public byte[]? CredentialId { get; init; }
    public bool IgnoresExcluded { get; init; }

    /// <summary>Of a login.</summary>
    public bool WrongSignature { get; init; }
    public string? UserHandle { get; init; }
    public SoftwarePasskey? Passkey { get; init; }
}

using System.Formats.Cbor;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Passkeys;

/// <summary>Reads what a browser sends, which may be anything, and checks all of it that needs no storage and no key.</summary>
internal sealed class ResponseReader(PasskeyOptions options, PasskeyResponse response)
{
    private const int MaximumLength = 16 * 1024;
    private const int MaximumTransports = 8;

    private static readonly Dictionary<string, AuthenticatorTransport> Transports = new()
    {
        ["usb"] = AuthenticatorTransport.Usb,
        ["nfc"] = AuthenticatorTransport.Nfc,
        ["ble"] = AuthenticatorTransport.Ble,
        ["smart-card"] = AuthenticatorTransport.SmartCard,
        ["hybrid"] = AuthenticatorTransport.Hybrid,
        ["internal"] = AuthenticatorTransport.Internal,
    };

    public static AuthenticatorTransport? TransportOf(string name) => Transports.TryGetValue(name, out var transport) ? transport : null;

    public Checked<Attestation> ReadAttestation(CeremonyState state) => Read<Attestation>(() =>
    {
        if (ReadCredential(out var json) is not { } id || ReadBytes(json, "attestationObject") is not { } attestationObject
            || ReadBytes(json, "clientDataJSON") is not { } clientData)
        {
            return PasskeyRefusal.Invalid;
        }

        if (RefuseClientData(clientData, "webauthn.create", state) is { } refusal)
            return refusal;
        var format = ReadAttestationObject(attestationObject, out var dataBytes);
        if (format is not null and not "none")
            return PasskeyRefusal.Unsupported;
        if (format is null || AuthenticatorData.Read(dataBytes) is not { Credential: { } credential } data
            || !credential.Id.Span.SequenceEqual(id))
            return PasskeyRefusal.Invalid;
        if (RefuseData(data) is { } refused)
            return refused;
        if (CoseKey.Refuse(credential.PublicKey) is { } wrong)
            return wrong;
        return new Attestation(state, credential.Aaguid, ReadTransports(json), new()
        {
            Id = Base64Url.EncodeToString(id),
            RawId = id,
            Type = PublicKeyCredentialType.PublicKey,
            Response = new() { AttestationObject = attestationObject, ClientDataJson = clientData },
        });
    });

    /// <summary>Without a session the user handle says whose it is.</summary>
    public Checked<Assertion> ReadAssertion(CeremonyState state) => Read<Assertion>(() =>
    {
        if (ReadCredential(out var json) is not { } id || ReadBytes(json, "authenticatorData") is not { } dataBytes
            || ReadBytes(json, "clientDataJSON") is not { } clientData || ReadBytes(json, "signature") is not { } signature
            || ReadUser(json, state, out var handle) is not { } user)
        {
            return PasskeyRefusal.Invalid;
        }

        if (RefuseClientData(clientData, "webauthn.get", state) is { } refusal)
            return refusal;
        if (AuthenticatorData.Read(dataBytes) is not { Credential: null } data)
            return PasskeyRefusal.Invalid;
        if (RefuseData(data) is { } refused)
            return refused;
        return new Assertion(state, PasskeyId.Of(id), user, data, new()
        {
            Id = Base64Url.EncodeToString(id),
            RawId = id,
            Type = PublicKeyCredentialType.PublicKey,
            Response = new() { AuthenticatorData = dataBytes, ClientDataJson = clientData, Signature = signature, UserHandle = handle },
        });
    });

    // The parsers of JSON and CBOR say by these that something is malformed, or of another type or size than was asked for.
    private static Checked<T> Read<T>(Func<Checked<T>> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (
            exception is JsonException or CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return PasskeyRefusal.Invalid;
        }
    }

    private byte[]? ReadCredential(out JsonElement inner)
    {
        inner = default;
        var json = response.Credential;
        return json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("response", out inner) && inner.ValueKind == JsonValueKind.Object
            && ReadText(json, "type") == "public-key" && ReadText(json, "id") == ReadText(json, "rawId")
            && ReadBytes(json, "rawId") is { Length: > 0 and <= AuthenticatorData.NewCredential.MaximumIdLength } id ? id : null;
    }

    private static UserId? ReadUser(JsonElement json, CeremonyState state, out byte[]? handle)
    {
        handle = ReadText(json, "userHandle") is null ? null : ReadBytes(json, "userHandle");
        if (handle is null)
            return state.User;
        return UserId.TryParse(Encoding.UTF8.GetString(handle), out var user) && (state.User is null || state.User == user) ? user : null;
    }

    private PasskeyRefusal? RefuseClientData(byte[] clientData, string type, CeremonyState state)
    {
        using var document = JsonDocument.Parse(clientData);
        var json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object || ReadText(json, "type") != type || ReadText(json, "challenge") != state.Challenge
            || ReadText(json, "origin") is not { } origin)
        {
            return PasskeyRefusal.Invalid;
        }

        var isEmbedded = json.TryGetProperty("crossOrigin", out var cross) && cross.ValueKind == JsonValueKind.True;
        return isEmbedded || !options.AllowedOrigins.Contains(origin)
            || origin != (state.Origin ?? origin) || origin != (response.Origin ?? origin)
            ? PasskeyRefusal.WrongOrigin : null;
    }

    private PasskeyRefusal? RefuseData(AuthenticatorData data) =>
        !data.RelyingPartyHash.Span.SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(options.RelyingPartyId)))
        ? PasskeyRefusal.WrongRelyingParty
        : !data.Has(AuthenticatorFlags.UserPresent) ? PasskeyRefusal.Invalid
        : null;

    // Returns the format, or null if it is malformed.
    private static string? ReadAttestationObject(byte[] bytes, out ReadOnlyMemory<byte> data)
    {
        (data, var format, var hasStatement) = (default, (string?)null, true);
        var reader = new CborReader(bytes, CborConformanceMode.Strict);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            switch (reader.ReadTextString())
            {
                case "fmt":
                    format = reader.ReadTextString();
                    break;
                case "authData":
                    data = reader.ReadByteString();
                    break;
                case "attStmt" when reader.PeekState() == CborReaderState.StartMap:
                    hasStatement = reader.ReadStartMap() != 0;
                    while (reader.PeekState() != CborReaderState.EndMap)
                        reader.SkipValue();
                    reader.ReadEndMap();
                    break;
                default:
                    return null;
            }
        }

        reader.ReadEndMap();
        return reader.BytesRemaining > 0 || (format == "none" && hasStatement) ? null : format;
    }

    private static IReadOnlyList<string> ReadTransports(JsonElement json) =>
        json.TryGetProperty("transports", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? [.. listed.EnumerateArray().Take(MaximumTransports).Where(each => each.ValueKind == JsonValueKind.String)
                .Select(each => each.GetString()!).Where(Transports.ContainsKey).Distinct()]
            : [];

    private static byte[]? ReadBytes(JsonElement json, string name)
    {
        if (ReadText(json, name) is not { Length: <= MaximumLength } text)
            return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return StrictBase64Url.TryDecode(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static string? ReadText(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A response that registers a credential, of the right form; <see cref="PasskeyVerifier"/> checks the rest.</summary>
internal sealed record Attestation(
    CeremonyState State, Guid Aaguid, IReadOnlyList<string> Transports, AuthenticatorAttestationRawResponse Raw);

/// <summary>A response that proves a user, of the right form; <see cref="PasskeyVerifier"/> checks the rest.</summary>
internal sealed record Assertion(
    CeremonyState State, PasskeyId Id, UserId User, AuthenticatorData Data, AuthenticatorAssertionRawResponse Raw)
{
    public AuthenticationMethods MethodsOf(Passkey passkey) =>
        (passkey.IsBackupEligible ? AuthenticationMethods.SoftwareKey : AuthenticationMethods.HardwareKey) | AuthenticationMethods.Presence
        | (Data.Has(AuthenticatorFlags.UserVerified) ? AuthenticationMethods.MultiFactor : AuthenticationMethods.None);

    /// <summary>The use of the passkey that proved it.</summary>
    public PasskeyUse Use(PasskeyFile file, Passkey passkey, DateTimeOffset now) => new(
        passkey with { SignatureCount = Data.Counter, IsBackedUp = Data.Has(AuthenticatorFlags.BackedUp), LastUsedAt = now },
        file.Use(State.Used, now));
}

using System.Formats.Asn1;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Passkeys;

/// <summary>Begins and checks ceremonies. What a response says of itself is read strictly by <see cref="ResponseReader"/>; the rest of
/// WebAuthn, with the signatures, is the library's.</summary>
public sealed class PasskeyVerifier(IOptions<PasskeyOptions> options, KeyRingSource keys, TimeProvider clock)
{
    private const int LargestCoordinate = 256;

    // Matches no page, so a ceremony that an unknown origin begins can't be completed.
    private const string NoOrigin = "null";

    private static readonly PubKeyCredParam[] Allowed = [PubKeyCredParam.ES256, PubKeyCredParam.Ed25519, PubKeyCredParam.RS256];

    private readonly PasskeyOptions _options = options.Value;
    private readonly Fido2 _library = new(new Fido2Configuration
    {
        RPID = options.Value.RelyingPartyId,
        RPName = options.Value.RelyingPartyName is { Length: > 0 } name ? name : options.Value.RelyingPartyId,
        Origins = options.Value.AllowedOrigins.ToHashSet(),
        ChallengeSize = CeremonyState.ChallengeLength,
        Timeout = (uint)Ceremony.Lifetime.TotalMilliseconds,
    });

    internal Task<Ceremony> BeginRegistrationAsync(
        CeremonyPurpose purpose, UserId user, SessionId? session, Email email, IReadOnlyList<Passkey> known, string? origin,
        CancellationToken cancellationToken)
    {
        var created = CreationOptions(user, email.Value, known);
        var address = purpose == CeremonyPurpose.NewAccount ? email.Address : null;
        return BeginAsync(purpose, created.Challenge, user, session, origin, created.ToJson(), cancellationToken, address);
    }

    /// <summary>Of the passkeys that are allowed; any if there are none.</summary>
    internal Task<Ceremony> BeginAssertionAsync(
        CeremonyPurpose purpose, Session? session, IReadOnlyList<Passkey> allowed, string? origin, CancellationToken cancellationToken)
    {
        var created = _library.GetAssertionOptions(new()
        {
            AllowedCredentials = [.. allowed.Select(Describe)],
            UserVerification = UserVerificationRequirement.Preferred,
        });
        return BeginAsync(purpose, created.Challenge, session?.UserId, session?.Id, origin, created.ToJson(), cancellationToken);
    }

    /// <summary>Reads the response that ends a ceremony of a purpose, user and session.</summary>
    internal async Task<Checked<T>> ReadAsync<T>(
        PasskeyResponse response, CeremonyPurpose purpose, Session? session, Func<ResponseReader, CeremonyState, Checked<T>> read,
        CancellationToken cancellationToken)
        where T : class
    {
        var ring = await keys.GetAsync(cancellationToken);
        var state = CeremonyStateCodec.Read(response.State, ring, out var isKeyUnknown);
        // Another instance may have signed with a key that is new.
        if (isKeyUnknown)
            state = CeremonyStateCodec.Read(response.State, await keys.GetNewerAsync(ring, cancellationToken), out _);
        // A new account's user is in its state alone.
        if (state is null || state.Purpose != purpose || state.Session != session?.Id
            || (purpose != CeremonyPurpose.NewAccount && state.User != session?.UserId))
        {
            return PasskeyRefusal.CeremonyInvalid;
        }

        if (state.ExpiresAt <= clock.GetUtcNow())
            return PasskeyRefusal.CeremonyExpired;
        return read(new(_options, response), state);
    }

    /// <summary>Reads and checks the response that ends a registration, and returns the passkey that it makes. Without a
    /// <paramref name="name"/> it is called after its kind, or the device.</summary>
    internal async Task<Checked<RegisteredPasskey>> RegisterAsync(
        PasskeyResponse response, CeremonyPurpose purpose, Session? session, string? name,
        ClientInfo client, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(response, purpose, session, (reader, state) => reader.ReadAttestation(state), cancellationToken);
        if (read.Value is not { State: { User: { } user } state } attestation)
            return read.Refusal;
        var named = TextSanitizer.Strip(name, Passkey.MaximumNameLength) ?? PasskeyProviders.Find(attestation.Aaguid)
            ?? TextSanitizer.Strip(client.Device ?? DeviceName.Of(client.UserAgent, null, null), Passkey.MaximumNameLength) ?? "Passkey";
        var verified = await VerifyAsync(attestation, user, named, clock.Now(), cancellationToken);
        return verified.Value is { } passkey ? new RegisteredPasskey(state, user, passkey) : verified.Refusal;
    }

    /// <summary>Checks a new credential, and returns the passkey that it is.</summary>
    internal async Task<Checked<Passkey>> VerifyAsync(
        Attestation attestation, UserId user, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var created = CreationOptions(user, $"{user}", []);
        created.Challenge = Base64Url.DecodeFromChars(attestation.State.Challenge);
        try
        {
            var credential = await _library.MakeNewCredentialAsync(
                new()
                {
                    AttestationResponse = attestation.Raw,
                    OriginalOptions = created,
                    IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
                },
                cancellationToken);
            return new Passkey(PasskeyId.Of(credential.Id), credential.Id, credential.PublicKey, credential.AaGuid, name, now)
            {
                SignatureCount = credential.SignCount,
                IsBackupEligible = credential.IsBackupEligible,
                IsBackedUp = credential.IsBackedUp,
                Transports = attestation.Transports,
            };
        }
        // The latter for a point that isn't on its curve.
        catch (Exception exception) when (exception is Fido2VerificationException or CryptographicException)
        {
            return PasskeyRefusal.Invalid;
        }
    }

    /// <summary>Checks an assertion with the passkey that it names, which costs the same if there is none. Null if it is right.</summary>
    internal async Task<PasskeyRefusal?> VerifyAsync(Assertion assertion, Passkey? passkey, CancellationToken cancellationToken)
    {
        var isSigned = await IsSignedAsync(assertion, passkey?.PublicKey ?? CoseKey.Dummy, cancellationToken);
        if (passkey is null)
            return PasskeyRefusal.Unknown;
        var data = assertion.Data;
        if (!isSigned || passkey.IsBackupEligible != data.Has(AuthenticatorFlags.BackupEligible))
            return PasskeyRefusal.Invalid;
        return (data.Counter != 0 || passkey.SignatureCount != 0) && data.Counter <= passkey.SignatureCount ? PasskeyRefusal.Cloned
            : passkey.IsForReview ? PasskeyRefusal.ForReview : null;
    }

    private async Task<bool> IsSignedAsync(Assertion assertion, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (CoseKey.IsElliptic(key) && !IsEllipticSignature(assertion.Raw.Response.Signature))
            return false;
        try
        {
            await _library.MakeAssertionAsync(
                new()
                {
                    AssertionResponse = assertion.Raw,
                    OriginalOptions = new()
                    {
                        Challenge = Base64Url.DecodeFromChars(assertion.State.Challenge),
                        RpId = _options.RelyingPartyId,
                        UserVerification = UserVerificationRequirement.Preferred,
                    },
                    StoredPublicKey = key.ToArray(),
                    // Compared by us, since it ignores a counter that goes back to 0.
                    StoredSignatureCounter = 0,
                    IsUserHandleOwnerOfCredentialIdCallback = (_, _) => Task.FromResult(true),
                },
                cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is Fido2VerificationException or CryptographicException)
        {
            return false;
        }
    }

    // The library takes the form of a signature for granted.
    private static bool IsEllipticSignature(byte[] signature)
    {
        try
        {
            var reader = new AsnReader(signature, AsnEncodingRules.DER);
            var pair = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var (r, s) = (pair.ReadInteger(), pair.ReadInteger());
            pair.ThrowIfNotEmpty();
            return r.Sign > 0 && s.Sign > 0 && r.GetBitLength() <= LargestCoordinate && s.GetBitLength() <= LargestCoordinate;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private async Task<Ceremony> BeginAsync(
        CeremonyPurpose purpose, byte[] challenge, UserId? user, SessionId? session, string? origin, string json,
        CancellationToken cancellationToken, string? address = null)
    {
        var now = clock.Now();
        var known = origin is null || _options.AllowedOrigins.Contains(origin) ? origin : NoOrigin;
        var state = new CeremonyState(purpose, Base64Url.EncodeToString(challenge), user, session, known, now + Ceremony.Lifetime, address);
        return new(json, CeremonyStateCodec.Write(state, await keys.GetAsync(cancellationToken), now), state.ExpiresAt);
    }

    private CredentialCreateOptions CreationOptions(UserId user, string name, IReadOnlyList<Passkey> known) =>
        _library.RequestNewCredential(new()
        {
            User = new() { Id = Encoding.UTF8.GetBytes($"{user}"), Name = name, DisplayName = name },
            ExcludeCredentials = [.. known.Select(Describe)],
            AuthenticatorSelection = new()
            {
                ResidentKey = ResidentKeyRequirement.Required, UserVerification = UserVerificationRequirement.Preferred,
            },
            AttestationPreference = AttestationConveyancePreference.None,
            PubKeyCredParams = Allowed,
        });

    private static PublicKeyCredentialDescriptor Describe(Passkey passkey) => new(
        PublicKeyCredentialType.PublicKey, passkey.CredentialId.ToArray(),
        [.. passkey.Transports.Select(ResponseReader.TransportOf).OfType<AuthenticatorTransport>()]);
}

/// <summary>A new passkey, and what its ceremony was begun for.</summary>
internal sealed record RegisteredPasskey(CeremonyState State, UserId User, Passkey Passkey);

/// <summary>Something that was checked, or why it is refused.</summary>
internal readonly record struct Checked<T>(T? Value, PasskeyRefusal Refusal)
    where T : class
{
    public static implicit operator Checked<T>(T value) => new(value, default);
    public static implicit operator Checked<T>(PasskeyRefusal refusal) => new(null, refusal);
}

using System.Text.Json;

namespace Serverless.Sessions.Passkeys;

/// <summary>A credential of WebAuthn (Level 3) by which its user logs in. <c>PublicKey</c> is a COSE key; <c>Aaguid</c> names the kind of
/// authenticator, unattested.</summary>
public sealed record Passkey(
    PasskeyId Id, ReadOnlyMemory<byte> CredentialId, ReadOnlyMemory<byte> PublicKey, Guid Aaguid, string Name, DateTimeOffset CreatedAt)
{
    /// <summary>The most passkeys of an account.</summary>
    public const int MaximumCount = 20;

    public const int MaximumNameLength = 64;

    /// <summary>The signatures that the authenticator has made, by its own count; 0 if it doesn't count.</summary>
    public uint SignatureCount { get; init; }

    /// <summary>Whether it may be synced between devices; that never changes.</summary>
    public bool IsBackupEligible { get; init; }
    public bool IsBackedUp { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Whether it proves nothing until its user has decided to keep it.</summary>
    public bool IsForReview { get; init; }

    /// <summary>How browsers reach its authenticator; only to ask for it again.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>Null for a new one.</summary>
    public RowVersion? Version { get; init; }

    /// <summary>The name of what keeps it, if it is a common one.</summary>
    public string? Provider => PasskeyProviders.Find(Aaguid);
}

/// <summary>The passkey of an account that doesn't exist yet, and the id that its user gets,
/// which the authenticator keeps with it.</summary>
public sealed record NewPasskey(UserId User, Passkey Passkey);

/// <summary>A digest of the credential id, as 32 lower-case hexadecimal digits.</summary>
public readonly record struct PasskeyId(UInt128 Value)
{
    public const int TextLength = 32;

    public static PasskeyId Of(ReadOnlySpan<byte> credentialId) => new(Digest.Of(credentialId));

    public static bool TryParse(ReadOnlySpan<char> text, out PasskeyId id)
    {
        var isId = HexDigits.TryRead(text, TextLength, out UInt128 value);
        id = new(value);
        return isId;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>A ceremony of WebAuthn that begins: the options for the browser, as JSON,
/// and the state that comes back with its response.</summary>
public sealed record Ceremony(string Options, string State, DateTimeOffset ExpiresAt)
{
    /// <summary>How long a user may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
}

/// <summary>How a ceremony ends, as a caller sends it: the state, what <c>PublicKeyCredential.toJSON</c> made, and the request's header
/// Origin. <see cref="ToString"/> redacts it.</summary>
public sealed record PasskeyResponse(string State, JsonElement Credential, string? Origin)
{
    public override string ToString() => "[passkey response]";
}

public enum PasskeyRefusal
{
    /// <summary>The state was altered, or is for something else, another user or another session.</summary>
    CeremonyInvalid,
    CeremonyExpired,
    CeremonyUsed,

    /// <summary>No account has such a credential, or its account is disabled.</summary>
    Unknown,

    /// <summary>Malformed, a wrong signature, the user wasn't present, or another user's.</summary>
    Invalid,
    WrongOrigin,
    WrongRelyingParty,

    /// <summary>An algorithm that isn't allowed, or an attestation, which wasn't asked for.</summary>
    Unsupported,
    Exists,
    LimitReached,

    /// <summary>An administrator secured the account, and its user hasn't reviewed the passkey since.</summary>
    ForReview,

    /// <summary>The signature counter went back: there are two copies of the key.</summary>
    Cloned,
}

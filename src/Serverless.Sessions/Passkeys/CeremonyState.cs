using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Passkeys;

/// <summary>What a ceremony was begun for. <c>Challenge</c> is base64url; <c>Origin</c> that of the page that asked, if it told;
/// <c>Address</c> the email of a new account, whose user exists only here.</summary>
internal sealed record CeremonyState(
    CeremonyPurpose Purpose, string Challenge, UserId? User, SessionId? Session, string? Origin,
    DateTimeOffset ExpiresAt, string? Address = null)
{
    public const int ChallengeLength = 32;

    // Kept past the expiry for instances whose clocks are behind.
    private static readonly TimeSpan KeptLonger = TimeSpan.FromMinutes(5);

    /// <summary>What is stored so that it works once.</summary>
    public UsedChallenge Used => new(Digest.HexOf(Challenge), ExpiresAt + KeptLonger);
}

internal enum CeremonyPurpose
{
    Registration,
    Login,
    StepUp,
    NewAccount,
}

/// <summary>Writes the state of a ceremony as text that a client carries: its fields and an HMAC over them, in base64url.</summary>
internal static class CeremonyStateCodec
{
    // No other text under a MAC key begins like this.
    private const string Kind = "passkey-ceremony";
    private const int MaximumLength = 2048;

    public static string Write(CeremonyState state, KeyRing ring, DateTimeOffset now)
    {
        var key = ring.MacAt(now);
        var fields = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind}\n{key.Id}\n{state.Purpose}\n{state.Challenge}\n{state.User}\n"
            + $"{state.Session}\n{state.Origin}\n{state.ExpiresAt.UtcTicks}\n{state.Address}"));
        var bytes = new byte[MacKey.CodeLength + fields.Length];
        key.Authenticate(fields, bytes);
        fields.CopyTo(bytes, MacKey.CodeLength);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Returns null for any text that this service didn't write;
    /// <paramref name="isKeyUnknown"/> if a newer ring may tell.</summary>
    public static CeremonyState? Read(string text, KeyRing ring, out bool isKeyUnknown)
    {
        isKeyUnknown = false;
        var bytes = new byte[MaximumLength];
        if (!StrictBase64Url.TryDecode(text, bytes, out var length) || length <= MacKey.CodeLength)
            return null;
        var code = bytes.AsSpan(0, MacKey.CodeLength);
        var content = bytes.AsSpan(MacKey.CodeLength, length - MacKey.CodeLength);
        if (Encoding.UTF8.GetString(content).Split('\n') is not
            [Kind, var id, var purpose, var challenge, var user, var session, var origin, var ticks, .. var rest]
            || !KeyId.TryParse(id, out var keyId))
        {
            return null;
        }

        if (ring.FindMac(keyId) is not { } key)
        {
            isKeyUnknown = true;
            return null;
        }

        Span<byte> expected = stackalloc byte[MacKey.CodeLength];
        key.Authenticate(content, expected);
        // What follows was written by this service; a newer release may have other purposes.
        return CryptographicOperations.FixedTimeEquals(code, expected) && Enum.TryParse<CeremonyPurpose>(purpose, out var knownPurpose)
            ? new(
                knownPurpose, challenge, UserId.TryParse(user, out var userId) ? userId : null,
                SessionId.TryParse(session, out var sessionId) ? sessionId : null, origin.Length > 0 ? origin : null,
                // Absent in one of the previous release.
                new(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), rest is [{ Length: > 0 } address] ? address : null)
            : null;
    }
}

using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Accounts;

/// <summary>Writes and reads <c>{account key}.{secret}</c>. The secret is an HMAC over the token's row under a key of the ring, so
/// that a mail can be written later and storage holds nothing to steal. MAC keys stay in the ring longer than any token lives.</summary>
public static class AccountTokenCodec
{
    private const int KeyLength = 32;
    private const int SecretLength = 43;

    public const int Length = KeyLength + 1 + SecretLength;

    /// <summary>Returns null if the ring lacks the token's key.</summary>
    public static string? Write(AccountKey account, AccountToken token, KeyRing ring)
    {
        Span<byte> code = stackalloc byte[MacKey.CodeLength];
        return TryAuthenticate(account, token, ring, code) ? $"{account}.{Base64Url.EncodeToString(code)}" : null;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out PresentedToken token)
    {
        token = default;
        var code = new byte[MacKey.CodeLength];
        if (text.Length != Length || text[KeyLength] != '.' || !AccountKey.TryParse(text[..KeyLength], out var account)
            || !StrictBase64Url.TryDecode(text[(KeyLength + 1)..], code, out _))
        {
            return false;
        }

        token = new(account, code);
        return true;
    }

    /// <summary>Whether this is the text of a stored token, in fixed time; false if the ring lacks its key.</summary>
    public static bool Verify(PresentedToken presented, AccountToken token, KeyRing ring)
    {
        Span<byte> code = stackalloc byte[MacKey.CodeLength];
        return TryAuthenticate(presented.Account, token, ring, code)
            && CryptographicOperations.FixedTimeEquals(code, presented.Code.Span);
    }

    private static bool TryAuthenticate(AccountKey account, AccountToken token, KeyRing ring, Span<byte> code)
    {
        if (ring.FindMac(token.Key) is not { } key)
            return false;
        var user = token.User?.ToString() ?? "-";
        key.Authenticate(
            Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"account-token\n{token.Purpose}\n{account}\n{user}\n{token.Id:N}\n{token.ExpiresAt.UtcTicks}")),
            code);
        return true;
    }
}

/// <summary>A token as a caller sent it. <see cref="ToString"/> redacts it.</summary>
public readonly record struct PresentedToken(AccountKey Account, ReadOnlyMemory<byte> Code)
{
    public override string ToString() => "[account token]";
}

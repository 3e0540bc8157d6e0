namespace Serverless.Sessions.Mailbox;

/// <summary>A sender's idempotency key for one message (draft-ietf-httpapi-idempotency-key-header), scoped to one sender and one
/// recipient and kept as long as the message.</summary>
public readonly record struct MessageKey(string Value)
{
    /// <summary>The fewest characters of a key; fewer can't be unique.</summary>
    public const int MinimumLength = 8;

    public const int MaximumLength = 128;

    /// <summary>The first 128 bits of the SHA-256 of sender, recipient and key.</summary>
    public static MessageKey Of(UserId from, UserId to, string idempotencyKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{from}{to}{idempotencyKey}"), hash);
        return new(Convert.ToHexStringLower(hash[..16]));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out MessageKey key)
    {
        key = new(text.ToString());
        return HexDigits.Are(text, 32);
    }

    public override string ToString() => Value;
}

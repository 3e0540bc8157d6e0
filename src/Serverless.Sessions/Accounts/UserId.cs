namespace Serverless.Sessions.Accounts;

/// <summary>The identity of a user: a storage shard and a ULID, written as two hexadecimal digits and 26 characters. Every row
/// and token carries it, so a second storage endpoint can be added without moving anyone.</summary>
public readonly record struct UserId(byte Shard, Ulid Value)
{
    public const int TextLength = 2 + Ulid.TextLength;

    public static UserId New(DateTimeOffset now) => new(0, Ulid.New(now));

    public static bool TryParse(ReadOnlySpan<char> text, out UserId id)
    {
        id = default;
        if (text.Length != TextLength || !HexDigits.TryRead(text[..2], 2, out byte shard))
            return false;
        if (!Ulid.TryParse(text[2..], out var value))
            return false;
        id = new(shard, value);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Shard:x2}{Value}");
}

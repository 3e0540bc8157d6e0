namespace Serverless.Sessions.Tokens;

/// <summary>The random, public name of a key: 16 lower-case hexadecimal digits.</summary>
public readonly record struct KeyId(ulong Value)
{
    public const int TextLength = 16;

    public static KeyId New() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    public static bool TryParse(ReadOnlySpan<char> text, out KeyId id)
    {
        var isId = HexDigits.TryRead(text, TextLength, out ulong value);
        id = new(value);
        return isId;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

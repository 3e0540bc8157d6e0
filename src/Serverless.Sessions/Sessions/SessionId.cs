namespace Serverless.Sessions.Sessions;

/// <summary>The stable identity of a session (token family), not a secret: 128 random bits as 32 lower-case hex digits.</summary>
public readonly record struct SessionId(UInt128 Value)
{
    public const int TextLength = 32;

    public static SessionId New() => new(BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16)));

    public static bool TryParse(ReadOnlySpan<char> text, out SessionId id)
    {
        var isId = HexDigits.TryRead(text, TextLength, out UInt128 value);
        id = new(value);
        return isId;
    }

    public Guid ToGuid() => Guid.ParseExact(ToString(), "N");
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

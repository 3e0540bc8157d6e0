namespace Serverless.Sessions.Sessions;

/// <summary>The stable identity of a session (token family), not a secret: 128 random bits as 32 lower-case hex digits.</summary>
public readonly record struct SessionId(UInt128 Value)
{
    public const int TextLength = 32;

    public static SessionId New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Refuses upper-case digits, so that an identity has one spelling.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionId id)
    {
        id = default;
        if (text.Length != TextLength || text.ContainsAnyInRange('A', 'Z'))
            return false;
        if (!UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new(value);
        return true;
    }

    public Guid ToGuid() => Guid.ParseExact(ToString(), "N");

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

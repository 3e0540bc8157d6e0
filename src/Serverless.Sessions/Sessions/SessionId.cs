namespace Serverless.Sessions.Sessions;

/// <summary>The stable identity of a session (token family), not a secret: 128 random bits as 32 lower-case hex digits.</summary>
public readonly record struct SessionId(UInt128 Value)
{
    /// <summary>The length of the text form, in characters.</summary>
    public const int TextLength = 32;

    /// <summary>A new random identity.</summary>
    public static SessionId New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads the text form; upper-case digits are refused, so that an identity has one spelling.</summary>
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

    /// <summary>The same 128 bits as a GUID.</summary>
    public Guid ToGuid() => Guid.ParseExact(ToString(), "N");

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

namespace Serverless.Sessions.Text;

/// <summary>A ULID: 48 bits of Unix milliseconds and 80 random bits, written as 26 characters of Crockford's base 32, so that
/// text order is time order. See https://github.com/ulid/spec.</summary>
public readonly record struct Ulid(UInt128 Value)
{
    public const int TextLength = 26;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int RandomBytes = 10;

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    private long Milliseconds => (long)(ulong)(Value >> (RandomBytes * 8));

    public static Ulid New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[^RandomBytes..]);
        var random = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new((UInt128)(ulong)now.ToUnixTimeMilliseconds() << (RandomBytes * 8) | random);
    }

    /// <summary>Reads the canonical text form: 26 upper-case characters, of a time before the year 10000.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ulid ulid)
    {
        ulid = default;
        // 26 characters hold 130 bits: the first may only be 0 to 7.
        if (text.Length != TextLength || text[0] > '7')
            return false;

        UInt128 value = 0;
        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = value << 5 | (uint)digit;
        }

        ulid = new(value);
        return ulid.Milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
    }

    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });
}

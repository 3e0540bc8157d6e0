namespace Serverless.Sessions.Tokens;

/// <summary>The random, public name of a key: 16 lower-case hexadecimal digits.</summary>
public readonly record struct KeyId(ulong Value)
{
    public static KeyId New() => new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    public static bool TryParse(ReadOnlySpan<char> text, out KeyId id)
    {
        id = default;
        if (text.Length != 16
            || text.ContainsAnyInRange('A', 'Z')
            || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = new(value);
        return true;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

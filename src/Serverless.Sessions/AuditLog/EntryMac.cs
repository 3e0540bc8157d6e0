namespace Serverless.Sessions.AuditLog;

/// <summary>The MAC of a chain link: the first 128 bits of an HMAC-SHA256, written as 32 lower-case hexadecimal digits.</summary>
public readonly record struct EntryMac(UInt128 Value)
{
    public static bool TryParse(ReadOnlySpan<char> text, out EntryMac code)
    {
        code = default;
        if (text.Length != 32 || text.ContainsAnyInRange('A', 'Z')
            || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        code = new(value);
        return true;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

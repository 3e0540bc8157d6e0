namespace Serverless.Sessions.AuditLog;

/// <summary>The MAC of a chain link: the first 128 bits of an HMAC-SHA256, written as 32 lower-case hexadecimal digits.</summary>
public readonly record struct EntryMac(UInt128 Value)
{
    public static bool TryParse(ReadOnlySpan<char> text, out EntryMac code)
    {
        var isCode = HexDigits.Are(text, 32);
        code = isCode ? new(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)) : default;
        return isCode;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

namespace Serverless.Sessions.AuditLog;

/// <summary>A log entry's place in its chain, from 1; <c>Code</c> is the MAC over the entry and the previous MAC.</summary>
public sealed record AuditLink(int Sequence, EntryMac Code, KeyId Key, bool IsFinal)
{
    public AuditHead Head => new(Sequence, Code);
}

/// <summary>The end of a chain, in both the session's row and its refresh token, so that the next link needs no read. The default
/// is that of a session from before chains existed.</summary>
public readonly record struct AuditHead(int Count, EntryMac Code)
{
    /// <summary>Where the chain continues, by the heads in the row and in the client's token. The row is ahead if an entry was
    /// recorded since; otherwise the token decides, so if the row lost entries or was set back, the gap stays visible.</summary>
    public static AuditHead Continue(AuditHead row, AuditHead? told) => told is { } head && row.Count <= head.Count ? head : row;
}

/// <summary>The first 128 bits of an HMAC-SHA256, written as 32 lower-case hexadecimal digits.</summary>
public readonly record struct EntryMac(UInt128 Value)
{
    public static bool TryParse(ReadOnlySpan<char> text, out EntryMac code)
    {
        var isCode = HexDigits.TryRead(text, 32, out UInt128 value);
        code = new(value);
        return isCode;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>Replaces a session's entries up to <c>Head</c> when they are removed; the rest stays verifiable.</summary>
public sealed record AuditCheckpoint(SessionId SessionId, AuditHead Head, KeyId Key, EntryMac Seal);

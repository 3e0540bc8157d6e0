namespace Serverless.Sessions.AuditLog;

/// <summary>A log entry's place in the chain of its session; the final one ends the session.</summary>
/// <param name="Sequence">Position in the chain; the login is 1.</param>
/// <param name="Code">The MAC over the entry and the previous MAC.</param>
public sealed record AuditLink(int Sequence, EntryMac Code, KeyId Key, bool IsFinal)
{
    /// <summary>The head of the chain that ends here.</summary>
    public AuditHead Head => new(Sequence, Code);
}

/// <summary>The end of a session's chain. Both the session's row and its refresh token carry it, so that the next link needs no
/// read. The default is an empty chain: that of a session from before chains existed.</summary>
/// <param name="Code">The MAC of the last link.</param>
public readonly record struct AuditHead(int Count, EntryMac Code)
{
    /// <summary>Where the chain continues, by the heads in the row and in the client's token. The row is ahead if an entry was
    /// recorded since; otherwise the token decides, so if the row lost entries or was set back, the gap stays visible.</summary>
    public static AuditHead Continue(AuditHead row, AuditHead? told) => told is { } head && row.Count <= head.Count ? head : row;
}

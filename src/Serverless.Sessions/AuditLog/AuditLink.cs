using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>A log entry's place in the chain of its session.</summary>
/// <param name="Sequence">Position in the chain; the login is the first entry.</param>
/// <param name="Code">The code over the entry and the code of the one before it.</param>
/// <param name="Key">The key that the code was made with.</param>
/// <param name="IsFinal">Whether it is the last: the session is over.</param>
public sealed record AuditLink(int Sequence, EntryMac Code, KeyId Key, bool IsFinal)
{
    /// <summary>The head of the chain that ends with this link.</summary>
    public AuditHead Head => new(Sequence, Code);
}

/// <summary>How far a session's chain goes: it stands in the session's row and in its refresh token, so that the next link needs no
/// read. The default is a chain without links: that of a session which was opened before there were chains.</summary>
/// <param name="Count">How many links it has.</param>
/// <param name="Code">The code of the last.</param>
public readonly record struct AuditHead(int Count, EntryMac Code)
{
    /// <summary>Where the record goes on, of what the row of a session says and what a client was told: the row goes further where
    /// something else was recorded meanwhile. Where it doesn't, and isn't the same, entries were lost or somebody set it back; the
    /// client's word is authentic, and the gap stays visible.</summary>
    public static AuditHead Continue(AuditHead row, AuditHead? told) => told is { } head && row.Count <= head.Count ? head : row;
}

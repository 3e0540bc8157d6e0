namespace Serverless.Sessions.AuditLog;

/// <summary>Where the record first breaks: <c>Break</c> is null if nowhere, <c>EntryId</c> if the entry is missing.</summary>
public sealed record AuditVerdict(AuditBreak? Break, int? Sequence = null, Guid? EntryId = null)
{
    private static readonly AuditVerdict Whole = new(Break: null);

    /// <summary>Whether another reading can't change it: a record without a chain never gets one.</summary>
    internal bool IsFinal => Break is null or AuditBreak.NotChained;

    /// <summary>Whether somebody wrote to storage. A session that predates chains, or whose key is gone, doesn't tell.</summary>
    public bool IsAltered => Break is not (null or AuditBreak.NotChained or AuditBreak.KeyUnknown);

    public static AuditVerdict Of(UserId user, Session? session, SessionLog log, KeyRing ring)
    {
        var (entries, cut) = (log.Entries, log.Cut);
        var links = entries.Where(entry => entry.Link is not null).OrderBy(entry => entry.Link!.Sequence).ToList();
        if (links.Count == 0 && cut is null && session is null or { Audit.Count: 0 })
            return new(AuditBreak.NotChained);
        if (cut is not null && ring.FindAuditKey(cut.Key) is null)
            return new(AuditBreak.KeyUnknown, cut.Head.Count);
        if (cut is not null && !AuditChain.IsAuthentic(cut, user, ring))
            return new(AuditBreak.CutChanged, cut.Head.Count);

        var head = cut?.Head ?? default;
        var sealedBy = default(LogEntry);
        foreach (var entry in links)
        {
            var link = entry.Link!;
            if (link.Sequence > head.Count + 1)
                return new(AuditBreak.EntryMissing, head.Count + 1);
            if (link.Sequence <= head.Count || sealedBy is not null)
                return At(AuditBreak.EntryAdded, entry);
            if (ring.FindAuditKey(link.Key) is not { } key)
                return At(AuditBreak.KeyUnknown, entry);
            if (!AuditChain.Follows(head.Code, entry, user, key))
                return At(AuditBreak.EntryChanged, entry);
            head = link.Head;
            sealedBy = link.IsFinal ? entry : null;
        }

        // An account's entry names the session that requested the change, but isn't part of that session's history.
        if (entries.FirstOrDefault(entry => entry.Link is null && !entry.Action.IsOfAccount) is { } stray)
            return At(AuditBreak.EntryAdded, stray);
        return session switch
        {
            null when sealedBy is null => new(AuditBreak.EndMissing, head.Count + 1),
            null => Whole,
            { Audit: var known } when known.Count > head.Count => new(AuditBreak.EntryMissing, head.Count + 1),
            { Audit: var known } when known != head => new(AuditBreak.SessionChanged, head.Count),
            { Ending: not null } when sealedBy is null => new(AuditBreak.EndMissing, head.Count + 1),
            { Ending: var ending } when !Agree(ending, sealedBy) => new(AuditBreak.SessionChanged, head.Count),
            _ => Whole,
        };
    }

    private static bool Agree(SessionEnd? ending, LogEntry? entry) => ending is null || entry is null
        ? ending is null && entry is null
        : (ending.EntryId, ending.At, LogAction.Of(ending.Reason), SessionEnding.ErrorOf(ending.Reason))
            == (entry.Id, entry.At, entry.Action, entry.Error);

    private static AuditVerdict At(AuditBreak kind, LogEntry entry) => new(kind, entry.Link?.Sequence, entry.Id);
}

/// <summary><c>EndMissing</c>: the session is over, but its final entry is missing. <c>CutChanged</c>: retention's checkpoint was
/// altered or copied from elsewhere. <c>NotChained</c>: the session predates chains, or all of its links were removed.</summary>
public enum AuditBreak { EntryMissing, EntryChanged, EntryAdded, EndMissing, SessionChanged, CutChanged, NotChained, KeyUnknown }

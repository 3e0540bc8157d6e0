namespace Serverless.Sessions.AuditLog;

/// <summary>Plans the removal of a log's old entries in chain order, so a run that dies leaves no hole. Only an intact history
/// gets a checkpoint, as that must not seal a forged entry; a broken one is cut as well and stays visibly broken.</summary>
internal sealed class LogCheckpoints(
    UserId? user, OldLog log, DateTimeOffset before, IReadOnlySet<SessionId> stored, KeyRing ring, MacKey key)
{
    // Leaves room for the checkpoint.
    private const int MostEntries = LogTrim.MostAtOnce - 1;

    /// <summary>The sessions whose final entry is due; it verifies the session's row while that exists.</summary>
    public static IEnumerable<SessionId> EndsOf(OldLog log, DateTimeOffset before) =>
        log.Entries.Where(old => old.At < before && old.Entry.Link is { IsFinal: true })
            .Select(old => old.Entry.SessionId).OfType<SessionId>().Distinct();

    public IEnumerable<LogTrim> Plan()
    {
        var cut = new LogTrim([], [], []);
        foreach (var piece in Pieces())
        {
            if (cut.Count + piece.Count > LogTrim.MostAtOnce)
            {
                yield return cut;
                cut = new([], [], []);
            }

            cut = new([.. cut.Rows, .. piece.Rows], [.. cut.Marks, .. piece.Marks], [.. cut.Unmarked, .. piece.Unmarked]);
        }

        if (cut.Count > 0)
            yield return cut;
    }

    private IEnumerable<LogTrim> Pieces()
    {
        var due = log.Entries.Where(old => old.At < before).OrderBy(old => old.At).ToLookup(SessionOf);
        return due[null].Chunk(MostEntries).Select(chunk => new LogTrim([.. chunk.Select(old => old.Row)], [], []))
            .Concat(due.Where(history => history.Key is not null).SelectMany(history => Pieces(history.Key!.Value, history)));
    }

    private IEnumerable<LogTrim> Pieces(SessionId session, IEnumerable<OldEntry> history)
    {
        // Clocks differ: an entry can look older than the one before it in the chain, and then waits for that one.
        var firstKept = log.Entries.Where(old => old.At >= before && SessionOf(old) == session)
            .Select(old => old.Entry.Link!.Sequence).DefaultIfEmpty(int.MaxValue).Min();
        var going = history
            .Where(old => old.Entry.Link!.Sequence < firstKept && !(old.Entry.Link.IsFinal && stored.Contains(session)))
            .OrderBy(old => old.Entry.Link!.Sequence).ToList();
        var mark = log.Cuts.FirstOrDefault(each => each.SessionId == session);
        AuditHead? head = mark is null ? default(AuditHead) : AuditChain.IsAuthentic(mark, user!.Value, ring) ? mark.Head : null;
        for (var i = 0; i < going.Count; i += MostEntries)
        {
            var chunk = going.Skip(i).Take(MostEntries).ToList();
            string[] rows = [.. chunk.Select(old => old.Row)];
            head = chunk.Aggregate(head, Extend);
            if (i + chunk.Count == going.Count && chunk[^1].Entry.Link!.IsFinal)
                yield return new(rows, [], mark is null ? [] : [session]);
            else
                yield return new(rows, head is { } checkedTo ? [mark = AuditChain.Cut(session, user!.Value, checkedTo, key)] : [], []);
        }
    }

    private AuditHead? Extend(AuditHead? head, OldEntry old) =>
        head is { } known && old.Entry.Link is { } link && link.Sequence == known.Count + 1
        && ring.FindAuditKey(link.Key) is { } madeWith && AuditChain.Follows(known.Code, old.Entry, user!.Value, madeWith)
            ? link.Head
            : null;

    // Only chained entries of a user belong to a session's history.
    private SessionId? SessionOf(OldEntry old) => user is not null && old.Entry.Link is not null ? old.Entry.SessionId : null;
}

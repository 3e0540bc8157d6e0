using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>
/// Plans how the old entries of a log go: those of a session in the order of its history, so that what stays has no hole wherever a
/// run dies. What is cut off is checked first, and only a history that was whole gets its mark: retention must not be a way to have
/// a forged entry sealed. One that was broken is cut all the same, and stays broken for everybody to see.
/// </summary>
internal sealed class LogCheckpoints(UserId? user, OldLog log, DateTimeOffset before, IReadOnlySet<SessionId> stored, KeyRing ring, MacKey key)
{
    // A mark goes with them.
    private const int MostEntries = LogCut.MostAtOnce - 1;

    /// <summary>The ends that fall due: their sessions may still have a row, which then says the same and is checked against it.</summary>
    public static IEnumerable<SessionId> EndsOf(OldLog log, DateTimeOffset before) =>
        log.Entries.Where(old => old.At < before && old.Entry.Link is { IsFinal: true }).Select(old => old.Entry.SessionId).OfType<SessionId>().Distinct();

    /// <summary>The transactions, in their order.</summary>
    public IEnumerable<LogCut> Plan()
    {
        var cut = new LogCut([], [], []);
        foreach (var piece in Pieces())
        {
            if (cut.Count + piece.Count > LogCut.MostAtOnce)
            {
                yield return cut;
                cut = new([], [], []);
            }

            cut = new([.. cut.Rows, .. piece.Rows], [.. cut.Marks, .. piece.Marks], [.. cut.Unmarked, .. piece.Unmarked]);
        }

        if (cut.Count > 0)
            yield return cut;
    }

    private IEnumerable<LogCut> Pieces()
    {
        var due = log.Entries.Where(old => old.At < before).OrderBy(old => old.At).ToLookup(SessionOf);
        foreach (var chunk in due[null].Chunk(MostEntries))
            yield return new([.. chunk.Select(old => old.Row)], [], []);
        foreach (var history in due.Where(history => history.Key is not null))
        {
            foreach (var piece in Pieces(history.Key!.Value, history))
                yield return piece;
        }
    }

    private IEnumerable<LogCut> Pieces(SessionId session, IEnumerable<OldEntry> history)
    {
        // Clocks differ: of two entries the later one may be older by its time, and then waits for the other.
        var firstKept = log.Entries.Where(old => old.At >= before && SessionOf(old) == session)
            .Select(old => old.Entry.Link!.Sequence).DefaultIfEmpty(int.MaxValue).Min();
        var going = history
            .Where(old => old.Entry.Link!.Sequence < firstKept && !(old.Entry.Link.IsFinal && stored.Contains(session)))
            .OrderBy(old => old.Entry.Link!.Sequence)
            .ToList();
        var mark = log.Cuts.FirstOrDefault(each => each.SessionId == session);
        AuditHead? head = mark is null ? default(AuditHead) : AuditChain.IsAuthentic(mark, user!.Value, ring) ? mark.Head : null;
        for (var i = 0; i < going.Count; i += MostEntries)
        {
            var chunk = going.Skip(i).Take(MostEntries).ToList();
            string[] rows = [.. chunk.Select(old => old.Row)];
            head = chunk.Aggregate(head, GoOn);
            if (i + chunk.Count == going.Count && chunk[^1].Entry.Link!.IsFinal)
                yield return new(rows, [], mark is null ? [] : [session]);
            else
                yield return new(rows, head is { } checkedTo ? [mark = AuditChain.Cut(session, user!.Value, checkedTo, key)] : [], []);
        }
    }

    private AuditHead? GoOn(AuditHead? head, OldEntry old) =>
        head is { } known
        && old.Entry.Link is { } link
        && link.Sequence == known.Count + 1
        && ring.FindAuditKey(link.Key) is { } madeWith
        && AuditChain.Follows(known.Code, old.Entry, user!.Value, madeWith)
            ? link.Head
            : null;

    // Only a user's session has a history.
    private SessionId? SessionOf(OldEntry old) => user is not null && old.Entry.Link is not null ? old.Entry.SessionId : null;
}

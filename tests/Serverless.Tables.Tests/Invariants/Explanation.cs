namespace Serverless.Tables.Tests.Invariants;

/// <summary>Finds the orders of concurrent calls that explain answers, storage and log; sessions are independent of each other.</summary>
internal static class Explanation
{
    /// <returns>All models of the session that explain what was seen.</returns>
    public static List<SessionModel> Find(IReadOnlyCollection<SessionModel> before, DateTimeOffset now, Seen seen)
    {
        var after = new Dictionary<string, SessionModel>();
        foreach (var order in Orders(seen.Calls.Count))
        {
            foreach (var model in before)
            {
                if (Follow(model, order, now, seen) is { } explained)
                    after[explained.ToFullText()] = explained;
            }
        }

        return [.. after.Values];
    }

    private static SessionModel? Follow(SessionModel model, IEnumerable<int> order, DateTimeOffset now, Seen seen)
    {
        List<LogLine> entries = [];
        foreach (var i in order)
        {
            var (call, reply) = seen.Calls[i];
            var outcome = call.Apply(model, now);
            if (call.Subject == model.Id && outcome.Result != reply.Text)
                return null;
            if (outcome.Entry is { } entry)
                entries.Add(entry);
            model = outcome.Next;
        }

        return model.ToString() == seen.Stored && Same(entries, seen.Entries) ? model : null;
    }

    private static bool Same(IEnumerable<LogLine> left, IEnumerable<LogLine> right) => Sorted(left).SequenceEqual(Sorted(right));
    private static IEnumerable<LogLine> Sorted(IEnumerable<LogLine> lines) => lines.OrderBy(line => line.Action).ThenBy(line => line.Error);

    private static IEnumerable<int[]> Orders(int count)
    {
        if (count == 0)
            return [[]];
        return Orders(count - 1).SelectMany(
            order => Enumerable.Range(0, count).Select(at => (int[])[.. order[..at], count - 1, .. order[at..]]));
    }
}

internal sealed record Seen(
    SessionId Session, IReadOnlyList<(Call Call, Reply Reply)> Calls, string Stored, IReadOnlyList<LogLine> Entries)
{
    public override string ToString() =>
        $"session {Session} is\n  {Stored}\nanswers: {string.Join("; ", Calls.Select(each => each.Reply.Text))}\nlog: {string.Join("; ", Entries)}";
}

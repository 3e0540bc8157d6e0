using Microsoft.Extensions.Options;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>Removes what has been kept for long enough from one log, and says when that log is to be looked at next.</summary>
public sealed class PurgeLog(
    IRetentionStore store, ISessionStore sessions, KeyRingSource keys, IOptions<RetentionOptions> options, TimeProvider clock)
{
    // The read that shows what is due shows this much more of the log, and nearly always the entry that falls due next.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>Does it, in transactions of a hundred rows. A run that dies between two of them leaves a log that is whole, and filed as
    /// it was.</summary>
    /// <param name="owner">Whose log.</param>
    /// <param name="isOver">Whether the time is up.</param>
    internal async Task<LogPurge> ExecuteAsync(LogOwner owner, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var ring = await keys.GetFreshAsync(cancellationToken);
        var before = now.StartOfHour() - options.Value.LogLifetime;
        var removed = 0;
        var tries = new Retries(clock);
        while (true)
        {
            var log = await store.ReadOldLogAsync(owner, before + Ahead, cancellationToken);
            var stored = await FindStoredAsync(owner, LogCheckpoints.EndsOf(log, before), cancellationToken);
            var cuts = new LogCheckpoints(owner.User, log, before, stored.Keys.ToHashSet(), ring, ring.AuditKeyAt(clock.Now())).Plan();
            var overtaken = false;
            foreach (var cut in cuts)
            {
                if (isOver())
                    return new(removed, null) { Finished = false };
                overtaken = !await store.TryCutAsync(owner, cut, cancellationToken);
                if (overtaken)
                    break;
                removed += cut.Rows.Count;
            }

            if (!overtaken)
                return new(removed, await FindNextAsync(owner, log, before, stored.Values, now, cancellationToken));
            // Another run was there, or our own first try, whose reply was lost. One log that can't be cut holds up no other.
            if (!await tries.TryNextAsync(cancellationToken))
                return new(removed, now + Ahead);
        }
    }

    private async Task<Dictionary<SessionId, DateTimeOffset>> FindStoredAsync(
        LogOwner owner, IEnumerable<SessionId> ended, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<SessionId, DateTimeOffset>();
        if (owner.User is not { } user)
            return stored;
        foreach (var id in ended)
        {
            if (await sessions.FindAsync(user, id, cancellationToken) is { Session: var session })
                stored.Add(id, session.ExpiresAt);
        }

        return stored;
    }

    // The hour in which the oldest entry that stays falls due. An end that stays with its session goes when the session's row has.
    // A log that has none isn't filed: what gets entries later, a login or a change of the account, has it filed again, but for the
    // refreshes of a session that is older than its log.
    private async Task<DateTimeOffset?> FindNextAsync(
        LogOwner owner, OldLog log, DateTimeOffset before, IEnumerable<DateTimeOffset> expiries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ends = expiries.Select(expiry => (DateTimeOffset?)(expiry > now ? expiry : now)).Min();
        var next = log.Entries.Where(old => old.At >= before).Select(old => (DateTimeOffset?)(old.At + options.Value.LogLifetime)).Min();
        if (next is null)
        {
            var rest = await store.ReadRestAsync(owner, before, cancellationToken);
            next = rest.IsComplete ? (rest.Oldest ?? (rest.HasSessions ? now : null)) + options.Value.LogLifetime : now + Ahead;
        }

        return ends is null || next < ends ? next : ends;
    }
}

/// <summary>What became of a log, of a user's notices or of a copy of a conversation.</summary>
/// <param name="Removed">Entries, notices or messages removed.</param>
/// <param name="Next">When to look at it next; null for never, unless it is filed anew.</param>
internal sealed record LogPurge(int Removed, DateTimeOffset? Next)
{
    /// <summary>What becomes of nothing.</summary>
    public static readonly LogPurge Nothing = new(0, null);

    /// <summary>Whether all that was due is gone.</summary>
    public bool Finished { get; init; } = true;
}

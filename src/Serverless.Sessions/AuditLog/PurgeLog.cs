namespace Serverless.Sessions.AuditLog;

public sealed class PurgeLog(
    IRetentionStore store, ISessionStore sessions, IAccountStore accounts, KeyRingSource keys,
    IOptions<RetentionOptions> options, TimeProvider clock)
{
    // Reading a little further than what is due nearly always shows the entry that falls due next.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>A run that dies leaves an intact log, still scheduled.</summary>
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
                    return new(removed, null, Finished: false);
                overtaken = !await store.TryTrimAsync(owner, cut, cancellationToken);
                if (overtaken)
                    break;
                removed += cut.Rows.Count;
            }

            if (!overtaken)
                return new(removed, await FindNextAsync(owner, log, before, stored.Values, now, cancellationToken));
            // Another run was first, or our own write succeeded and its reply was lost. One log must not block the others.
            if (!await tries.TryNextAsync(cancellationToken))
                return new(removed, now + Ahead);
        }
    }

    private async Task<Dictionary<SessionId, DateTimeOffset>> FindStoredAsync(
        LogOwner owner, IEnumerable<SessionId> ended, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<SessionId, DateTimeOffset>();
        foreach (var id in ended)
        {
            if (owner.User is { } user && await sessions.FindAsync(user, id, cancellationToken) is { Session: var session })
                stored.Add(id, session.ExpiresAt);
        }

        return stored;
    }

    // The hour in which the oldest remaining entry falls due. A final entry stays until its session's row has gone. An empty log
    // isn't scheduled: a login or account change schedules it again, but refreshes of a session older than its log don't.
    private async Task<DateTimeOffset?> FindNextAsync(
        LogOwner owner, OldLog log, DateTimeOffset before, IEnumerable<DateTimeOffset> expiries,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ends = expiries.Select(expiry => (DateTimeOffset?)(expiry > now ? expiry : now)).Min();
        var next = log.Entries.Where(old => old.At >= before).Select(old => (DateTimeOffset?)(old.At + options.Value.LogLifetime)).Min();
        if (next is null)
        {
            var rest = await store.ReadRemainingAsync(owner, before, cancellationToken);
            next = rest.IsComplete ? (rest.Oldest ?? (rest.HasSessions ? now : null)) + options.Value.LogLifetime : now + Ahead;
            // Of a user who did nothing for as long. Each use of a passkey has an entry, so whoever has challenges comes by here.
            if (next is null && owner.User is { } user)
                await store.RemoveChallengesAsync(user, now, cancellationToken);
            else if (next is null && AccountKey.TryParse(owner.Key, out var key))
                await RemoveThrottleAsync(key, now, cancellationToken);
        }

        return ends is null || next < ends ? next : ends;
    }

    // Anybody can make up emails to fail with, so their throttles must not stay for ever.
    private async Task RemoveThrottleAsync(AccountKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var throttle = (await accounts.ReadAsync(key, cancellationToken)).Throttle;
        if (throttle.Version is { } version && throttle.IsForgottenAt(now))
            await accounts.TrySaveAsync(key, Throttle.Clear with { Version = version }, cancellationToken);
    }
}

/// <summary><c>Next</c> is null if nothing is left to purge, until it is scheduled anew.</summary>
internal sealed record LogPurge(int Removed, DateTimeOffset? Next, bool Finished = true);

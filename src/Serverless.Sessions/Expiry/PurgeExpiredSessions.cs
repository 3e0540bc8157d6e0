using Microsoft.Extensions.Options;
using Serverless.Sessions.Audit;
using Serverless.Sessions.Record;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Expiry;

/// <summary>
/// Removes what has expired, hour by hour of the timeline: its cost is in proportion to what fell due, never to what exists.
/// An entry of the timeline goes last, so a run that dies anywhere is taken up by the next one. Nothing depends on it for
/// being right: an expired session is refused whether or not it was purged.
/// </summary>
public sealed class PurgeExpiredSessions(
    ISessionStore sessions, ITimeline timeline, KeyRingSource keys, IOptions<PurgeOptions> options, TimeProvider clock)
{
    // Storage answers in milliseconds, and a function instance has few cores: this many at once keep it busy.
    private const int AtOnce = 16;

    /// <summary>Purges all hours that are over, or as many as the time allows.</summary>
    public async Task<PurgeReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var report = new PurgeReport();
        await foreach (var batch in timeline.ReadDueAsync(now, cancellationToken).ConfigureAwait(false))
        {
            var outcomes = new Outcome[batch.Sessions.Count];
            await Parallel.ForAsync(
                0,
                outcomes.Length,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (i, token) => outcomes[i] = await DealWithAsync(batch.Sessions[i], now, token).ConfigureAwait(false))
                .ConfigureAwait(false);
            await timeline.RemoveAsync(batch, cancellationToken).ConfigureAwait(false);

            report = report.With(outcomes);
            if (clock.GetElapsedTime(started) > options.Value.MaximumDuration)
                return report with { Finished = false };
        }

        return report;
    }

    private async Task<Outcome> DealWithAsync(SessionDue due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await sessions.FindAsync(due.UserId, due.SessionId, cancellationToken).ConfigureAwait(false) is not { } stored)
                return Outcome.Missing;

            var session = stored.Session;
            if (Lifetime.EndingAt(now, session.ExpiresAt, session.AbsoluteExpiresAt) is not { } expired)
            {
                await timeline.ScheduleExpiryAsync(due with { At = session.ExpiresAt }, cancellationToken).ConfigureAwait(false);
                return Outcome.Refiled;
            }

            var ring = await keys.GetAsync(cancellationToken).ConfigureAwait(false);
            var entry = session.Ending is null ? ToLogEntry(session, expired, now, ring.AuditKeyAt(now)) : null;
            if (await sessions.TryRemoveAsync(stored, entry, cancellationToken).ConfigureAwait(false))
                return session.Ending is null ? Outcome.Expired : Outcome.Ended;
        }
    }

    private static LogEntry ToLogEntry(Session session, Ending expired, DateTimeOffset now, MacKey auditKey) => AuditChain.Append(
        session.Audit,
        new()
        {
            Action = LogAction.SessionExpired,
            At = now,
            SessionId = session.Id,
            Client = session.Client,
            Error = expired.Reason.Name,
        },
        session.UserId,
        auditKey,
        seals: true);

    internal enum Outcome
    {
        Expired,
        Ended,
        Refiled,
        Missing,
    }
}

/// <summary>What a purge did.</summary>
public sealed record PurgeReport
{
    /// <summary>Sessions that had expired and were removed, each with its log entry.</summary>
    public int Expired { get; private init; }

    /// <summary>Sessions that somebody had ended before and whose tombstone was removed.</summary>
    public int Ended { get; private init; }

    /// <summary>Sessions that live on and were filed under their new expiry hour.</summary>
    public int Refiled { get; private init; }

    /// <summary>Entries whose session was never opened or is gone already.</summary>
    public int Missing { get; private init; }

    /// <summary>Whether all due hours were dealt with; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;

    internal PurgeReport With(IReadOnlyCollection<PurgeExpiredSessions.Outcome> outcomes)
    {
        int Count(PurgeExpiredSessions.Outcome outcome) => outcomes.Count(each => each == outcome);
        return this with
        {
            Expired = Expired + Count(PurgeExpiredSessions.Outcome.Expired),
            Ended = Ended + Count(PurgeExpiredSessions.Outcome.Ended),
            Refiled = Refiled + Count(PurgeExpiredSessions.Outcome.Refiled),
            Missing = Missing + Count(PurgeExpiredSessions.Outcome.Missing),
        };
    }
}

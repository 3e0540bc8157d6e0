namespace Serverless.Sessions.AuditLog;

/// <summary>Removes records past their retention, at a cost in proportion to what it removes. The row that leads to something is
/// removed last, so the next run picks up where a dead one stopped.</summary>
public sealed class PurgeOldLogs(
    IRetentionStore store, PurgeLog purgeLog, PurgeMail purgeMail, ITimerCursors cursors, IOptions<RetentionOptions> options, UnreadableRows unreadable, TimeProvider clock)
{
    public const string Timer = "PurgeOldLogs";

    // Storage answers in milliseconds and an instance has few cores: this many calls at once keep it busy.
    private const int AtOnce = 16;

    // Batches processed together, so that an owner they share is scheduled with one write.
    private const int Together = 10;

    private static readonly TimeSpan Later = TimeSpan.FromDays(1);

    // The feed reads back an hour and five minutes at most, whatever the settings are.
    private static readonly TimeSpan RevocationLifetime = TimeSpan.FromDays(1);

    // Flagging looks back by an hour, and alerts by less.
    private static readonly TimeSpan LongestLookBack = TimeSpan.FromDays(2);

    public async Task<RetentionReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var seen = unreadable.Watch();
        var report = new RetentionReport();
        // Activity first: it schedules logs that may already be due.
        var finished = await PurgeActivityAsync()
            && await PurgeFiledAsync()
            && await PurgeRevocationsAsync();
        if (finished)
            await cursors.SaveCursorAsync(Timer, now.StartOfHour(), cancellationToken);
        return report with { Finished = finished, Unreadable = seen.Count };

        bool IsOver() => clock.GetElapsedTime(started) > TimerRun.MaximumDuration;

        // Keeps what timers that are behind still need: the day before for the roll-up, the look-back of the others.
        async Task<bool> PurgeActivityAsync()
        {
            if (await cursors.ReadCursorAsync(RollUpStatistics.Timer, cancellationToken) is not { } rolledUp)
                return true;
            List<DateTimeOffset> needed = [(now - options.Value.ActivityLifetime).StartOfHour(), RollUpStatistics.ReadsFrom(rolledUp)];
            foreach (var timer in new[] { FlagSuspiciousIps.Timer, RaiseSecurityAlerts.Timer })
            {
                if (await cursors.ReadCursorAsync(timer, cancellationToken) is { } seen)
                    needed.Add((seen - LongestLookBack).StartOfHour());
            }

            var activities = store.ReadActivityAsync(needed.Min(), cancellationToken);
            await foreach (var batches in activities.Chunk(Together).WithCancellation(cancellationToken))
            {
                if (IsOver())
                    return false;
                // Schedule before removing, since nothing else names these logs.
                await store.ScheduleAsync(
                    [.. batches.SelectMany(batch => batch.Owners.Select(owner => new LogDue(owner, batch.Hour + options.Value.LogLifetime))).Distinct()],
                    cancellationToken);
                await RemoveAsync(batches, cancellationToken);
                report = report with { Activities = report.Activities + batches.Sum(batch => batch.Rows.Count) };
            }

            var (old, counted) = (DayStatistics.Of(now).AddDays(-options.Value.StatisticsLifetime.Days), DayStatistics.Of(rolledUp).AddDays(-1));
            var days = await store.RemoveStatisticsAsync(old < counted ? old : counted, cancellationToken);
            report = report with { Days = days };
            return true;
        }

        async Task<bool> PurgeFiledAsync()
        {
            await foreach (var batch in store.ReadDueLogsAsync(now, cancellationToken))
            {
                var logs = await EachAsync(batch.Owners, (owner, token) => purgeLog.ExecuteAsync(owner, now, IsOver, token), now, cancellationToken);
                var notices = await EachAsync(
                    batch.Owners,
                    (owner, token) => owner.User is { } user ? purgeMail.RemoveNoticesAsync(user, now, IsOver, token) : Task.FromResult(LogPurge.Nothing),
                    now,
                    cancellationToken);
                var messages = await EachAsync(batch.Copies, (copy, token) => purgeMail.RemoveMessagesAsync(copy, now, IsOver, token), now, cancellationToken);
                report = report with
                {
                    Entries = report.Entries + logs.Sum(purge => purge.Removed),
                    Notices = report.Notices + notices.Sum(purge => purge.Removed),
                    Messages = report.Messages + messages.Sum(purge => purge.Removed),
                };
                if (!logs.Concat(notices).Concat(messages).All(purge => purge.Finished))
                    return false;
                // Schedule the next hour before removing the current one: a crash in between costs one extra purge.
                await store.ScheduleAsync(
                    [
                        .. batch.Owners.Concat(batch.Owners).Zip(logs.Concat(notices))
                            .Where(each => each.Second.Next is not null)
                            .GroupBy(each => each.First, (owner, purges) => new LogDue(owner, purges.Min(each => each.Second.Next!.Value))),
                    ],
                    cancellationToken);
                foreach (var (copy, purge) in batch.Copies.Zip(messages))
                {
                    if (purge.Next is { } next)
                        await store.ScheduleAsync(copy, next, cancellationToken);
                }

                await store.RemoveAsync(batch, cancellationToken);
                if (IsOver())
                    return false;
            }

            return true;
        }

        async Task<bool> PurgeRevocationsAsync()
        {
            var revocations = store.ReadRevocationsAsync((now - RevocationLifetime).StartOfHour(), cancellationToken);
            await foreach (var batches in revocations.Chunk(Together).WithCancellation(cancellationToken))
            {
                if (IsOver())
                    return false;
                await RemoveAsync(batches, cancellationToken);
                report = report with { Revocations = report.Revocations + batches.Sum(batch => batch.Rows.Count) };
            }

            return true;
        }
    }

    /// <summary>How long the first hour after a cursor has been due.</summary>
    internal static TimeSpan LagAt(DateTimeOffset now, DateTimeOffset cursor)
    {
        var due = cursor + TimeSpan.FromHours(1);
        return now > due ? now - due : TimeSpan.Zero;
    }

    private static async Task<LogPurge[]> EachAsync<T>(
        IReadOnlyList<T> each, Func<T, CancellationToken, Task<LogPurge>> purge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var purges = new LogPurge[each.Count];
        await Parallel.ForAsync(
            0,
            purges.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                try
                {
                    purges[i] = await purge(each[i], token);
                }
                catch (StorageUnavailableException exception) when (exception.IsOneRow)
                {
                    // Retried once a day until the row is repaired or removed.
                    purges[i] = new(0, now + Later);
                }
            });
        return purges;
    }

    private Task RemoveAsync(ExpiredBatch[] batches, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        batches,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (batch, token) => await store.RemoveAsync(batch, token));
}

public sealed record RetentionReport
{
    public int Entries { get; init; }

    public int Notices { get; init; }

    /// <summary>Messages removed, counting each copy.</summary>
    public int Messages { get; init; }

    public int Activities { get; init; }

    public int Revocations { get; init; }

    public int Days { get; init; }

    public int Unreadable { get; init; }

    public bool Finished { get; init; } = true;
}

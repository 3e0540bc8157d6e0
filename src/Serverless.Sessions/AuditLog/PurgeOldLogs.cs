using System.Runtime.ExceptionServices;

namespace Serverless.Sessions.AuditLog;

/// <summary>Removes records past their retention, at a cost in proportion to what it removes. The row that leads to something is
/// removed last, so the next run picks up where a dead one stopped.</summary>
public sealed class PurgeOldLogs(
    IRetentionStore store, PurgeLog purgeLog, PurgeMail purgeMail, ITimeline timeline, IOutboxStore outbox,
    IOptions<RetentionOptions> options, UnreadableRows unreadable, TimeProvider clock)
{
    public const string Timer = "PurgeOldLogs";

    // Batches processed together, so that an owner they share is scheduled with one write.
    private const int Together = 10;

    // The feed reads back an hour and five minutes at most, whatever the settings are.
    private static readonly TimeSpan RevocationLifetime = TimeSpan.FromDays(1);

    // Messages are counted on their first attempt, minutes after they were created.
    private static readonly TimeSpan OutboxCountLifetime = TimeSpan.FromDays(2);

    // Flagging looks back by an hour, and alerts by less.
    private static readonly TimeSpan LongestLookBack = TimeSpan.FromDays(2);

    public async Task<RetentionReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var seen = unreadable.Watch();
        var (report, failure) = (new RetentionReport(), (ExceptionDispatchInfo?)null);
        // Activity first: it schedules logs that may already be due.
        var finished = await PurgeActivityAsync() && await PurgeFiledAsync() && await RemoveAllAsync(
            store.ReadRevocationsAsync((now - RevocationLifetime).StartOfHour(), cancellationToken),
            rows => report = report with { Revocations = report.Revocations + rows });
        if (finished)
        {
            await outbox.RemoveCountsAsync(now - OutboxCountLifetime, cancellationToken);
            await timeline.SaveCursorAsync(Timer, now.StartOfHour(), cancellationToken);
        }

        failure?.Throw();
        return report with { Finished = finished, Unreadable = seen.Count };

        bool IsOver() => clock.GetElapsedTime(started) > TimerRun.MaximumDuration;

        // Keeps what timers that are behind still need: the day before for the roll-up, the look-back of the others.
        async Task<bool> PurgeActivityAsync()
        {
            if (await timeline.ReadCursorAsync(RollUpStatistics.Timer, cancellationToken) is not { } rolledUp)
                return true;
            List<DateTimeOffset> needed = [(now - options.Value.ActivityLifetime).StartOfHour(), RollUpStatistics.ReadsFrom(rolledUp)];
            foreach (var timer in new[] { FlagSuspiciousIps.Timer, RaiseSecurityAlerts.Timer })
            {
                if (await timeline.ReadCursorAsync(timer, cancellationToken) is { } seen)
                    needed.Add((seen - LongestLookBack).StartOfHour());
            }

            var activities = store.ReadActivityAsync(needed.Min(), cancellationToken);
            if (!await RemoveAllAsync(activities, rows => report = report with { Activities = report.Activities + rows }))
                return false;
            var (old, counted) =
                (DayStatistics.Of(now).AddDays(-options.Value.StatisticsLifetime.Days), DayStatistics.Of(rolledUp).AddDays(-1));
            report = report with { Days = await store.RemoveStatisticsAsync(old < counted ? old : counted, cancellationToken) };
            return true;
        }

        async Task<bool> PurgeFiledAsync()
        {
            await foreach (var batch in store.ReadDueLogsAsync(now, cancellationToken))
            {
                var logs = await EachAsync(batch.Owners, (owner, token) => purgeLog.ExecuteAsync(owner, now, IsOver, token));
                var notices = await EachAsync(
                    batch.Owners, (owner, token) => purgeMail.ExecuteAsync(owner.User, null, now, IsOver, token));
                var messages = await EachAsync(
                    batch.Copies, (copy, token) => purgeMail.ExecuteAsync(copy.Owner, copy, now, IsOver, token));
                report = report with
                {
                    Entries = report.Entries + logs.Sum(purge => purge.Removed),
                    Notices = report.Notices + notices.Sum(purge => purge.Removed),
                    Messages = report.Messages + messages.Sum(purge => purge.Removed),
                };
                if (!logs.Concat(notices).Concat(messages).All(purge => purge.Finished))
                    return false;
                // Schedule the next hour before removing the current one: a crash in between costs one extra purge.
                var due =
                    from each in batch.Owners.Zip(logs, notices)
                    let next = new[] { each.Second.Next, each.Third.Next }.Min()
                    where next is not null
                    select new LogDue(each.First, next.Value);
                await store.ScheduleAsync([.. due], cancellationToken);
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

        async Task<bool> RemoveAllAsync(IAsyncEnumerable<ExpiredBatch> expired, Action<int> count)
        {
            await foreach (var batches in expired.Chunk(Together).WithCancellation(cancellationToken))
            {
                if (IsOver())
                    return false;
                // Schedule before removing, since nothing else names the logs of activities.
                var due = batches.SelectMany(
                    batch => batch.Owners.Select(owner => new LogDue(owner, batch.Hour + options.Value.LogLifetime)));
                await store.ScheduleAsync([.. due.Distinct()], cancellationToken);
                await Task.WhenAll(batches.Select(batch => store.RemoveAsync(batch, cancellationToken)));
                count(batches.Sum(batch => batch.Rows.Count));
            }

            return true;
        }

        Task<LogPurge[]> EachAsync<T>(IReadOnlyList<T> all, Func<T, CancellationToken, Task<LogPurge>> purge) =>
            Concurrently.SelectAsync(
                all,
                async (each, token) =>
                {
                    try
                    {
                        return await purge(each, token);
                    }
                    catch (StorageUnavailableException exception) when (exception.IsOneRow)
                    {
                        // Retried once a day until the row is repaired or removed.
                        return new LogPurge(0, now + TimerRun.Later);
                    }
                    catch (Exception exception) when (exception is not (OperationCanceledException or StorageUnavailableException))
                    {
                        // One log must not block the others.
                        failure ??= ExceptionDispatchInfo.Capture(exception);
                        return new LogPurge(0, now + TimerRun.Later);
                    }
                },
                cancellationToken);
    }

    internal static DateTimeOffset DueAfter(DateTimeOffset cursor) => cursor + TimeSpan.FromHours(1);
}

public sealed record RetentionReport(
    int Entries = 0, int Notices = 0, int Messages = 0, int Activities = 0, int Revocations = 0, int Days = 0, int Unreadable = 0,
    bool Finished = true);

public sealed class RetentionOptions
{
    private static readonly TimeSpan LongestActivity = TimeSpan.FromDays(90);

    [Setting("how long log entries are kept, including those of sessions that live on",
        "users may look further back, or your policy requires earlier deletion")]
    [Duration("2.00:00:00", "3650.00:00:00")]
    public TimeSpan LogLifetime { get; set; } = TimeSpan.FromDays(90);

    [Setting("how long the statistics of a day are kept", "you compare years")]
    [Duration("31.00:00:00", "3650.00:00:00")]
    public TimeSpan StatisticsLifetime { get; set; } = TimeSpan.FromDays(400);

    [Setting("how long notices and messages are kept; notices are removed with their user's log, so they may stay as long as it does",
        "users may look further back, or your policy requires earlier deletion")]
    [Duration("2.00:00:00", "3650.00:00:00")]
    public TimeSpan MailboxLifetime { get; set; } = TimeSpan.FromDays(90);

    [Setting("how long security events are kept", "your policy requires another period")]
    [Duration("30.00:00:00", "3650.00:00:00")]
    public TimeSpan SecurityEventLifetime { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Never longer than the log, since it tells whose log is to be purged. Only tests set it.</summary>
    internal TimeSpan ActivityLifetime
    {
        get => field > TimeSpan.Zero ? field : LogLifetime < LongestActivity ? LogLifetime : LongestActivity;
        init;
    }
}

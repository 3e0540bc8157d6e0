using Microsoft.Extensions.Options;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;

namespace Serverless.Sessions.AuditLog;

/// <summary>
/// Removes log entries, notices, messages, activity, revocations and statistics that have been kept for long enough. Its cost is in proportion to what it
/// removes: a log or a conversation is looked at when it is filed under an hour that is over, all else is found by its time. What finds something goes
/// last, so a run that dies anywhere is taken up by the next one.
/// </summary>
public sealed class PurgeOldLogs(
    IRetentionStore store, PurgeLog purgeLog, PurgeMail purgeMail, ITimerCursors cursors, IOptions<RetentionOptions> options, UnreadableRows unreadable, TimeProvider clock)
{
    /// <summary>The name of the cursor.</summary>
    public const string Timer = "PurgeOldLogs";

    // Storage answers in milliseconds, and a function instance has few cores: this many at once keep it busy.
    private const int AtOnce = 16;

    // Batches that are dealt with together: a filing is written once for all that they tell of an owner.
    private const int Together = 10;

    private static readonly TimeSpan Later = TimeSpan.FromDays(1);

    // The feed reads no further back than an hour and five minutes, whatever the settings say.
    private static readonly TimeSpan RevocationLifetime = TimeSpan.FromDays(1);

    // Flagging looks back by an hour, and alerts by less.
    private static readonly TimeSpan LongestLookBack = TimeSpan.FromDays(2);

    /// <summary>Removes all that is due, or as much as the time allows.</summary>
    public async Task<RetentionReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var seen = unreadable.Watch();
        var report = new RetentionReport();
        // Activity first: it files logs that are due by now.
        var finished = await PurgeActivityAsync()
            && await PurgeFiledAsync()
            && await PurgeRevocationsAsync();
        if (finished)
            await cursors.SaveCursorAsync(Timer, now.StartOfHour(), cancellationToken);
        return report with { Finished = finished, Unreadable = seen.Count };

        bool IsOver() => clock.GetElapsedTime(started) > TimerRun.MaximumDuration;

        // Timers that are behind still need it: the roll-up with the day before, the others with what they look back on.
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
                // Filed before they go, since nothing names them afterwards.
                await store.FileAsync(
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
                // Under its next hour before it leaves this one: what is filed twice is looked at once too often.
                await store.FileAsync(
                    [
                        .. batch.Owners.Concat(batch.Owners).Zip(logs.Concat(notices))
                            .Where(each => each.Second.Next is not null)
                            .GroupBy(each => each.First, (owner, purges) => new LogDue(owner, purges.Min(each => each.Second.Next!.Value))),
                    ],
                    cancellationToken);
                foreach (var (copy, purge) in batch.Copies.Zip(messages))
                {
                    if (purge.Next is { } next)
                        await store.FileAsync(copy, next, cancellationToken);
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

    /// <summary>For how long the first hour behind a cursor has been due.</summary>
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
                    // Looked at once a day, until somebody has mended the row or taken it away.
                    purges[i] = new(0, now + Later);
                }
            });
        return purges;
    }

    private Task RemoveAsync(PastBatch[] batches, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        batches,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (batch, token) => await store.RemoveAsync(batch, token));
}

/// <summary>What a run removed.</summary>
public sealed record RetentionReport
{
    /// <summary>Log entries.</summary>
    public int Entries { get; init; }

    /// <summary>Notices.</summary>
    public int Notices { get; init; }

    /// <summary>Messages, each copy on its own.</summary>
    public int Messages { get; init; }

    /// <summary>Activities.</summary>
    public int Activities { get; init; }

    /// <summary>Revocations.</summary>
    public int Revocations { get; init; }

    /// <summary>Days of statistics.</summary>
    public int Days { get; init; }

    /// <summary>Rows that couldn't be read and were stepped over.</summary>
    public int Unreadable { get; init; }

    /// <summary>Whether all that was due is gone; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;
}

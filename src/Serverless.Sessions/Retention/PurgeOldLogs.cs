using Microsoft.Extensions.Options;
using Serverless.Sessions.Statistics;
using Serverless.Sessions.SuspiciousIps;

namespace Serverless.Sessions.Retention;

/// <summary>
/// Removes log entries, activity, revocations and statistics that have been kept for long enough. Its cost is in proportion to what it
/// removes: a log is looked at when it is filed under an hour that is over, all else is found by its time. What finds something goes
/// last, so a run that dies anywhere is taken up by the next one.
/// </summary>
public sealed class PurgeOldLogs(
    IRetentionStore store, PurgeLog purgeLog, ISuspiciousIpStore cursors, IOptions<RetentionOptions> options, TimeProvider clock)
{
    /// <summary>The name of the cursor.</summary>
    public const string Timer = "PurgeOldLogs";

    // Storage answers in milliseconds, and a function instance has few cores: this many at once keep it busy.
    private const int AtOnce = 16;

    // Batches that are dealt with together: a filing is written once for all that they tell of an owner.
    private const int Together = 10;

    // No access token is good for longer than an hour, and the feed reads no further back.
    private static readonly TimeSpan RevocationLifetime = TimeSpan.FromDays(1);

    /// <summary>Removes all that is due, or as much as the time allows.</summary>
    public async Task<RetentionReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var report = new RetentionReport();
        // Activity first: it files logs that are due by now.
        var finished = await PurgeActivityAsync().ConfigureAwait(false)
            && await PurgeLogsAsync().ConfigureAwait(false)
            && await PurgeRevocationsAsync().ConfigureAwait(false);
        if (finished)
            await cursors.SaveCursorAsync(Timer, now.StartOfHour(), cancellationToken).ConfigureAwait(false);
        return report with { Finished = finished };

        bool IsOver() => clock.GetElapsedTime(started) > options.Value.MaximumDuration;

        // A roll-up that is behind still needs it, and the day before.
        async Task<bool> PurgeActivityAsync()
        {
            if (await cursors.ReadCursorAsync(RollUpStatistics.Timer, cancellationToken).ConfigureAwait(false) is not { } rolledUp)
                return true;
            var (past, read) = ((now - options.Value.ActivityLifetime).StartOfHour(), RollUpStatistics.ReadsFrom(rolledUp));
            var activities = store.ReadActivityAsync(past < read ? past : read, cancellationToken);
            await foreach (var batches in activities.Chunk(Together).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (IsOver())
                    return false;
                // Filed before they go, since nothing names them afterwards.
                await store.FileAsync(
                    [.. batches.SelectMany(batch => batch.Owners.Select(owner => new LogDue(owner, batch.Hour + options.Value.LogLifetime))).Distinct()],
                    cancellationToken).ConfigureAwait(false);
                await RemoveAsync(batches, cancellationToken).ConfigureAwait(false);
                report = report with { Activities = report.Activities + batches.Sum(batch => batch.Rows.Count) };
            }

            var (old, counted) = (DayStatistics.Of(now).AddDays(-options.Value.StatisticsDays), DayStatistics.Of(rolledUp).AddDays(-1));
            var days = await store.RemoveStatisticsAsync(old < counted ? old : counted, cancellationToken).ConfigureAwait(false);
            report = report with { Days = days };
            return true;
        }

        async Task<bool> PurgeLogsAsync()
        {
            await foreach (var batch in store.ReadDueLogsAsync(now, cancellationToken).ConfigureAwait(false))
            {
                var purges = new LogPurge[batch.Owners.Count];
                await Parallel.ForAsync(
                    0,
                    purges.Length,
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    async (i, token) => purges[i] = await purgeLog.ExecuteAsync(batch.Owners[i], now, IsOver, token).ConfigureAwait(false))
                    .ConfigureAwait(false);
                report = report with { Entries = report.Entries + purges.Sum(purge => purge.Removed) };
                if (!purges.All(purge => purge.Finished))
                    return false;
                // Under its next hour before it leaves this one: a log that is filed twice is looked at once too often.
                await store.FileAsync(
                    [.. batch.Owners.Zip(purges).Where(each => each.Second.Next is not null).Select(each => new LogDue(each.First, each.Second.Next!.Value))],
                    cancellationToken).ConfigureAwait(false);
                await store.RemoveAsync(batch, cancellationToken).ConfigureAwait(false);
                if (IsOver())
                    return false;
            }

            return true;
        }

        async Task<bool> PurgeRevocationsAsync()
        {
            var revocations = store.ReadRevocationsAsync((now - RevocationLifetime).StartOfHour(), cancellationToken);
            await foreach (var batches in revocations.Chunk(Together).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (IsOver())
                    return false;
                await RemoveAsync(batches, cancellationToken).ConfigureAwait(false);
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

    private Task RemoveAsync(PastBatch[] batches, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        batches,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (batch, token) => await store.RemoveAsync(batch, token).ConfigureAwait(false));
}

/// <summary>What a run removed.</summary>
public sealed record RetentionReport
{
    /// <summary>Log entries.</summary>
    public int Entries { get; init; }

    /// <summary>Activities.</summary>
    public int Activities { get; init; }

    /// <summary>Revocations.</summary>
    public int Revocations { get; init; }

    /// <summary>Days of statistics.</summary>
    public int Days { get; init; }

    /// <summary>Whether all that was due is gone; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;
}

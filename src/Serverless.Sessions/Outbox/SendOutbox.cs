using System.Runtime.ExceptionServices;

namespace Serverless.Sessions.Outbox;

/// <summary>Sends what is due. A message is claimed by storing its next attempt before it is sent, so concurrent runs send it once;
/// a crash between the receiver's answer and its record sends it again.</summary>
public sealed class SendOutbox(
    IOutboxStore store, IEnumerable<IOutboxChannel> channels, RaiseSecurityEvent raise, UnreadableRows unreadable,
    TimeProvider clock, ILogger<SendOutbox> log)
{
    public const string Timer = "SendOutbox";

    // Stop a channel for the run if its receiver is down; messages that are rejected don't count, however many.
    private const int MostOutages = 3;

    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // Far longer than the tries of the write that stores an intent.
    private static readonly TimeSpan LongestWithoutIntent = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestWithoutChannel = TimeSpan.FromDays(7);

    private readonly Dictionary<OutboxChannel, IOutboxChannel> _channels = channels.ToDictionary(channel => channel.Name);

    // The hour whose limit was raised last, in ticks. Saves writes; the event's derived id is what keeps it single.
    private long _limitRaised;

    public async Task<OutboxReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var (started, failure) = (clock.GetTimestamp(), (ExceptionDispatchInfo?)null);
        var seen = unreadable.Watch();
        var report = new OutboxReport();
        var outages = new Dictionary<OutboxChannel, int>();
        await foreach (var due in store.ReadDueAsync(clock.GetUtcNow(), cancellationToken))
        {
            if (clock.GetElapsedTime(started) > TimerRun.MaximumDuration)
            {
                report = report with { Finished = false };
                break;
            }

            if (outages.GetValueOrDefault(due.Channel) >= MostOutages)
                continue;
            try
            {
                var (result, isAway) = await TryAsync(due, cancellationToken);
                report = report.With(result);
                if (isAway)
                    outages[due.Channel] = outages.GetValueOrDefault(due.Channel) + 1;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or StorageUnavailableException))
            {
                // One message must not block the others: it is tried again a day later.
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
        return report with { Unreadable = seen.Count };
    }

    /// <summary>Sends one message, unless someone else does; <c>IsAway</c> if its receiver accepts nothing now.</summary>
    public async Task<(OutboxResult Result, bool IsAway)> TryAsync(OutboxDue due, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!_channels.TryGetValue(due.Channel, out var channel))
        {
            if (now - due.CreatedAt > LongestWithoutChannel)
                await store.RemoveAsync(due, cancellationToken);
            else
                await LeaveAsync(due);
            return (OutboxResult.Nothing, false);
        }

        // Under which row it waits.
        var held = due;
        try
        {
            if (await channel.FindAsync(due, cancellationToken) is not { } message)
            {
                // A message that was claimed had an intent, which has been dealt with since.
                if (due.Attempts > 0 || now - due.CreatedAt > LongestWithoutIntent)
                    await store.RemoveAsync(due, cancellationToken);
                return (OutboxResult.Nothing, false);
            }

            // The search may have taken long.
            now = clock.GetUtcNow();
            var next = due with
            {
                Attempts = due.Attempts + 1,
                DueAt = now + WaitAfter(due.Attempts + 1, Random.Shared.NextDouble()),
            };
            // The last claim may not have sent the message, if the app died or storage's reply was lost: one extra attempt.
            var over = message.ExpiresAt <= now ? "it expired"
                : next.Attempts > channel.MaximumAttempts + 1 ? "all attempts are used up" : null;
            var limit = over is null && due.Attempts == 0 ? channel.MaximumPerHour : null;
            switch (await store.TryClaimAsync(due, next, limit, cancellationToken))
            {
                case OutboxClaim.Taken:
                    return (OutboxResult.Nothing, false);
                case OutboxClaim.LimitReached:
                    await PostponeAsync(due, cancellationToken);
                    return (OutboxResult.Postponed, false);
            }

            held = next;
            // The claim took so long that the next attempt may begin while this one sends.
            if (clock.GetUtcNow() + LongestSend > next.DueAt)
                return (OutboxResult.Nothing, false);
            var answer = over is null ? await SendAsync(message, next, cancellationToken) : new(SendOutcome.Refused, over);
            var isLast = answer.Outcome == SendOutcome.Refused || next.Attempts >= channel.MaximumAttempts;
            return (await RecordAsync(message, next, answer, isLast, cancellationToken), answer.Outcome == SendOutcome.Away);
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow)
        {
            await LeaveAsync(held);
            return (OutboxResult.Nothing, false);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StorageUnavailableException))
        {
            log.SendThrew(held.Channel, $"{held.Id:N}", exception.GetType().Name, exception.StackTrace);
            await LeaveAsync(held);
            throw;
        }

        Task LeaveAsync(OutboxDue left) =>
            store.TryClaimAsync(left, left with { DueAt = now + TimerRun.Later }, maximumPerHour: null, cancellationToken);
    }

    /// <summary>1, 3, 9 ... minutes up to a day, with 20 percent jitter (<paramref name="chance"/>, 0 to 1) so that messages
    /// that failed together don't retry together.</summary>
    internal static TimeSpan WaitAfter(int attempt, double chance) =>
        TimeSpan.FromMinutes(Math.Min(Math.Pow(3, attempt - 1), LongestWait.TotalMinutes) * (0.8 + (0.4 * chance)));

    // Shorter than the first wait, so nobody claims the message meanwhile.
    private async Task<SendAnswer> SendAsync(IOutboxMessage message, OutboxDue claimed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestSend, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await message.SendAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SendOutcome.Away, "it didn't answer in time");
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StorageUnavailableException))
        {
            // Whatever is wrong with this one must hold up no other.
            // Without its message, which may hold an address.
            log.SendThrew(claimed.Channel, $"{claimed.Id:N}", exception.GetType().Name, exception.StackTrace);
            return new(SendOutcome.Failed, exception.GetType().Name);
        }
    }

    private async Task<OutboxResult> RecordAsync(
        IOutboxMessage message, OutboxDue claimed, SendAnswer answer, bool isLast, CancellationToken cancellationToken)
    {
        if (answer.Outcome != SendOutcome.Sent && !isLast)
        {
            log.SendFailed(claimed.Channel, $"{claimed.Id:N}", claimed.Attempts, answer.Why);
            var wait = answer.RetryAfter ?? TimeSpan.Zero;
            var at = clock.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
            // If the run dies before this, the backoff that is already stored applies.
            if (at > claimed.DueAt)
                await store.TryClaimAsync(claimed, claimed with { DueAt = at }, maximumPerHour: null, cancellationToken);
            return OutboxResult.Failed;
        }

        var failure = answer.Outcome == SendOutcome.Sent ? null : answer;
        if (failure is not null)
            log.SendGivenUp(claimed.Channel, $"{claimed.Id:N}", claimed.Attempts, answer.Why);
        // The due row last: it leads to the intent.
        await message.EndAsync(failure, cancellationToken);
        await store.RemoveAsync(claimed, cancellationToken);
        return failure is null ? OutboxResult.Sent : OutboxResult.GivenUp;
    }

    // Into the next hour's partition, which has its own count; a crash in between leaves both rows, of which this one is refused
    // again. Not due at once there, so that it can't be sent while a slower run still moves it.
    private async Task PostponeAsync(OutboxDue due, CancellationToken cancellationToken)
    {
        var hour = due.CreatedAt.StartOfHour();
        if (Volatile.Read(ref _limitRaised) != hour.UtcTicks)
        {
            await raise.ExecuteAsync(SecurityEvent.OfMailLimit(hour), cancellationToken);
            Volatile.Write(ref _limitRaised, hour.UtcTicks);
        }

        var next = hour.AddHours(1);
        await store.ScheduleAsync(due with { CreatedAt = next, DueAt = next + OutboxDue.FirstWait }, cancellationToken);
        await store.RemoveAsync(due, cancellationToken);
    }
}

/// <summary><c>Nothing</c>: there is nothing to send, yet or any more, or someone else sends it. <c>Postponed</c>: past the hourly
/// limit.</summary>
public enum OutboxResult { Nothing, Sent, Failed, GivenUp, Postponed }

/// <summary><c>Failed</c> messages are retried. Not <c>Finished</c> if the time limit left some; a receiver that is down doesn't
/// count.</summary>
public sealed record OutboxReport(
    int Sent = 0, int Failed = 0, int GivenUp = 0, int Postponed = 0, int Unreadable = 0, bool Finished = true)
{
    internal OutboxReport With(OutboxResult result) => result switch
    {
        OutboxResult.Sent => this with { Sent = Sent + 1 },
        OutboxResult.Failed => this with { Failed = Failed + 1 },
        OutboxResult.GivenUp => this with { GivenUp = GivenUp + 1 },
        OutboxResult.Postponed => this with { Postponed = Postponed + 1 },
        _ => this,
    };
}

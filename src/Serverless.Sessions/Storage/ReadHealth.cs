namespace Serverless.Sessions.Storage;

/// <summary>The health of the service, for operators: readiness, and the figures that probes don't need. Read once in a few seconds
/// for all callers.</summary>
public sealed class ReadHealth(
    CheckReadiness checkReadiness, KeyRingSource keys, ITimeline timeline, IOutboxStore outbox,
    ISecurityEventStore events, TimeProvider clock)
{
    /// <summary>The most messages and dead letters that are counted: a page of storage has one more.</summary>
    public const int MostCounted = 999;

    // A message is tried again within little more than a day.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(2);

    // A single entry, shared by all callers.
    private readonly ReadThroughCache<ValueTuple, Health> _health = new(1, CheckReadiness.CacheLifetime, clock);

    /// <exception cref="StorageUnavailableException">The instance isn't ready.</exception>
    public ValueTask<Health> ExecuteAsync(CancellationToken cancellationToken) => _health.GetAsync(default, ReadAsync, cancellationToken);

    private async Task<Health> ReadAsync(CancellationToken cancellationToken)
    {
        var ready = await checkReadiness.ExecuteAsync(cancellationToken) switch
        {
            ReadinessResult.Ready found => found,
            ReadinessResult.NoKeys { Cause: var cause } => throw new StorageUnavailableException(cause),
            ReadinessResult.NoStorage { Cause: var cause } => throw new StorageUnavailableException(cause),
            _ => throw new UnreachableException(),
        };
        var started = clock.GetTimestamp();
        var lastRuns = await timeline.ReadLastRunsAsync(cancellationToken);
        var latency = clock.GetElapsedTime(started);
        var now = clock.GetUtcNow();
        var waiting = await outbox.ReadDueAsync(now + LongestWait, cancellationToken).Take(MostCounted + 1).ToListAsync(cancellationToken);
        var deadLetters = await events.ListAsync(new(DeadLetters: true), null, MostCounted, cancellationToken);
        var ring = await keys.GetAsync(cancellationToken);
        var oldest = waiting.Min(message => (DateTimeOffset?)message.PromisedAt);
        // The clock of the instance that promised it may be ahead.
        var age = oldest > now ? TimeSpan.Zero : now - oldest;
        return new(
            now, ready, lastRuns, latency, ring.CreatedAt, ring.InUseAt(now), Math.Min(waiting.Count, MostCounted), age,
            waiting.Count <= MostCounted, deadLetters.Events.Count, deadLetters.Next is null,
            deadLetters.Events is [var newest, ..] ? newest.At : null);
    }
}

/// <summary><c>Latency</c> is of one read of storage, <c>OldestAge</c> since a waiting message was promised; null if none waits.
/// <c>NewestDeadLetterAt</c> is when its event happened.</summary>
public sealed record Health(
    DateTimeOffset At, ReadinessResult.Ready Readiness, IReadOnlyDictionary<string, DateTimeOffset> LastRuns, TimeSpan Latency,
    DateTimeOffset KeysCreatedAt, IReadOnlyList<KeyInUse> Keys, int Waiting, TimeSpan? OldestAge, bool WaitingIsComplete, int DeadLetters,
    bool DeadLettersAreComplete, DateTimeOffset? NewestDeadLetterAt);

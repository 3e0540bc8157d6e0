namespace Serverless.Sessions.Tests.Ending;

/// <summary>Removing a batch takes ten minutes.</summary>
internal sealed class SlowTimeline(ITimeline inner, FakeClock clock) : ITimeline
{
    public Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken) =>
        inner.ScheduleExpiryAsync(due, cancellationToken);

    public Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken) =>
        inner.RevokeAsync(session, before, cancellationToken);

    public Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        inner.ReadRevocationsAsync(from, to, cancellationToken);

    public Task RecordAsync(Activity activity, CancellationToken cancellationToken) => inner.RecordAsync(activity, cancellationToken);

    public Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken) =>
        inner.RecordTogetherAsync(activities, cancellationToken);

    public IAsyncEnumerable<DueBatch> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ReadDueAsync(now, cancellationToken);

    public Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.FindOldestDueAsync(now, cancellationToken);

    public Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken)
    {
        clock.Advance(TimeSpan.FromMinutes(10));
        return inner.RemoveAsync(batch, cancellationToken);
    }

    public Task ScheduleChangeAsync(ChangeDue due, CancellationToken cancellationToken) => inner.ScheduleChangeAsync(due, cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.ReadDueChangesAsync(now, cancellationToken);

    public Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken) => inner.RemoveAsync(done, cancellationToken);

    public IAsyncEnumerable<Activity> ReadActivityAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        inner.ReadActivityAsync(from, to, cancellationToken);

    public Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        inner.FindOldestActivityAsync(before, cancellationToken);
}

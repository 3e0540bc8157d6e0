namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores : IOutboxStore
{
    private readonly Dictionary<(DateTimeOffset Hour, DateTimeOffset DueAt, Guid Id), OutboxDue> _outbox = [];
    private readonly Dictionary<DateTimeOffset, int> _outboxCounts = [];

    public Task ScheduleAsync(OutboxDue due, CancellationToken cancellationToken) => Locked(() => { _outbox[KeyOf(due)] = due; });

    // The timeline has one with the same parameters.
    IAsyncEnumerable<OutboxDue> IOutboxStore.ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken) => Snapshot(
        _outbox.Values.Where(due => due.DueAt <= now && due.CreatedAt.StartOfHour() <= now)
            .OrderBy(due => due.CreatedAt.StartOfHour()).ThenBy(due => due.DueAt).ThenBy(due => $"{due.Id:N}", StringComparer.Ordinal));

    public Task<OutboxClaim> TryClaimAsync(
        OutboxDue due, OutboxDue next, int? maximumPerHour, CancellationToken cancellationToken) => Locked(() =>
    {
        var hour = due.CreatedAt.StartOfHour();
        var count = _outboxCounts.GetValueOrDefault(hour);
        if (!_outbox.ContainsKey(KeyOf(due)))
            return OutboxClaim.Taken;
        if (count >= maximumPerHour)
            return OutboxClaim.LimitReached;
        _outbox.Remove(KeyOf(due));
        _outbox.Add(KeyOf(next), next);
        if (maximumPerHour is not null)
            _outboxCounts[hour] = count + 1;
        return OutboxClaim.Claimed;
    });

    public Task RemoveAsync(OutboxDue due, CancellationToken cancellationToken) => Locked(() => { _outbox.Remove(KeyOf(due)); });

    public Task<int> RemoveCountsAsync(DateTimeOffset before, CancellationToken cancellationToken) => Locked(() =>
        _outboxCounts.Keys.Where(hour => hour < before.StartOfHour()).ToList().Count(_outboxCounts.Remove));

    private static (DateTimeOffset Hour, DateTimeOffset DueAt, Guid Id) KeyOf(OutboxDue due) =>
        (due.CreatedAt.StartOfHour(), due.DueAt, due.Id);
}

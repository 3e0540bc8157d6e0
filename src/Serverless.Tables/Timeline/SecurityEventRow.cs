namespace Serverless.Tables.Timeline;

/// <summary>The rows of an event in its lists are copies of each other.</summary>
internal static class SecurityEventRow
{
    private const string EventId = "EventId";
    private const string WindowMinutes = "WindowMinutes";

    public static TableEntity Write(SecurityEvent written, string rowKey) => new TableEntity(SecurityKeys.EventPartition, rowKey)
    {
        [EventId] = written.Id,
        [nameof(SecurityEvent.Kind)] = written.Kind.Name,
        [nameof(SecurityEvent.At)] = written.At,
        [nameof(SecurityEvent.AddressGroup)] = written.AddressGroup,
        [nameof(SecurityEvent.UserId)] = written.UserId?.ToString(),
        [nameof(SecurityEvent.SessionId)] = written.SessionId?.ToString(),
        [nameof(SecurityEvent.Delivery)] = written.Delivery?.ToString(),
        [nameof(SecurityEvent.ScheduledAt)] = written.ScheduledAt,
        [nameof(SecurityEvidence.DistinctAddresses)] = written.Evidence?.DistinctAddresses,
        [nameof(SecurityEvent.Country)] = written.Country,
    }.With(written.Evidence).With(written.Change).WithoutNulls();

    public static TableEntity ForDelivery(string rowKey, DeliveryState state) =>
        new(SecurityKeys.EventPartition, rowKey) { [nameof(SecurityEvent.Delivery)] = state.ToString() };

    public static SecurityEvent Read(StoredRow row)
    {
        var kind = SecurityEventKind.Find(row.Text(nameof(SecurityEvent.Kind)));
        StoredRow.Require(kind is not null);
        var read = new SecurityEvent(
            row.Value<Guid>(EventId), kind, row.Value<DateTimeOffset>(nameof(SecurityEvent.At)),
            row.Text(nameof(SecurityEvent.AddressGroup)),
            row.ParseOrNull<UserId>(nameof(SecurityEvent.UserId), UserId.TryParse),
            row.ParseOrNull<SessionId>(nameof(SecurityEvent.SessionId), SessionId.TryParse),
            ReadEvidence(row), row.WordOrNull<DeliveryState>(nameof(SecurityEvent.Delivery)),
            row.ValueOrNull<DateTimeOffset>(nameof(SecurityEvent.ScheduledAt)))
        {
            Country = row.TextOrNull(nameof(SecurityEvent.Country)),
            Change = row.ReadLocationChange(),
        };
        StoredRow.Require(
            row.RowKey == SecurityKeys.Event(read.Position)
            || row.RowKey == SecurityKeys.Event(read.Kind, read.Position)
            || row.RowKey == SecurityKeys.DeadLetter(read.Position));
        return read;
    }

    /// <summary>Adds the columns that an event shares with a flag, whose evidence is always of one address.</summary>
    public static TableEntity With(this TableEntity row, SecurityEvidence? evidence)
    {
        row[WindowMinutes] = evidence?.Window.TotalMinutes;
        row[nameof(SecurityEvidence.Count)] = evidence?.Count;
        row[nameof(SecurityEvidence.Failures)] = evidence?.Failures;
        row[nameof(SecurityEvidence.DistinctAccounts)] = evidence?.DistinctAccounts;
        row[nameof(SecurityEvidence.FirstAt)] = evidence?.FirstAt;
        row[nameof(SecurityEvidence.LastAt)] = evidence?.LastAt;
        return row;
    }

    public static SecurityEvidence? ReadEvidence(StoredRow row, int? distinctAddresses = null) =>
        row.SpanOrNull(WindowMinutes, TimeSpan.FromMinutes(1)) is not { } window ? null : new(
            window, row.Value<int>(nameof(SecurityEvidence.Count)), row.Value<int>(nameof(SecurityEvidence.Failures)),
            row.Value<int>(nameof(SecurityEvidence.DistinctAccounts)),
            distinctAddresses ?? row.Value<int>(nameof(SecurityEvidence.DistinctAddresses)),
            row.Value<DateTimeOffset>(nameof(SecurityEvidence.FirstAt)),
            row.Value<DateTimeOffset>(nameof(SecurityEvidence.LastAt)));
}

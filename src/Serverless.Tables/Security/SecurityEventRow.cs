using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Alerts;

namespace Serverless.Tables.Security;

/// <summary>A security event as a row. The rows of its lists are copies of each other.</summary>
internal static class SecurityEventRow
{
    private const string EventId = "EventId";
    private const string WindowMinutes = "WindowMinutes";
    private const string Attempts = "Attempts";
    private const string DueAt = "DueAt";

    public static TableEntity Write(SecurityEvent written, string rowKey)
    {
        var row = new TableEntity(TableKeys.EventPartition, rowKey)
        {
            [EventId] = written.Id,
            [nameof(SecurityEvent.Kind)] = written.Kind.Name,
            [nameof(SecurityEvent.At)] = written.At,
            [nameof(SecurityEvent.AddressGroup)] = written.AddressGroup,
        };
        if (written.UserId is { } user)
            row[nameof(SecurityEvent.UserId)] = user.ToString();
        if (written.SessionId is { } session)
            row[nameof(SecurityEvent.SessionId)] = session.ToString();
        if (written.Delivery is { } delivery)
            row[nameof(SecurityEvent.Delivery)] = delivery.ToString();
        if (written.Evidence is { } evidence)
        {
            row[WindowMinutes] = evidence.Window.TotalMinutes;
            row[nameof(SecurityEvidence.Count)] = evidence.Count;
            row[nameof(SecurityEvidence.Failures)] = evidence.Failures;
            row[nameof(SecurityEvidence.DistinctAccounts)] = evidence.DistinctAccounts;
            row[nameof(SecurityEvidence.DistinctAddresses)] = evidence.DistinctAddresses;
            row[nameof(SecurityEvidence.FirstAt)] = evidence.FirstAt;
            row[nameof(SecurityEvidence.LastAt)] = evidence.LastAt;
        }

        return row;
    }

    public static TableEntity ForDelivery(string rowKey, DeliveryState state) =>
        new(TableKeys.EventPartition, rowKey) { [nameof(SecurityEvent.Delivery)] = state.ToString() };

    public static TableEntity Write(Delivery delivery, string rowKey)
    {
        var row = Write(delivery.Event, rowKey);
        row[Attempts] = delivery.Attempts;
        row[DueAt] = delivery.DueAt;
        return row;
    }

    public static Delivery ReadDelivery(TableEntity row) =>
        new(Read(row), row.GetInt32(Attempts) ?? 0, row.GetDateTimeOffset(DueAt) ?? default);

    public static SecurityEvent Read(TableEntity row) => new()
    {
        Id = row.GetGuid(EventId) ?? default,
        Kind = SecurityEventKind.Find(row.GetString(nameof(SecurityEvent.Kind)))
            ?? throw new StorageUnavailableException("A security event can't be read."),
        At = row.GetDateTimeOffset(nameof(SecurityEvent.At)) ?? default,
        UserId = UserId.TryParse(row.GetString(nameof(SecurityEvent.UserId)), out var user) ? user : null,
        SessionId = SessionId.TryParse(row.GetString(nameof(SecurityEvent.SessionId)), out var session) ? session : null,
        AddressGroup = row.GetString(nameof(SecurityEvent.AddressGroup)),
        Evidence = row.GetDouble(WindowMinutes) is not { } minutes ? null : new(
            TimeSpan.FromMinutes(minutes),
            row.GetInt32(nameof(SecurityEvidence.Count)) ?? 0,
            row.GetInt32(nameof(SecurityEvidence.Failures)) ?? 0,
            row.GetInt32(nameof(SecurityEvidence.DistinctAccounts)) ?? 0,
            row.GetInt32(nameof(SecurityEvidence.DistinctAddresses)) ?? 0,
            row.GetDateTimeOffset(nameof(SecurityEvidence.FirstAt)) ?? default,
            row.GetDateTimeOffset(nameof(SecurityEvidence.LastAt)) ?? default),
        Delivery = Enum.TryParse<DeliveryState>(row.GetString(nameof(SecurityEvent.Delivery)), out var delivery) ? delivery : null,
    };
}

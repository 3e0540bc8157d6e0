namespace Serverless.Tables.Timeline;

internal static class SuspiciousIpRow
{
    private const string WindowMinutes = "WindowMinutes";
    private const string AcknowledgedBy = "AcknowledgedBy";
    private const string AcknowledgedAt = "AcknowledgedAt";

    public static TableEntity Write(SuspiciousIp address) => new(SecurityKeys.IpPartition, address.AddressGroup)
    {
        [WindowMinutes] = address.Evidence.Window.TotalMinutes,
        [nameof(SecurityEvidence.Count)] = address.Evidence.Count,
        [nameof(SecurityEvidence.Failures)] = address.Evidence.Failures,
        [nameof(SecurityEvidence.DistinctAccounts)] = address.Evidence.DistinctAccounts,
        [nameof(SecurityEvidence.FirstAt)] = address.Evidence.FirstAt,
        [nameof(SecurityEvidence.LastAt)] = address.Evidence.LastAt,
        [nameof(SuspiciousIp.ExpiresAt)] = address.ExpiresAt,
        [nameof(SuspiciousIp.Since)] = address.Since,
        [nameof(SuspiciousIp.ExceededAt)] = address.ExceededAt,
        [nameof(SuspiciousIp.Raised)] = address.Raised,
    };

    public static TableEntity ForAcknowledgement(string addressGroup, Acknowledgement acknowledgement) =>
        new(SecurityKeys.IpPartition, addressGroup)
        {
            [AcknowledgedBy] = acknowledgement.By.ToString(),
            [AcknowledgedAt] = acknowledgement.At,
        };

    public static SuspiciousIp Read(StoredRow row)
    {
        StoredRow.Require(IpAddressGroup.IsGroup(row.RowKey));
        var firstAt = row.Value<DateTimeOffset>(nameof(SecurityEvidence.FirstAt));
        // Flags without evidence have none of these.
        var since = row.ValueOrNull<DateTimeOffset>(nameof(SuspiciousIp.Since)) ?? firstAt;
        var noted = row.ValueOrNull<DateTimeOffset>(AcknowledgedAt);
        return new SuspiciousIp(
            row.RowKey,
            new(
                row.SpanOrNull(WindowMinutes, TimeSpan.FromMinutes(1)) ?? throw new UnreadableRowException(WindowMinutes),
                row.Value<int>(nameof(SecurityEvidence.Count)),
                row.Value<int>(nameof(SecurityEvidence.Failures)),
                row.Value<int>(nameof(SecurityEvidence.DistinctAccounts)),
                DistinctAddresses: 1,
                firstAt,
                row.Value<DateTimeOffset>(nameof(SecurityEvidence.LastAt))),
            since,
            row.ValueOrNull<DateTimeOffset>(nameof(SuspiciousIp.ExceededAt)) ?? since,
            row.Value<DateTimeOffset>(nameof(SuspiciousIp.ExpiresAt)))
        {
            Raised = row.ValueOrNull<bool>(nameof(SuspiciousIp.Raised)) ?? true,
        }.With(row.ParseOrNull<UserId>(AcknowledgedBy, UserId.TryParse) is { } by && noted is { } at ? new(by, at) : null);
    }
}

namespace Serverless.Tables.Timeline;

internal static class SuspiciousIpRow
{
    private const string WindowMinutes = "WindowMinutes";
    private const string AcknowledgedBy = "AcknowledgedBy";
    private const string AcknowledgedAt = "AcknowledgedAt";

    public static TableEntity Write(SuspiciousIp address) => new(SecurityKeys.IpPartition, address.AddressGroup)
    {
        [WindowMinutes] = address.Window.TotalMinutes,
        [nameof(SuspiciousIp.Count)] = address.Count,
        [nameof(SuspiciousIp.Failures)] = address.Failures,
        [nameof(SuspiciousIp.DistinctAccounts)] = address.DistinctAccounts,
        [nameof(SuspiciousIp.FirstAt)] = address.FirstAt,
        [nameof(SuspiciousIp.LastAt)] = address.LastAt,
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
        var firstAt = row.Value<DateTimeOffset>(nameof(SuspiciousIp.FirstAt));
        // Flags without evidence have none of these.
        var since = row.ValueOrNull<DateTimeOffset>(nameof(SuspiciousIp.Since)) ?? firstAt;
        var noted = row.ValueOrNull<DateTimeOffset>(AcknowledgedAt);
        return new SuspiciousIp
        {
            AddressGroup = row.RowKey,
            Window = row.SpanOrNull(WindowMinutes, TimeSpan.FromMinutes(1)) ?? throw new UnreadableRowException(WindowMinutes),
            Count = row.Value<int>(nameof(SuspiciousIp.Count)),
            Failures = row.Value<int>(nameof(SuspiciousIp.Failures)),
            DistinctAccounts = row.Value<int>(nameof(SuspiciousIp.DistinctAccounts)),
            FirstAt = firstAt,
            LastAt = row.Value<DateTimeOffset>(nameof(SuspiciousIp.LastAt)),
            ExpiresAt = row.Value<DateTimeOffset>(nameof(SuspiciousIp.ExpiresAt)),
            Since = since,
            ExceededAt = row.ValueOrNull<DateTimeOffset>(nameof(SuspiciousIp.ExceededAt)) ?? since,
            Raised = row.ValueOrNull<bool>(nameof(SuspiciousIp.Raised)) ?? true,
        }.With(row.ParseOrNull<UserId>(AcknowledgedBy, UserId.TryParse) is { } by && noted is { } at ? new(by, at) : null);
    }
}

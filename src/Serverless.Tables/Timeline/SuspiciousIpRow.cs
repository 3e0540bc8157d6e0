namespace Serverless.Tables.Timeline;

internal static class SuspiciousIpRow
{
    private const string AcknowledgedBy = "AcknowledgedBy";
    private const string AcknowledgedAt = "AcknowledgedAt";

    public static TableEntity Write(SuspiciousIp address) => new TableEntity(SecurityKeys.IpPartition, address.AddressGroup)
    {
        [nameof(SuspiciousIp.ExpiresAt)] = address.ExpiresAt,
        [nameof(SuspiciousIp.Since)] = address.Since,
        [nameof(SuspiciousIp.ExceededAt)] = address.ExceededAt,
        [nameof(SuspiciousIp.Raised)] = address.Raised,
    }.With(address.Evidence);

    public static TableEntity ForAcknowledgement(string addressGroup, Acknowledgement acknowledgement) =>
        new(SecurityKeys.IpPartition, addressGroup)
        {
            [AcknowledgedBy] = acknowledgement.By.ToString(),
            [AcknowledgedAt] = acknowledgement.At,
        };

    public static SuspiciousIp Read(StoredRow row)
    {
        StoredRow.Require(IpAddressGroup.IsGroup(row.RowKey));
        var evidence = SecurityEventRow.ReadEvidence(row, distinctAddresses: 1) ?? throw new UnreadableRowException("evidence");
        // Older flags have none of these.
        var since = row.ValueOrNull<DateTimeOffset>(nameof(SuspiciousIp.Since)) ?? evidence.FirstAt;
        var noted = row.ValueOrNull<DateTimeOffset>(AcknowledgedAt);
        return new SuspiciousIp(
            row.RowKey, evidence, since,
            row.ValueOrNull<DateTimeOffset>(nameof(SuspiciousIp.ExceededAt)) ?? since,
            row.Value<DateTimeOffset>(nameof(SuspiciousIp.ExpiresAt)))
        {
            Raised = row.ValueOrNull<bool>(nameof(SuspiciousIp.Raised)) ?? true,
        }.With(row.ParseOrNull<UserId>(AcknowledgedBy, UserId.TryParse) is { } by && noted is { } at ? new(by, at) : null);
    }
}

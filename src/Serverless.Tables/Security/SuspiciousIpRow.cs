using Azure.Data.Tables;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.SuspiciousIps;

namespace Serverless.Tables.Security;

/// <summary>A flagged address as a row.</summary>
internal static class SuspiciousIpRow
{
    private const string WindowMinutes = "WindowMinutes";
    private const string AcknowledgedBy = "AcknowledgedBy";
    private const string AcknowledgedAt = "AcknowledgedAt";

    public static TableEntity Write(SuspiciousIp address) => new(TableKeys.IpPartition, address.AddressGroup)
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
        new(TableKeys.IpPartition, addressGroup)
        {
            [AcknowledgedBy] = acknowledgement.By.ToString(),
            [AcknowledgedAt] = acknowledgement.At,
        };

    public static SuspiciousIp Read(TableEntity row)
    {
        // A flag of before there were security events has none of these.
        var since = row.GetDateTimeOffset(nameof(SuspiciousIp.Since)) ?? row.GetDateTimeOffset(nameof(SuspiciousIp.FirstAt)) ?? default;
        return new SuspiciousIp
        {
            AddressGroup = row.RowKey,
            Window = TimeSpan.FromMinutes(row.GetDouble(WindowMinutes) ?? 0),
            Count = row.GetInt32(nameof(SuspiciousIp.Count)) ?? 0,
            Failures = row.GetInt32(nameof(SuspiciousIp.Failures)) ?? 0,
            DistinctAccounts = row.GetInt32(nameof(SuspiciousIp.DistinctAccounts)) ?? 0,
            FirstAt = row.GetDateTimeOffset(nameof(SuspiciousIp.FirstAt)) ?? default,
            LastAt = row.GetDateTimeOffset(nameof(SuspiciousIp.LastAt)) ?? default,
            ExpiresAt = row.GetDateTimeOffset(nameof(SuspiciousIp.ExpiresAt)) ?? default,
            Since = since,
            ExceededAt = row.GetDateTimeOffset(nameof(SuspiciousIp.ExceededAt)) ?? since,
            Raised = row.GetBoolean(nameof(SuspiciousIp.Raised)) ?? true,
        }.With(UserId.TryParse(row.GetString(AcknowledgedBy), out var by)
            ? new(by, row.GetDateTimeOffset(AcknowledgedAt) ?? default)
            : null);
    }
}

using System.Threading.RateLimiting;

namespace Serverless.Functions.Http;

/// <summary>Rejects callers that exceed a limit, before they cost a storage read or a hash. Counts in this process; the lock of
/// <see cref="Throttle"/> holds across instances.</summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options) : IDisposable
{
    // The bucket is smaller than the limit: a minute's logins at once, from one address, would keep all cores hashing.
    private const int BucketsPerMinute = 6;

    private readonly PartitionedRateLimiter<string> _loginsOfAddress = PerMinute(options.Value.LoginsPerMinutePerAddress);
    private readonly PartitionedRateLimiter<string> _loginsOfAccount = PerMinute(options.Value.LoginsPerMinutePerAccount);
    private readonly PartitionedRateLimiter<string> _refreshes = PerMinute(options.Value.RefreshesPerMinutePerAddress);
    private readonly PartitionedRateLimiter<string> _others = PerMinute(options.Value.OthersPerMinutePerAddress);
    private readonly PartitionedRateLimiter<string> _messages = PerMinute(options.Value.MessagesPerMinutePerUser);
    private readonly PartitionedRateLimiter<string> _presences =
        PerMinute(options.Value.PresencesPerMinutePerUser, atOnce: ReadPresence.MaximumUsers);

    public void Dispose()
    {
        _loginsOfAddress.Dispose();
        _loginsOfAccount.Dispose();
        _refreshes.Dispose();
        _others.Dispose();
        _messages.Dispose();
        _presences.Dispose();
    }

    /// <summary>Counts a login or a password change from an address.</summary>
    internal void LimitLogin(ClientInfo client) => Count(_loginsOfAddress, client, "logins from your address");

    /// <summary>Counts a login or a password change with an email.</summary>
    internal void LimitLogin(AccountKey account) => Count(_loginsOfAccount, account.Value, "logins with this email");

    internal void LimitRefresh(ClientInfo client) => Count(_refreshes, client, "refreshes from your address");

    /// <summary>Counts another request without an access token.</summary>
    internal void LimitOther(ClientInfo client) => Count(_others, client, "requests from your address");

    internal void LimitMessage(UserId user) => Count(_messages, user.ToString(), "messages");

    internal void LimitPresences(UserId user, int count) => Count(_presences, user.ToString(), "presences requested", count);

    // Callers with an unknown address must not share a bucket.
    private static void Count(PartitionedRateLimiter<string> limiter, ClientInfo client, string what)
    {
        if (IpAddressGroup.Of(client.IpAddress) is var group && group != IpAddressGroup.Unknown)
            Count(limiter, group, what);
    }

    private static void Count(PartitionedRateLimiter<string> limiter, string key, string what, int count = 1)
    {
        using var lease = limiter.AttemptAcquire(key, count);
        if (lease.IsAcquired)
            return;
        throw new ProblemException(new(ProblemCode.RateLimited, $"Too many {what}; wait before you try again.")
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1),
        });
    }

    // A bucket is about 300 bytes, is full ten seconds after its last request, and is dropped ten seconds after that. Buckets above a
    // sixth of the limit refill more slowly: in a minute for a limit of 1, and in 50 * 60 / limit seconds for presence, whose bucket
    // fits the users of one call. Keys are short: addresses, hashes, and ids of logged-in users.
    private static PartitionedRateLimiter<string> PerMinute(int limit, int atOnce = 1) => PartitionedRateLimiter.Create<string, string>(key =>
        limit == 0
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
            {
                TokenLimit = Math.Max(atOnce, (limit + BucketsPerMinute - 1) / BucketsPerMinute),
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1) / limit,
                QueueLimit = 0,
            }));
}

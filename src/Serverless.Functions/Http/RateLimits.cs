using System.Threading.RateLimiting;

namespace Serverless.Functions.Http;

/// <summary>Rejects callers that exceed a limit, before they cost a storage read or a hash. Counts in this process; the lock of
/// <see cref="Throttle"/> holds across instances, and so do the limits of addresses and accounts where instances share them.</summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options, ISharedLimits? shared = null) : IDisposable
{
    // An export reads all that is stored of a user.
    private const int ExportsAtOnce = 5;

    // A wrong passkey is a mistake or made up, and never a guess.
    private const int WrongPasskeysPerHour = 10;

    // The bucket is smaller than the limit: a minute's logins at once, from one address, would keep all cores hashing.
    private const int BucketsPerMinute = 6;

    private readonly RateLimitOptions _options = options.Value;
    private readonly PartitionedRateLimiter<Bucket> _limiter = PartitionedRateLimiter.Create<Bucket, Bucket>(PartitionOf);

    public void Dispose() => _limiter.Dispose();

    internal void LimitLogin(ClientInfo client) => Count("logins from your address", client, _options.LoginsPerMinutePerAddress);

    internal void LimitLogin(AccountKey account) =>
        Count(new("logins with this email", account.Value, _options.LoginsPerMinutePerAccount) { IsShared = true });

    /// <summary>Checking a user's own password costs as much hashing as a login, so it counts as one.</summary>
    internal void LimitOwnPassword(ClientInfo client, AccountKey account, bool isChecked)
    {
        LimitLogin(client);
        // Who guesses passwords locks no passkey.
        if (isChecked)
            LimitLogin(account);
    }

    internal void LimitRefresh(ClientInfo client) =>
        Count("refreshes from your address", client, _options.RefreshesPerMinutePerAddress);

    internal void LimitOther(ClientInfo client) =>
        Count("requests from your address", client, _options.OthersPerMinutePerAddress);

    internal void LimitExport(UserId user) => Count(new("exports", user.ToString(), PerPeriod: 1, ExportsAtOnce));

    /// <summary>False past the limits for mails. Nothing is thrown, so that the answer stays the same. Each email has a bucket per
    /// <paramref name="kind"/>, so that routes that send it nothing don't use up one that does.</summary>
    internal bool AdmitsMail(string kind, ClientInfo client, AccountKey account)
    {
        // The address first: past its limit a caller must not empty the buckets of other people's emails.
        var group = IpAddressGroup.Of(client.IpAddress);
        return (group == IpAddressGroup.Unknown
                || Acquires(HourlyBucket("mails from your address", group, _options.MailsPerHourPerAddress)))
            && Acquires(HourlyBucket($"{kind} to this email", account.Value, _options.MailsPerHourPerAccount));
    }

    /// <summary>False past the limit of wrong passkeys that go into the history of a user. Nothing is thrown, so that nobody locks out who
    /// has the right one.</summary>
    internal bool LogsWrongPasskey(UserId user) => Acquires(HourlyBucket("wrong passkeys", user.ToString(), WrongPasskeysPerHour));

    internal void LimitMessage(UserId user) => Count(new("messages", user.ToString(), _options.MessagesPerMinutePerUser));

    internal void LimitPresences(UserId user, int count) => Count(
        new("presences requested", user.ToString(), _options.PresencesPerMinutePerUser, ReadPresence.MaximumUsers), count);

    // Callers with an unknown address must not share a bucket.
    private void Count(string what, ClientInfo client, int perMinute)
    {
        if (IpAddressGroup.Of(client.IpAddress) is var group && group != IpAddressGroup.Unknown)
            Count(new(what, group, perMinute) { IsShared = true });
    }

    // An hour's may come at once.
    private static Bucket HourlyBucket(string what, string key, int perHour) =>
        new(what, key, perHour, perHour) { Period = TimeSpan.FromHours(1), IsShared = true };

    private bool Acquires(Bucket bucket) => FindWait(bucket, 1) is null;

    private void Count(Bucket bucket, int count = 1)
    {
        if (FindWait(bucket, count) is { } wait)
        {
            throw new ProblemException(
                new(ProblemCode.RateLimited, $"Too many {bucket.What}; wait before you try again.", RetryAfter: wait));
        }
    }

    // This process first: only who is within the limit here is counted over all.
    private TimeSpan? FindWait(Bucket bucket, int count)
    {
        using var lease = _limiter.AttemptAcquire(bucket, count);
        return !lease.IsAcquired ? lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : TimeSpan.FromSeconds(1)
            : bucket is { IsShared: true, PerPeriod: > 0 } ? shared?.Count(bucket.What, bucket.Key, bucket.Capacity, bucket.Interval)
            : null;
    }

    // A bucket is about 300 bytes, is full ten seconds after its last request, and is dropped ten seconds after that. Buckets above a
    // sixth of the limit refill more slowly: in a minute for a limit of 1, in 50 * 60 / limit seconds for presence, whose bucket fits the
    // users of one call, in 12 minutes (after one mail) to an hour (after five) for mails, in 6 minutes to an hour for wrong passkeys. Keys
    // are short: addresses, hashes, and ids of users.
    private static RateLimitPartition<Bucket> PartitionOf(Bucket bucket) => bucket.PerPeriod == 0
        ? RateLimitPartition.GetNoLimiter(default(Bucket))
        : RateLimitPartition.GetTokenBucketLimiter(bucket, static bucket => new()
        {
            TokenLimit = bucket.Capacity,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = bucket.Interval,
            QueueLimit = 0,
        });

    /// <summary><c>What</c> tells the limits apart, and the caller what there was too much of.</summary>
    private readonly record struct Bucket(string What, string Key, int PerPeriod, int AtOnce = 1)
    {
        public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);
        public bool IsShared { get; init; }
        public int Capacity => Math.Max(AtOnce, (PerPeriod + BucketsPerMinute - 1) / BucketsPerMinute);
        public TimeSpan Interval => Period / PerPeriod;
    }
}

public sealed class RateLimitOptions
{
    // Generous, since an office or a mobile carrier may share one address.
    [Setting("logins, and other requests that check a password, from one address, whatever their result; 0 means no limit",
        "a large office or a mobile carrier is rate limited"), Range(0, 100_000)]
    public int LoginsPerMinutePerAddress { get; set; } = 300;

    [Setting("logins, and other requests that check a password, with one email, from any address and whether or not it has "
        + "an account; 0 means no limit",
        "bots share an account"), Range(0, 100_000)]
    public int LoginsPerMinutePerAccount { get; set; } = 120;

    // A client needs two an hour.
    [Setting("refreshes from one address; 0 means no limit", "a server refreshes for many users"), Range(0, 100_000)]
    public int RefreshesPerMinutePerAddress { get; set; } = 6000;

    [Setting("other requests that need no access token, from one address; 0 means no limit",
        "registrations or logouts come through your own server"), Range(0, 100_000)]
    public int OthersPerMinutePerAddress { get; set; } = 600;

    [Setting("mails that are asked for from one address: registrations that are to be verified, links, changes of email; "
        + "past it nothing is sent; 0 means no limit",
        "a large office or a mobile carrier asks for more"), Range(0, 100_000)]
    public int MailsPerHourPerAddress { get; set; } = 5;

    [Setting("such mails of one kind to one email, whether or not it has an account; 0 means no limit",
        "users ask for more"), Range(0, 100_000)]
    public int MailsPerHourPerAccount { get; set; } = 5;

    [Setting("messages from one user, retries included; 0 means no limit",
        "bots send messages, or users are rate limited"), Range(0, 100_000)]
    public int MessagesPerMinutePerUser { get; set; } = 120;

    // The first call always passes, however many users it asks for.
    [Setting("presences that one user requests, each of which may cost a storage read; 0 means no limit",
        "users look at more than a screenful of others, or the reads cost too much"), Range(0, 100_000)]
    public int PresencesPerMinutePerUser { get; set; } = 6000;
}

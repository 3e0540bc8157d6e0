namespace Serverless.Functions.Http;

/// <summary>Rate limits of expensive and unauthenticated requests, per instance.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    // Generous, since an office or a mobile carrier may share one address.
    [Setting("logins and password changes from one address, whatever their result; 0 means no limit",
        "a large office or a mobile carrier is rate limited"), Range(0, 100_000)]
    public int LoginsPerMinutePerAddress { get; set; } = 300;

    [Setting("logins and password changes with one email, from any address and whether or not it has an account; 0 means no limit",
        "bots share an account"), Range(0, 100_000)]
    public int LoginsPerMinutePerAccount { get; set; } = 120;

    // A client needs two an hour.
    [Setting("refreshes from one address; 0 means no limit", "a server refreshes for many users"), Range(0, 100_000)]
    public int RefreshesPerMinutePerAddress { get; set; } = 6000;

    [Setting("other requests that need no access token, from one address; 0 means no limit",
        "registrations or logouts come through your own server"), Range(0, 100_000)]
    public int OthersPerMinutePerAddress { get; set; } = 600;

    [Setting("messages from one user, retries included; 0 means no limit",
        "bots send messages, or users are rate limited"), Range(0, 100_000)]
    public int MessagesPerMinutePerUser { get; set; } = 120;

    // The first call always passes, however many users it asks for.
    [Setting("presences that one user requests, each of which may cost a storage read; 0 means no limit",
        "users look at more than a screenful of others, or the reads cost too much"), Range(0, 100_000)]
    public int PresencesPerMinutePerUser { get; set; } = 6000;
}

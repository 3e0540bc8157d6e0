namespace Serverless.Functions.Http;

/// <summary>How often callers may ask for what is expensive or needs no access token, on each instance.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    // Generous, since an office or a mobile carrier may be one address.
    [Setting("logins and password changes from one address, whatever their result; 0 is no limit",
        "a large office or a mobile carrier is rate limited")]
    [Range(0, 100_000)]
    public int LoginsPerMinutePerAddress { get; set; } = 300;

    [Setting("logins and password changes with one email, from any address and whether or not it has an account; 0 is no limit",
        "robots share an account")]
    [Range(0, 100_000)]
    public int LoginsPerMinutePerAccount { get; set; } = 120;

    // Each client needs two in an hour.
    [Setting("refreshes from one address; 0 is no limit", "a server refreshes for very many users")]
    [Range(0, 100_000)]
    public int RefreshesPerMinutePerAddress { get; set; } = 6000;

    [Setting("everything else that needs no access token, from one address; 0 is no limit",
        "registrations or logouts come through a server of yours")]
    [Range(0, 100_000)]
    public int OthersPerMinutePerAddress { get; set; } = 600;

    [Setting("messages that one user sends, repeated ones included; 0 is no limit", "robots send messages, or users are rate limited")]
    [Range(0, 100_000)]
    public int MessagesPerMinutePerUser { get; set; } = 120;

    // One call is always let through at first, however many users it asks for.
    [Setting("users of whom one user asks whether they are online, each of which may be a read of storage; 0 is no limit",
        "users look at more than a screenful of others, or the reads cost too much")]
    [Range(0, 100_000)]
    public int PresencesPerMinutePerUser { get; set; } = 6000;
}
